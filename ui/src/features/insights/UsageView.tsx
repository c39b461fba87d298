import { useQuery } from '@tanstack/react-query';
import { myProjects, useMe } from '@/api/session';
import { Loaded } from '@/components/Loaded';
import { Meter } from '@/components/Meter';
import { Empty } from '@/components/Note';
import { FigureStrip, Section } from '@/components/Page';
import { Bars, Key, Plotted, type Bar, type Figures } from '@/components/Plot';
import { roundUp } from '@/components/RangeBar';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { weeks } from './figures';
import { usageQuery, type Span, type Usage } from './queries';
import { words } from './words';

type Kind = 'costs' | 'energy';

export function UsageView({ kind, span }: { kind: Kind; span: Span }) {
  const w = useWords(words);
  const sums = useQuery(usageQuery('project', span));
  const byWeek = useQuery(usageQuery('project_week', span));
  return (
    <Loaded query={sums} rows={6}>
      {({ rows }) =>
        rows.length === 0 ? (
          <Empty title={w.empty}>{w.emptyText}</Empty>
        ) : (
          <div className="stack">
            <Summary rows={rows} kind={kind} />
            <Loaded query={byWeek}>{(data) => <Weeks rows={data.rows} kind={kind} projects={rows.map((one) => one.key)} />}</Loaded>
            <Projects rows={rows} kind={kind} />
          </div>
        )
      }
    </Loaded>
  );
}

const total = (rows: Usage[], of: (row: Usage) => number) => rows.reduce((all, row) => all + of(row), 0);

function useProjectName(): (id: string) => string {
  const w = useWords(words);
  const projects = myProjects(useMe());
  return (id) => projects.find((one) => one.id === id)?.name ?? (id || w.noProject);
}

function Summary({ rows, kind }: { rows: Usage[]; kind: Kind }) {
  const w = useWords(words);
  const f = useFormats();
  const attempts = total(rows, (one) => one.attempts);
  const measured = total(rows, (one) => one.energy_measured);
  const energy = total(rows, (one) => one.energy_j ?? 0);
  const overrun = total(rows, (one) => Number(one.overrun));
  const currency = rows[0]?.currency;
  const charged = { label: w.total, value: f.money(total(rows, (one) => Number(one.charged)), currency), note: overrun > 0 ? `${w.overrun}: ${f.money(overrun, currency)}` : undefined };
  const drawn = {
    label: w.energy,
    value: measured > 0 ? <span title={f.joules(energy)}>{f.energy(energy)}</span> : <span className="t3 plain-v">{w.notMeasured}</span>,
    note: w.measured(f.number(measured), f.number(attempts)),
  };
  const used = { label: w.hours, value: w.inCoreHours(f.figure(total(rows, (one) => Number(one.core_h)))) };
  const made = { label: w.runs, value: f.number(attempts) };
  return <FigureStrip figures={kind === 'costs' ? [charged, used, made, drawn] : [drawn, used, made, charged]} />;
}

function Weeks({ rows, kind, projects }: { rows: Usage[]; kind: Kind; projects: string[] }) {
  const w = useWords(words);
  const f = useFormats();
  const name = useProjectName();
  const found = weeks(rows);
  const currency = rows[0]?.currency;
  const valueOf = (row: Usage | undefined): number | null => (kind === 'costs' ? Number(row?.charged ?? 0) : row ? row.energy_j : 0);
  const say = (value: number | null) => (value === null ? w.notMeasured : kind === 'costs' ? f.money(value, currency) : f.energy(value));
  const bars: Bar[] = found.map(({ week, parts }) => {
    const values = projects.map((project) => valueOf(parts.get(project)));
    const unmeasured = kind === 'energy' && parts.size > 0 && [...parts.values()].every((row) => row.energy_j === null);
    return {
      key: week,
      label: f.day(week),
      said: `${f.day(week)}: ${unmeasured ? w.gap : say(values.reduce<number>((all, value) => all + (value ?? 0), 0))}`,
      parts: values.map((value, at) => ({ colour: at, value: value ?? 0 })),
      gap: unmeasured,
    };
  });
  const top = roundUp(Math.max(0, ...bars.map((bar) => bar.parts.reduce((all, part) => all + part.value, 0))));
  const figures: Figures = {
    columns: [{ name: w.week }, { name: w.project }, { name: kind === 'costs' ? w.cost : w.energy, number: true }],
    rows: found.flatMap(({ week, parts }) =>
      [...parts].map(([project, row]) => ({ text: [f.day(week), name(project), say(valueOf(row))], value: [week, name(project), kind === 'costs' ? Number(row.charged) : row.energy_j] })),
    ),
  };
  return (
    <Plotted title={kind === 'costs' ? w.byWeek : w.energyByWeek} file={`${kind}-by-week`} figures={figures} note={projects.length > 1 && <Key names={projects.map(name)} />}>
      <Bars bars={bars} top={top} marks={[say(top), say(top / 2), say(0)]} label={kind === 'costs' ? w.costLabel : w.energyLabel} />
    </Plotted>
  );
}

function Projects({ rows, kind }: { rows: Usage[]; kind: Kind }) {
  const w = useWords(words);
  const f = useFormats();
  const name = useProjectName();
  const value = (one: Usage) => (kind === 'costs' ? Number(one.charged) : (one.energy_j ?? 0));
  const most = Math.max(1e-9, ...rows.map(value));
  return (
    <Section title={w.projects} count={rows.length}>
      <div className="scroll">
        <table className="table flush stackable">
          <thead>
            <tr>
              <th scope="col">{w.project}</th>
              <th scope="col">
                <span className="sr">{w.byWeek}</span>
              </th>
              <th scope="col" className="num">
                {w.cost}
              </th>
              <th scope="col" className="num">
                {w.perRun}
              </th>
              <th scope="col" className="num">
                {w.coreHours}
              </th>
              <th scope="col" className="num">
                {w.energy}
              </th>
              <th scope="col" className="num">
                {w.measuredShare}
              </th>
            </tr>
          </thead>
          <tbody>
            {[...rows]
              .sort((a, b) => value(b) - value(a))
              .map((one) => (
                <tr key={one.key + one.currency}>
                  <th scope="row">{name(one.key)}</th>
                  <td className="off">
                    <Meter parts={[{ share: value(one) / most }]} label={f.percent(value(one) / most)} />
                  </td>
                  <td data-l={w.cost} className="num">
                    {f.money(one.charged, one.currency)}
                  </td>
                  <td data-l={w.perRun} className="num t2">
                    {f.money(Number(one.charged) / Math.max(1, one.attempts), one.currency)}
                  </td>
                  <td data-l={w.coreHours} className="num t2">
                    {f.figure(Number(one.core_h))}
                  </td>
                  <td data-l={w.energy} className="num">
                    {one.energy_j === null ? <span className="t3">{w.notMeasured}</span> : <span title={f.joules(one.energy_j)}>{f.energy(one.energy_j)}</span>}
                  </td>
                  <td data-l={w.measuredShare} className="num t2">
                    {f.percent(one.energy_measured / Math.max(1, one.attempts))}
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
