import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Copyable } from '@/components/Copy';
import { Energy } from '@/components/Exact';
import { Loaded } from '@/components/Loaded';
import { RunOne } from '@/components/Next';
import { Empty } from '@/components/Note';
import { Section } from '@/components/Page';
import { Plotted, Scatter, type Figures } from '@/components/Plot';
import { Chip } from '@/components/Status';
import { shortId } from '@/components/value';
import { useWords } from '@/i18n';
import { useFormats, type Formats } from '@/i18n/format';
import { inside, MEASURES, quality, type Measure } from './figures';
import { judgedQuery, type Judged } from './queries';
import { words } from './words';

const FEW = 10;

export function Decisions({ measure, choose }: { measure: Measure; choose: (next: Measure) => void }) {
  const w = useWords(words);
  const query = useQuery(judgedQuery);
  return (
    <Loaded query={query} rows={6}>
      {({ rows }) =>
        rows.length === 0 ? (
          <Empty title={w.noDecisions} action={<RunOne />} docs="concepts/placement">{w.emptyText}</Empty>
        ) : (
          <div className="stack gap-top">
            <QualityTable rows={rows} />
            <div className="two">
              <Compared rows={rows} measure={measure} choose={choose} />
              <div className="stack">
                <Policies rows={rows} />
                <Worst rows={rows} measure={measure} />
              </div>
            </div>
          </div>
        )
      }
    </Loaded>
  );
}

export function shower(f: Formats, measure: Measure, currency: string | null): (value: number) => string {
  if (measure === 'cost') return (value) => f.money(value, currency);
  return measure === 'energy' ? f.energy : f.duration;
}

function QualityTable({ rows }: { rows: Judged[] }) {
  const w = useWords(words);
  const f = useFormats();
  const signed = (share: number) => `${share > 0 ? '+' : ''}${f.percent(share)}`;
  return (
    <Section title={w.quality} count={rows.length}>
      <div className="scroll">
        <table className="table flush stackable">
          <thead>
            <tr>
              <th scope="col">
                <span className="sr">{w.measure}</span>
              </th>
              <th scope="col" className="num">
                {w.medianError}
              </th>
              <th scope="col" className="num">
                {w.held}
              </th>
              <th scope="col" />
              <th scope="col" className="num">
                {w.bias}
              </th>
              <th scope="col" className="num">
                {w.n}
              </th>
            </tr>
          </thead>
          <tbody>
            {MEASURES.map((measure) => {
              const { n, medianError, held, bias } = quality(rows, measure);
              return (
                <tr key={measure}>
                  <th scope="row">{w.measures[measure]}</th>
                  <td data-l={w.medianError} className="num">
                    {medianError === null ? <span className="t3">{w.unknown}</span> : f.percent(medianError)}
                  </td>
                  <td data-l={w.held} className="num">
                    {held === null ? '–' : f.percent(held)}
                  </td>
                  <td>
                    {held !== null &&
                      (n < FEW ? (
                        <Chip>{w.few}</Chip>
                      ) : held < 0.7 ? (
                        <Chip tone="warn" glyph="warn">
                          {w.tooNarrow}
                        </Chip>
                      ) : (
                        <Chip tone="ok" glyph="ok">
                          {held > 0.92 ? w.wide : w.good}
                        </Chip>
                      ))}
                  </td>
                  <td data-l={w.bias} className="num t2">
                    {bias === null ? '–' : signed(bias)}
                  </td>
                  <td data-l={w.n} className="num t2">
                    {f.number(n)}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function Compared({ rows, measure, choose }: { rows: Judged[]; measure: Measure; choose: (next: Measure) => void }) {
  const w = useWords(words);
  const f = useFormats();
  const navigate = useNavigate();
  const { org } = useParams({ from: '/o/$org' });
  const known = rows.filter((one) => one[measure].predicted !== null && one[measure].actual !== null);
  const show = shower(f, measure, rows[0]?.currency ?? null);
  const { held } = quality(rows, measure);
  const open = (execution: string) => void navigate({ to: '/o/$org/executions/$execution/{-$tab}', params: { org, execution, tab: 'decision' } });
  const figures: Figures = {
    columns: [{ name: w.execution }, { name: w.cluster }, { name: w.predicted, number: true }, { name: w.range, number: true }, { name: w.actual, number: true }, { name: w.verdict }],
    rows: known.map((one) => {
      const { predicted, low80, high80, actual } = one[measure];
      const within = inside(one, measure);
      const told = (value: number | null) => (value === null ? '–' : measure === 'energy' ? <Energy joules={value} /> : show(value));
      const said = (value: number | null) => (value === null ? '–' : show(value));
      return {
        text: [
          <Execution key="x" id={one.execution} />,
          one.cluster,
          told(predicted),
          `${said(low80)}–${said(high80)}`,
          told(actual),
          within === null ? '–' : within ? w.yes : w.no,
        ],
        value: [one.execution, one.cluster, predicted, `${low80 ?? ''}–${high80 ?? ''}`, actual, within === null ? null : String(within)],
      };
    }),
  };
  return (
    <Plotted
      title={w.scatter}
      file={`decisions-${measure}`}
      figures={figures}
      note={
        <select className="select" aria-label={w.measure} value={measure} onChange={(event) => choose(event.target.value as Measure)}>
          {MEASURES.map((one) => (
            <option key={one} value={one}>
              {w.measures[one]}
            </option>
          ))}
        </select>
      }
    >
      {known.length === 0 ? (
        <p className="t3 gap-top">{w.none}</p>
      ) : (
        <>
          <p className="t2 gap-top">{held === null ? w.few : w.coverage(f.percent(held), f.number(known.length))}</p>
          <Scatter
            label={w.scatterLabel(known.length)}
            xLabel={w.predicted}
            yLabel={w.actual}
            mark={(value) => (measure === 'time' || measure === 'wait' ? `${f.figure(value)} s` : show(value))}
            points={known.map((one) => ({
              key: one.decision,
              x: one[measure].predicted ?? 0,
              y: one[measure].actual ?? 0,
              inside: inside(one, measure),
              said: `${one.cluster}: ${w.predicted} ${show(one[measure].predicted ?? 0)}, ${w.actual} ${show(one[measure].actual ?? 0)}`,
              open: () => open(one.execution),
            }))}
          />
        </>
      )}
    </Plotted>
  );
}

function Policies({ rows }: { rows: Judged[] }) {
  const w = useWords(words);
  const f = useFormats();
  const names = w.policies as Record<string, string>;
  const groups = [...new Set(rows.map((one) => one.policy))].map((policy): [string, Judged[]] => [policy, rows.filter((one) => one.policy === policy)]);
  return (
    <Section title={w.byPolicy}>
      <dl className="kv gap-top">
        {groups.map(([policy, of]) => (
          <Row key={policy} name={`${names[policy] ?? policy} (${f.number(of.length)})`} said={w.chosenFirst(f.percent(of.filter((one) => one.rank === 1).length / of.length))} />
        ))}
      </dl>
    </Section>
  );
}

/** The way to how an execution was placed, and its id to take along. */
function Execution({ id }: { id: string }) {
  const { org } = useParams({ from: '/o/$org' });
  const link = (
    <Link to="/o/$org/executions/$execution/{-$tab}" params={{ org, execution: id, tab: 'decision' }}>
      {shortId(id)}
    </Link>
  );
  return <Copyable text={id} shown={link} />;
}

function Row({ name, said }: { name: string; said: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{said}</dd>
    </>
  );
}

function Worst({ rows, measure }: { rows: Judged[]; measure: Measure }) {
  const w = useWords(words);
  const f = useFormats();
  const show = shower(f, measure, rows[0]?.currency ?? null);
  const told = (value: number) => (measure === 'energy' ? <Energy joules={value} /> : show(value));
  const missed = rows
    .flatMap((one) => {
      const { predicted, actual } = one[measure];
      return predicted && actual !== null ? [{ one, predicted, actual, ratio: Math.abs(Math.log(Math.max(actual, 1e-9) / predicted)) }] : [];
    })
    .sort((a, b) => b.ratio - a.ratio)
    .slice(0, 8);
  if (missed.length === 0) return null;
  return (
    <Section title={w.worst}>
      <table className="table flush">
        <tbody>
          {missed.map(({ one, predicted, actual }) => (
            <tr key={one.decision}>
              <th scope="row">
                <Execution id={one.execution} />
              </th>
              <td className="t2">{one.cluster}</td>
              <td className="num">
                {told(predicted)} → {told(actual)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
