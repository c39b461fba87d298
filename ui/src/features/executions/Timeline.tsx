/** The jobs over time: waiting as dots, running as bars; the same as a table for whoever prefers figures. */
import { Fragment, useEffect, useState, type CSSProperties } from 'react';
import { Empty } from '@/components/Note';
import type { Figures, Stretch } from '@/components/Plot';
import { roundUp } from '@/components/RangeBar';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { marksOf, seconds, timeline, type Drawn, type Lane, type Span } from './figures';
import { hasEnded, type Job } from './queries';
import { JobStatus, jobFailed } from './states';
import { useJobText } from './saidWords';
import { words } from './words';

const MOST = 200;

export function useNow(running: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), 5000);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}

export function nameOf(job: Job, many: boolean): string {
  return many ? `${job.step} ${job.index + 1}` : job.step;
}

type Lanes = { jobs: Job[]; status: string; asTable: boolean; span?: Span; choose?: (span: Span | undefined) => void; expected?: ReadonlyMap<string, number>; power?: Stretch[] };

export function Timeline({ jobs, status, asTable, span, choose, expected, power = [] }: Lanes) {
  const w = useWords(words);
  const f = useFormats();
  const now = useNow(!hasEnded(status));
  const whole = timeline(jobs, now, undefined, expected);
  const drawn = timeline(jobs, now, span, expected) ?? whole;
  if (!drawn) return <Empty title={w.noJobs}>{w.noJobsText}</Empty>;
  const counts = new Map<string, number>();
  for (const job of jobs) counts.set(job.step, (counts.get(job.step) ?? 0) + 1);
  const many = (job: Job) => (counts.get(job.step) ?? 0) > 1;
  if (asTable) return <JobTable jobs={jobs} many={many} />;
  const short = drawn.to - drawn.from < 10 * 60_000;
  const cut = drawn.cuts.reduce((all, one) => all + one.length, 0) / 1000;
  const marks = marksOf(drawn);
  const lines = marks.map((at) => `#0000 0 ${drawn.place(at)}%, var(--plot-grid) 0 calc(${drawn.place(at)}% + 1px)`);
  const lanes = drawn.lanes.slice(-MOST);
  const clusters = [...new Set(lanes.map((lane) => lane.job.cluster ?? ''))];
  const next = lanes.some((lane) => lane.next !== undefined);
  return (
    <>
      <div className="tl" tabIndex={0} role="list" aria-label={w.timeline} style={{ '--marks': `linear-gradient(90deg, var(--plot-grid) 0 1px, ${[...lines, '#0000 0'].join(', ')})` } as CSSProperties}>
        {clusters.map((cluster) => (
          <Fragment key={cluster}>
            {clusters.length > 1 && (
              <span className="on-cluster t3" aria-hidden="true">
                {cluster || w.notPlaced}
              </span>
            )}
            {lanes
              .filter((lane) => (lane.job.cluster ?? '') === cluster)
              .map((lane) => (
                <Row key={lane.job.id} lane={lane} drawn={drawn} name={nameOf(lane.job, many(lane.job))} cluster={clusters.length > 1 ? cluster : ''} />
              ))}
          </Fragment>
        ))}
        <PowerLane power={power} from={drawn.from} to={drawn.to} place={drawn.place} />
        <span />
        <span className="tk xs num" aria-hidden="true">
          {marks.map((at) => (
            <span key={at} style={{ '--a': `${drawn.place(at)}%` } as CSSProperties}>
              {f.clock(new Date(at), short)}
            </span>
          ))}
        </span>
        <span />
      </div>
      <ul className="key tl-key">
        <li>
          <span className="range" style={{ width: '2rem' }}>
            <s style={{ '--q': '100%' } as CSSProperties} />
          </span>
          {w.waitingKey}
        </li>
        <li>
          <i style={{ background: 'var(--range-band)' }} />
          {w.runningKey}
        </li>
        {jobs.some(jobFailed) && (
          <li>
            <i style={{ background: 'var(--bad)' }} />
            {w.failedKey}
          </li>
        )}
        {next && (
          <li>
            <span className="range low" style={{ width: '2rem' }}>
              <i style={{ '--lo': '0%', '--hi': '100%' } as CSSProperties} />
            </span>
            {w.nextKey}
          </li>
        )}
        {cut > 0 && (
          <li className="t3">
            <b className="cut-out" />
            {w.idle(f.duration(cut))}
          </li>
        )}
      </ul>
      {choose && whole && <Brush whole={whole} span={span} choose={choose} />}
    </>
  );
}

/** What the nodes drew, below the jobs and on their scale of time; where no meter told, nothing is drawn. */
function PowerLane({ power, from, to, place }: { power: Stretch[]; from: number; to: number; place: (time: number) => number }) {
  const w = useWords(words);
  const f = useFormats();
  const known = power.filter((one) => one.value !== null && one.to > from && one.from < to);
  if (known.length === 0) return null;
  const greatest = Math.max(...known.map((one) => one.value ?? 0));
  const top = roundUp(greatest * 1.05);
  const x = (at: number) => Math.min(100, Math.max(0, place(Math.min(Math.max(at, from), to)))).toFixed(2);
  const y = (value: number) => (20 - (20 * value) / top).toFixed(2);
  return (
    <span role="listitem" aria-label={w.powerTold(f.power(greatest))} className="contents power">
      <span className="name">{w.power}</span>
      <span className="lane">
        <svg viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">
          {known.map((one) => (
            <rect key={one.from} x={x(one.from)} width={Math.max(0.1, Number(x(one.to)) - Number(x(one.from)))} y={y(one.value ?? 0)} height={Number((20 * (one.value ?? 0)) / top).toFixed(2)} />
          ))}
          <polyline points={known.flatMap((one) => [`${x(one.from)},${y(one.value ?? 0)}`, `${x(one.to)},${y(one.value ?? 0)}`]).join(' ')} />
        </svg>
      </span>
      <span className="dur">{f.power(greatest)}</span>
    </span>
  );
}

/** The jobs as a file with the figures of the table. */
export function jobFigures(jobs: Job[], w: { step: string; cluster: string; state: string; waited: string; ran: string; started: string; ended: string }): Figures {
  return {
    columns: [{ name: w.step }, { name: w.cluster }, { name: w.state }, { name: `${w.waited} (s)`, number: true }, { name: `${w.ran} (s)`, number: true }, { name: w.started }, { name: w.ended }],
    rows: jobs.map((job) => {
      const waited = job.submitted_at ? seconds(job.submitted_at, job.started_at ?? job.ended_at) : null;
      const ran = job.started_at ? seconds(job.started_at, job.ended_at) : null;
      return { text: [], value: [`${job.step} ${job.index + 1}`, job.cluster, job.end ?? job.state, waited, ran, job.started_at, job.ended_at] };
    }),
  };
}

/** From when to when it is shown: two thumbs, to be dragged or moved by the arrow keys. */
function Brush({ whole, span, choose }: { whole: Span; span?: Span; choose: (span: Span | undefined) => void }) {
  const w = useWords(words);
  const f = useFormats();
  const step = Math.max(1, Math.round((whole.to - whole.from) / 100));
  const now = span ?? whole;
  const move = (next: Span) => choose(next.from <= whole.from && next.to >= whole.to ? undefined : next);
  const thumb = (name: string, value: number, set: (value: number) => void) => (
    <label className="row">
      <span className="t3">{name}</span>
      <input type="range" min={whole.from} max={whole.to} step={step} value={value} aria-valuetext={f.clock(new Date(value), true)} style={{ '--v': `${(100 * (value - whole.from)) / Math.max(1, whole.to - whole.from)}%` } as CSSProperties} onChange={(event) => set(Number(event.target.value))} />
    </label>
  );
  return (
    <div className="row wrap brush" role="group" aria-label={w.brush}>
      {thumb(w.brushFrom, now.from, (from) => move({ from, to: Math.max(now.to, from + step) }))}
      {thumb(w.brushTo, now.to, (to) => move({ from: Math.min(now.from, to - step), to }))}
      {span && (
        <button type="button" className="link" onClick={() => choose(undefined)}>
          {w.brushAll}
        </button>
      )}
    </div>
  );
}

function Row({ lane, drawn: { place, cuts }, name, cluster }: { lane: Lane; drawn: Drawn; name: string; cluster: string }) {
  const w = useWords(words);
  const f = useFormats();
  const bar = (from: number, to: number) => ({ '--a': `${place(from)}%`, '--n': `${Math.max(0, place(to) - place(from))}%` }) as CSSProperties;
  const kind = jobFailed(lane.job) ? 'fail' : lane.ended ? undefined : 'live';
  const ran = Math.max(0, lane.to - lane.runFrom) / 1000; // the site's clock may be ahead of the reader's
  const where = cluster ? `, ${w.on} ${cluster}` : '';
  const words_ = `${name}: ${w.waited} ${f.duration(Math.max(0, lane.runFrom - lane.waitFrom) / 1000)}, ${w.ran} ${f.duration(ran)}${where}`;
  return (
    <span role="listitem" aria-label={words_} className="contents">
      <span className="name" title={name}>
        {name}
      </span>
      <span className="lane">
        {lane.runFrom > lane.waitFrom && <i className="wait" style={bar(lane.waitFrom, lane.runFrom)} />}
        {lane.to > lane.runFrom && <i className={kind} style={bar(lane.runFrom, lane.to)} />}
        {lane.next !== undefined && <i className="next" style={bar(lane.to, lane.next)} />}
        {cuts.map((cut) => (
          <b key={cut.at} className="cut-out" style={bar(cut.at, cut.at)} />
        ))}
      </span>
      <span className="dur">{f.duration(ran)}</span>
    </span>
  );
}

export function JobTable({ jobs, many }: { jobs: Job[]; many: (job: Job) => boolean }) {
  const w = useWords(words);
  const jobText = useJobText();
  const f = useFormats();
  return (
    <div className="scroll">
      <table className="table stackable">
        <thead>
          <tr>
            <th scope="col">{w.state}</th>
            <th scope="col">{w.job}</th>
            <th scope="col">{w.cluster}</th>
            <th scope="col" className="num">
              {w.waited}
            </th>
            <th scope="col" className="num">
              {w.ran}
            </th>
          </tr>
        </thead>
        <tbody>
          {jobs.slice(0, MOST).map((job) => (
            <tr key={job.id}>
              <td data-l={w.state}>
                <JobStatus job={job} />
              </td>
              <th scope="row">
                {nameOf(job, many(job))} {job.attempt > 1 && <span className="t3">{w.attempt(job.attempt)}</span>}
                {job.text && <span className="t2 meta cut2">{jobText(job)}</span>}
              </th>
              <td data-l={w.cluster} className="t2">
                {job.cluster ?? '–'} {job.site_id && <span className="mono t3">{job.site_id}</span>}
              </td>
              <td className="num" data-l={w.waited}>
                {job.submitted_at ? f.duration(seconds(job.submitted_at, job.started_at ?? job.ended_at)) : '–'}
              </td>
              <td className="num" data-l={w.ran}>
                {job.started_at ? f.duration(seconds(job.started_at, job.ended_at)) : '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
