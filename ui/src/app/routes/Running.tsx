/** What runs now: how far it is, when it should end, and what it cost so far beside what it should cost. */
import { Meter } from '@/components/Meter';
import { chargedOf, seconds } from '@/features/executions/figures';
import type { Execution } from '@/features/executions/queries';
import { useNow } from '@/features/executions/Timeline';
import { Untold } from '@/features/executions/Untold';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { words } from './homeWords';
import { Rows } from './Rows';

export function Running({ rows }: { rows: Execution[] }) {
  const w = useWords(words);
  const now = useNow(true);
  return (
    <Rows
      rows={rows}
      heads={
        <>
          <th scope="col">{w.progress}</th>
          <th scope="col" className="num">
            {w.ends}
          </th>
          <th scope="col" className="num">
            {w.costSoFar}
          </th>
        </>
      }
      cells={(one) => (
        <>
          <td data-l={w.progress}>
            <Progress of={one} />
          </td>
          <td data-l={w.ends} className="num">
            <Ends of={one} now={now} />
          </td>
          <td data-l={w.costSoFar} className="num">
            <Cost of={one} />
          </td>
        </>
      )}
    />
  );
}

/** The share of jobs that ended. */
function Progress({ of: one }: { of: Execution }) {
  const f = useFormats();
  const w = useWords(words);
  const { jobs = 0, jobs_ended: ended = 0 } = one.figures ?? {};
  const share = jobs > 0 ? ended / jobs : 0;
  return (
    <span className="pg">
      <Meter thin parts={[{ share }]} label={w.jobsDone(f.number(ended), f.number(jobs))} />
      <span className="num t2">{w.jobsOf(f.number(ended), f.number(jobs))}</span>
    </span>
  );
}

function Ends({ of: one, now }: { of: Execution; now: number }) {
  const w = useWords(words);
  const f = useFormats();
  const time = one.figures?.time;
  const begun = Date.parse(one.submit_time);
  const since = f.duration(seconds(one.submit_time, null, now));
  if (!time) return <span className="t3">{w.notPredictedSince(since)}</span>;
  const [low, high] = [begun + time.low80 * 1000, begun + time.high80 * 1000];
  if (now > high) return <span className="warn">{w.over(f.duration((now - high) / 1000))}</span>;
  const short = time.high80 < 600;
  const said = [f.clock(new Date(Math.max(low, now)), short), f.clock(new Date(high), short)];
  return <>{said[0] === said[1] ? said[0] : `${said[0]}–${said[1]}`}</>;
}

function Cost({ of: one }: { of: Execution }) {
  const w = useWords(words);
  const f = useFormats();
  const { cost, currency } = one.figures ?? {};
  const charged = chargedOf(one);
  return (
    <>
      {charged === null ? <Untold /> : f.money(charged, currency ?? 'EUR')} {cost && <span className="t3">{w.of(f.money(cost.value, currency ?? 'EUR'))}</span>}
    </>
  );
}
