/** What a user of a cluster wants to know of it: how long jobs waited in its queues, and which failed of what. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { DataTable, Pager } from '@/components/DataTable';
import { Moment } from '@/components/Exact';
import { Choice } from '@/components/Filters';
import { Loaded } from '@/components/Loaded';
import { RunOne } from '@/components/Next';
import { Empty } from '@/components/Note';
import { Section } from '@/components/Page';
import { Bars, Key, Plotted, type Figures } from '@/components/Plot';
import { RangeBar, roundUp } from '@/components/RangeBar';
import { words as shared } from '@/components/words';
import { may, useMe } from '@/api/session';
import { useWords } from '@/i18n';
import { useSaid } from '@/i18n/said';
import { spanned, useFormats } from '@/i18n/format';
import { byCause, CAUSES, everyDay, failedOn, failedQuery, faredQuery, PAGE, SPANS, type Cause, type Fared as Told, type Span } from './fared';
import { words } from './faredWords';

const ROUTE = '/o/$org/clusters/$cluster';

export function Fared({ cluster }: { cluster: string }) {
  const w = useWords(words);
  const spans = useWords(shared).time.spans;
  const me = useMe();
  const { days: span = '30' } = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const query = useQuery(faredQuery(cluster, span));
  const choose = (days: string) => void navigate({ search: (old) => ({ ...old, days: SPANS.find((one) => one === days), after: undefined }), replace: true, resetScroll: false });
  return (
    <div className="stack-3 gap-top">
      <div className="tools flat">
        <Choice label={w.span} value={span} options={SPANS.map((one) => ({ value: one, label: spans[`${one}d`] }))} change={choose} />
        <span className="t3 xs">{query.data && (query.data.everyone ? w.ofAll : w.ofOwn)}</span>
      </div>
      <Loaded query={query} rows={4}>
        {(told) => (
          <div className="two">
            <Waits cluster={cluster} told={told} />
            <Failures cluster={cluster} told={told} />
          </div>
        )}
      </Loaded>
      {may(me, 'execution.read') && query.data && query.data.ends.some((one) => failedOn(one) > 0) && <Lately cluster={cluster} span={span} />}
    </div>
  );
}

function Waits({ cluster, told }: { cluster: string; told: Told }) {
  const w = useWords(words);
  const f = useFormats();
  if (told.waits.length === 0)
    return (
      <Section title={w.waits}>
        <Empty title={w.noWaits} action={<RunOne />}>{w.noWaitsText}</Empty>
      </Section>
    );
  const top = roundUp(Math.max(...told.waits.map((one) => one.wait.high)));
  const figures: Figures = {
    columns: [{ name: w.queue }, { name: w.jobs, number: true }, { name: w.low, number: true }, { name: w.median, number: true }, { name: w.high, number: true }, { name: w.longest, number: true }, { name: w.last, number: true }],
    rows: told.waits.map((one) => ({
      text: [one.queue, f.number(one.jobs), f.duration(one.wait.low), f.duration(one.wait.median), f.duration(one.wait.high), f.duration(one.longest), <Moment key={one.queue} at={one.last_at} />],
      value: [one.queue, one.jobs, one.wait.low, one.wait.median, one.wait.high, one.longest, one.last_at],
    })),
  };
  return (
    <Plotted title={w.waits} file={`${cluster}-waits`} figures={figures}>
      <table className="table flush stackable">
        <caption className="sr">{w.waits}</caption>
        <thead>
          <tr>
            <th scope="col">{w.queue}</th>
            <th scope="col">{w.waited}</th>
            <th scope="col" className="num">
              {w.longest}
            </th>
          </tr>
        </thead>
        <tbody>
          {told.waits.map((one) => (
            <tr key={one.queue}>
              <th scope="row" className="mono">
                {one.queue}
              </th>
              <td data-l={w.waited}>
                <span className="fig">
                  <b>{f.duration(one.wait.median)}</b> <span className="t2">{f.duration(one.wait.low) === f.duration(one.wait.high) ? '' : spanned(f.duration(one.wait.low), f.duration(one.wait.high))}</span>{' '}
                  <span className="t3 xs">{w.ofJobs(one.jobs, f.number(one.jobs))}</span>
                </span>
                <RangeBar range={{ low: one.wait.low, high: one.wait.high, at: one.wait.median }} top={top} sure={one.jobs < 5 ? 'low' : one.jobs < 20 ? 'fair' : 'high'} />
              </td>
              <td data-l={w.longest} className="num t2">
                {f.duration(one.longest)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Plotted>
  );
}

function useCauseName(): (cause: string) => string {
  const w = useWords(words);
  return (cause) => (w.causes as Record<string, string>)[cause] ?? w.causes.unknown;
}

function Failures({ cluster, told }: { cluster: string; told: Told }) {
  const w = useWords(words);
  const f = useFormats();
  const name = useCauseName();
  const ended = told.ends.reduce((all, one) => all + one.ended, 0);
  if (ended === 0)
    return (
      <Section title={w.failures}>
        <Empty title={w.noEnds}>{w.noEndsText}</Empty>
      </Section>
    );
  const causes = byCause(told.ends);
  const failed = causes.reduce((all, one) => all + one.n, 0);
  const days = everyDay(told.ends, told.days);
  const top = roundUp(Math.max(1, ...days.map(failedOn)));
  const figures: Figures = {
    columns: [{ name: w.day }, { name: w.ended, number: true }, { name: w.cancelled, number: true }, ...causes.map(({ cause }) => ({ name: name(cause), number: true }))],
    rows: told.ends.map((one) => {
      const counts = [one.ended, one.cancelled, ...causes.map(({ cause }) => one.failed[cause] ?? 0)];
      return { text: [f.day(one.day), ...counts.map((n) => f.number(n))], value: [one.day, ...counts] };
    }),
  };
  return (
    <Plotted title={w.failures} file={`${cluster}-failures`} figures={figures}>
      <p className="gap-top">{failed === 0 ? w.allWell(ended, f.number(ended)) : w.failed(f.number(failed), f.number(ended), f.percent(failed / ended, failed / ended < 0.1 ? 1 : 0))}</p>
      {failed > 0 && (
        <>
          <Key names={causes.map(({ cause, n }) => `${name(cause)}: ${f.number(n)}`)} />
          <Bars
            label={w.plotLabel(cluster)}
            top={top}
            marks={[f.number(top), ...(top > 1 ? [f.number(top / 2, 1)] : []), '0']}
            bars={days.map((one) => ({
              key: one.day,
              label: f.shortDay(one.day),
              said: w.failedOf(f.day(one.day), f.number(failedOn(one)), f.number(one.ended)),
              parts: causes.map(({ cause }, at) => ({ colour: at, value: one.failed[cause] ?? 0 })),
            }))}
          />
        </>
      )}
    </Plotted>
  );
}

function Lately({ cluster, span }: { cluster: string; span: Span }) {
  const w = useWords(words);
  const said = useSaid('jobs');
  const f = useFormats();
  const name = useCauseName();
  const { org } = useParams({ from: '/o/$org' });
  const { cause, after } = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const query = useQuery(failedQuery(cluster, span, cause, after));
  const choose = (value: string) => void navigate({ search: (old) => ({ ...old, cause: CAUSES.filter((one): one is Exclude<Cause, 'unknown'> => one !== 'unknown').find((one) => one === value), after: undefined }), replace: true, resetScroll: false });
  return (
    <Section
      title={w.lately}
      aside={
        <span className="end row wrap">
          <Choice label={w.cause} value={cause ?? ''} options={[{ value: '', label: w.anyCause }, ...CAUSES.filter((one) => one !== 'unknown').map((one) => ({ value: one, label: w.causes[one] }))]} change={choose} />
          <Link className="link" to="/o/$org/executions" params={{ org }} search={{ cluster, status: 'failed', within: `${span}d` }}>
            {w.toList}
          </Link>
        </span>
      }
    >
      <Loaded query={query} rows={3}>
        {({ rows, next }) => (
          <>
            <DataTable
              caption={w.lately}
              rows={rows}
              keyOf={(one) => one.id}
              empty={{ title: w.noneListed }}
              filtered={cause ? () => choose('') : undefined}
              columns={[
                {
                  head: w.run,
                  cell: (one) => (
                    <>
                      <Link className="name" to="/o/$org/executions/$execution/{-$tab}" params={{ org, execution: one.execution, tab: 'overview' }}>
                        {one.name}
                      </Link>
                      <span className="t3 meta">
                        {one.step} {one.index > 0 && f.number(one.index)} {one.attempt > 1 && `· ${w.attempt(f.number(one.attempt))}`}
                      </span>
                    </>
                  ),
                },
                { head: w.cause, cell: (one) => name(one.cause) },
                { head: w.what, cell: (one) => <span className="t2">{said(one.code, { text: one.text, why: one.why }, one.text)}</span> },
                { head: w.queue, cell: (one) => <span className="mono t2">{one.queue ?? '–'}</span> },
                { head: w.when, num: true, cell: (one) => (one.ended_at ? <Moment at={one.ended_at} /> : '–') },
              ]}
            />
            <Pager next={next} after={after} count={rows.length} size={PAGE} />
          </>
        )}
      </Loaded>
    </Section>
  );
}
