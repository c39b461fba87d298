import { useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDownToLine, ArrowUpToLine, ChevronDown, ChevronUp, Clock, Download, WrapText } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { caseOf, isProblem } from '@/api/problem';
import { SearchBox } from '@/components/Filters';
import { Icon } from '@/components/Icon';
import { Loading } from '@/components/Loading';
import { Empty, Failure } from '@/components/Note';
import { Glyph, type GlyphName } from '@/components/Status';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { LEVELS, printedTime, type Level, type LogLine } from './lines';
import { words } from './logWords';
import { hasEnded, type Job } from './queries';
import { isThere, matchesQuery, useLog, type Log as Told, type Which } from './useLog';

export type LogSearch = Which & { q?: string; level?: Level; wrap?: true; times?: true };

const GLYPHS: Record<Level, GlyphName> = { error: 'bad', warning: 'warn', info: 'info', debug: 'skip' };
const ROW = 20;
const NOWHERE: [number, number] = [0, -1];

/** The line that the address names: `#L1234`. */
function useNamedLine(): number | undefined {
  const { hash } = useLocation();
  const found = /^L(\d{1,9})$/.exec(hash);
  return found ? Number(found[1]) : undefined;
}

/** Name a line in the address. */
function useNaming(): (number: number | undefined) => void {
  const navigate = useNavigate();
  return (number) => void navigate({ to: '.', search: true, hash: number === undefined ? '' : `L${number}`, replace: true, resetScroll: false, hashScrollIntoView: false } as never);
}

/** A job that has not begun has no log; that is no failure. */
const notYet = (error: unknown): boolean => isProblem(error) && (error.code === 'no_job' || caseOf(error) === 'nothing_written');

type LogProps = { execution: string; status: string; jobs: Job[]; which: LogSearch; choose: (which: LogSearch) => void; tall?: boolean };

export function Log({ execution, status, jobs, which, choose, tall = false }: LogProps) {
  const w = useWords(words);
  const named = useNamedLine();
  const { q, level, wrap = false, times = false } = which;
  const [follow, setFollow] = useState(!hasEnded(status) && named === undefined && !q);
  const [seen, setSeen] = useState(NOWHERE);
  const asked = jobs.find((job) => job.step === which.step && job.index === (which.index ?? 0));
  const over = hasEnded(status) || asked?.state === 'ENDED';
  const there = isThere(jobs, which);
  const log = useLog(execution, which, { level, search: level ? q : undefined }, { there, over }, follow, seen);
  const hits = useHits(execution, which, { there, over }, level ? log.total : undefined);
  const job = log.job ? jobs.find((one) => one.id === log.job) : asked;
  const goTo = useRef<(position: number) => void>(() => undefined);
  return (
    <>
      <div className={tall ? 'bar log-tools' : 'bar log-tools brief'}>
        <Source jobs={jobs} job={job} which={which} choose={choose} levels={log.levels} brief={!tall} />
        <SearchBox
          label={w.find}
          short={w.findShort}
          value={q ?? ''}
          change={(next) => {
            hits.reset();
            setFollow(false);
            choose({ ...which, q: next });
          }}
          enter={(back) => hits.move(back ? -1 : 1)}
        />
        {q && <Finding hits={hits} />}
        <span className="row end">
          {!log.ended && !level && (
            <label className="row">
              <input type="checkbox" checked={follow} onChange={(event) => setFollow(event.target.checked)} />
              {w.follow}
            </label>
          )}
          <Ways execution={execution} job={job} which={which} choose={choose} goTo={tall ? (end) => goTo.current(end ? log.total - 1 : 0) : undefined} />
        </span>
      </div>
      {log.error !== null && !notYet(log.error) && <Failure error={log.error} />}
      {log.waiting ? (
        <div className="body">
          <Loading rows={5} />
        </div>
      ) : log.total === 0 ? (
        <Nothing ended={log.ended} all={level ? () => choose({ ...which, level: undefined }) : undefined} />
      ) : (
        <Lines key={`${log.job} ${which.stream ?? ''} ${level ?? ''}`} log={log} {...{ wrap, times, tall, q, setSeen, goTo }} atHit={hits.at} named={level ? undefined : named} stick={follow && !log.ended} />
      )}
      <Foot log={log} times={times} seen={seen} narrowed={level !== undefined} />
    </>
  );
}

type Hits = { all: number; steps: number; current: number; at: number | undefined; looking: boolean; move: (by: number) => void; reset: () => void };

/** Where the text was found in all of the log. `shown`: only lines that hold it are shown, so many. */
function useHits(execution: string, which: LogSearch, { there, over }: { there: boolean; over: boolean }, shown: number | undefined): Hits {
  const { q } = which;
  const narrowed = shown !== undefined;
  const matches = useQuery({ ...matchesQuery(execution, which, q ?? '', over), enabled: there && q !== undefined && !narrowed, refetchInterval: over ? false : 5000 });
  const numbers = matches.data?.numbers ?? [];
  const steps = q === undefined ? 0 : (shown ?? numbers.length);
  const [hit, setHit] = useState(0);
  const current = steps > 0 ? hit % steps : 0;
  const at = steps === 0 ? undefined : narrowed ? current : (numbers[current] ?? 1) - 1;
  return { all: shown ?? matches.data?.total ?? 0, steps, current, at, looking: matches.isLoading, move: (by) => setHit((current + by + steps) % Math.max(1, steps)), reset: () => setHit(0) };
}

function Finding({ hits }: { hits: Hits }) {
  const w = useWords(words);
  const f = useFormats();
  return (
    <span className="row" role="status">
      <span className="t3 num" title={hits.all > hits.steps ? w.foundFirst(f.number(hits.steps)) : undefined}>
        {hits.steps ? w.found(hits.current + 1, f.number(hits.all)) : hits.looking ? '' : w.foundNone}
      </span>
      <button type="button" className="icon mini" aria-label={w.previous} onClick={() => hits.move(-1)}>
        <Icon of={ChevronUp} />
      </button>
      <button type="button" className="icon mini" aria-label={w.nextMatch} onClick={() => hits.move(1)}>
        <Icon of={ChevronDown} />
      </button>
    </span>
  );
}

function Source({ jobs, job, which, choose, levels, brief }: Pick<LogProps, 'jobs' | 'which' | 'choose'> & { job: Job | undefined; levels: Told['levels']; brief: boolean }) {
  const w = useWords(words);
  const f = useFormats();
  const many = useMemo(() => new Set(jobs.filter((one) => one.index > 0).map((one) => one.step)), [jobs]);
  return (
    <>
      {brief && <h2>{w.log}</h2>}
      <select
        className="select of"
        aria-label={w.logOf}
        value={job ? `${job.step} ${job.index}` : ''}
        onChange={(event) => {
          const [step, index] = event.target.value.split(' ');
          choose({ ...which, step, index: Number(index) });
        }}
      >
        {!job && <option value="">{w.job}</option>}
        {jobs.slice(0, 2000).map((one) => (
          <option key={one.id} value={`${one.step} ${one.index}`}>
            {one.title || one.step} {many.has(one.step) ? one.index + 1 : ''}
          </option>
        ))}
      </select>
      {(!brief || which.stream) && (
        <select className="select" aria-label={w.stream} value={which.stream ?? 'stdout'} onChange={(event) => choose({ ...which, stream: event.target.value as 'stdout' | 'stderr' })}>
          <option value="stdout">{w.streams.stdout}</option>
          <option value="stderr">{w.streams.stderr}</option>
        </select>
      )}
      <select className={brief ? 'select not-s' : 'select'} aria-label={w.level} value={which.level ?? ''} onChange={(event) => choose({ ...which, level: LEVELS.find((one) => one === event.target.value) })}>
        <option value="">{w.allLevels}</option>
        {LEVELS.map((one) => (
          <option key={one} value={one}>
            {w.counted(w.levels[one], f.number(levels[one] ?? 0))}
          </option>
        ))}
      </select>
    </>
  );
}

/** How the log is shown, where in it, and all of it as a file; without `goTo` only what a glance needs. */
function Ways({ execution, job, which, choose, goTo }: Pick<LogProps, 'execution' | 'which' | 'choose'> & { job: Job | undefined; goTo?: (end: boolean) => void }) {
  const w = useWords(words);
  const named = useNamedLine();
  const name = useNaming();
  const query = job ? `?step=${encodeURIComponent(job.step)}&index=${job.index}` : '';
  return (
    <>
      {goTo && (
        <>
          <input
            key={named}
            className="input to-line"
            inputMode="numeric"
            pattern="[0-9]*"
            aria-label={w.toLine}
            placeholder={w.lineField}
            defaultValue={named ?? ''}
            onKeyDown={(event) => {
              const number = Number(event.currentTarget.value);
              if (event.key === 'Enter' && Number.isInteger(number)) name(number || undefined);
            }}
          />
          <button type="button" className="icon" aria-label={w.toBegin} title={w.toBegin} onClick={() => goTo(false)}>
            <Icon of={ArrowUpToLine} />
          </button>
          <button type="button" className="icon" aria-label={w.toEnd} title={w.toEnd} onClick={() => goTo(true)}>
            <Icon of={ArrowDownToLine} />
          </button>
          <button type="button" className="icon" aria-label={w.times} title={w.times} aria-pressed={which.times ?? false} onClick={() => choose({ ...which, times: which.times ? undefined : true })}>
            <Icon of={Clock} />
          </button>
        </>
      )}
      <button type="button" className="icon" aria-label={w.wrap} title={w.wrap} aria-pressed={which.wrap ?? false} onClick={() => choose({ ...which, wrap: which.wrap ? undefined : true })}>
        <Icon of={WrapText} />
      </button>
      <a className="icon" href={`/api/v1/organization/workflow/${execution}/logs/${which.stream ?? 'stdout'}/text${query}`} download aria-label={w.download} title={w.download}>
        <Icon of={Download} />
      </a>
    </>
  );
}

function Nothing({ ended, all }: { ended: boolean; all: (() => void) | undefined }) {
  const w = useWords(words);
  if (!all) return <p className="t3 body">{ended ? w.emptyLog : w.emptyLogYet}</p>;
  return (
    <Empty
      title={w.noneOfLevel}
      action={
        <button type="button" className="btn" onClick={all}>
          {w.allAgain}
        </button>
      }
    >
      {w.noneOfLevelText}
    </Empty>
  );
}

type LinesProps = { log: Told; wrap: boolean; times: boolean; tall: boolean; q?: string; atHit?: number; named?: number; stick: boolean; setSeen: (seen: [number, number]) => void; goTo: { current: (position: number) => void } };

function Lines({ log, wrap, times, tall, q, atHit, named, stick, setSeen, goTo }: LinesProps) {
  const w = useWords(words);
  const name = useNaming();
  const frame = useRef<HTMLDivElement>(null);
  const last = log.total - 1;
  const target = atHit ?? (named === undefined ? undefined : Math.min(named - 1, last));
  const initialOffset = () => ROW * (target ?? last); // else the page of the first lines is asked for, too
  const rows = useVirtualizer({ count: log.total, getScrollElement: () => frame.current, estimateSize: () => ROW, overscan: 20, initialOffset });
  const shown = rows.getVirtualItems();
  const [from, to] = [shown[0]?.index ?? 0, shown.at(-1)?.index ?? 0];
  useEffect(() => setSeen([from, to]), [from, to, setSeen]);
  useEffect(() => {
    goTo.current = (position) => rows.scrollToIndex(position, { align: position === 0 ? 'start' : 'end' });
  }, [rows, goTo]);
  useEffect(() => {
    if (target !== undefined) rows.scrollToIndex(target, { align: 'center' });
  }, [target, rows]);
  const opened = useRef(false);
  useEffect(() => {
    if ((stick || !opened.current) && target === undefined) rows.scrollToIndex(last, { align: 'end' });
    opened.current = true;
  }, [last, stick, target, rows]);
  return (
    <div ref={frame} className={`log${wrap ? ' wrap' : ''}${tall ? ' tall' : ''}${times ? ' timed' : ''}`} tabIndex={0} role="log" aria-label={w.log}>
      <ol
        style={{ height: rows.getTotalSize(), position: 'relative' }}
        onClick={(event) => {
          const number = (event.target as HTMLElement).dataset.line; // for the keyboard there is the field of the line
          if (number) name(Number(number));
        }}
      >
        {shown.map((row) => {
          const line = log.at(row.index);
          const number = line?.number ?? row.index + 1;
          const level = line?.level ?? null;
          const grade = level === 'error' ? 'e' : level === 'warning' ? 'w' : level === 'debug' ? 'd' : '';
          return (
            <li key={row.key} data-index={row.index} ref={wrap ? rows.measureElement : undefined} className={`${grade}${row.index === atHit ? ' hit' : ''}${number === named ? ' hit' : ''}`} style={{ position: 'absolute', top: 0, left: 0, right: 0, transform: `translateY(${row.start}px)` }}>
              {number === named ? <a href={`#L${number}`}>{number}</a> : <span data-line={number}>{number}</span>}
              {times && <Time line={line} />}
              <span className={`lv ${grade}`}>{level && <><Glyph name={GLYPHS[level]} /><span className="sr">{w.levelOf[level]}</span></>}</span>
              <span>{line === undefined ? '…' : q ? <Marked line={line.text} typed={q.toLowerCase()} /> : line.text}</span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

/** What the program printed, else when the platform read it, else nothing. */
function Time({ line }: { line: LogLine | undefined }) {
  const f = useFormats();
  const printed = line ? printedTime(line.text) : null;
  if (printed) return <time>{printed}</time>;
  if (!line?.seen_at) return <time>–</time>;
  return <time dateTime={line.seen_at}>≈{f.clock(line.seen_at, true)}</time>;
}

function Foot({ log, times, seen, narrowed }: { log: Told; times: boolean; seen: [number, number]; narrowed: boolean }) {
  const w = useWords(words);
  const f = useFormats();
  if (log.waiting || log.of === 0) return null;
  const inSight = Array.from({ length: Math.min(200, seen[1] - seen[0] + 1) }, (_, at) => log.at(seen[0] + at)).filter((one) => one !== undefined);
  const printed = inSight.some((one) => printedTime(one.text));
  const read = inSight.some((one) => one.seen_at && !printedTime(one.text));
  return (
    <p className="t3 xs log-foot">
      <span>{narrowed ? w.linesOf(f.number(log.total), f.number(log.of)) : w.lines(log.total, f.number(log.total))}</span>
      {times && <span>{printed && read ? w.timesBoth : printed ? w.timesPrinted : read ? w.timesSeen : w.timesNone}</span>}
      {log.missed > 0 && <span>{w.missed(f.bytes(log.missed))}</span>}
      {!log.complete && <span>{w.cut}</span>}
    </p>
  );
}

function Marked({ line, typed }: { line: string; typed: string }) {
  const at = line.toLowerCase().indexOf(typed);
  if (at < 0) return line;
  return (
    <>
      {line.slice(0, at)}
      <mark>{line.slice(at, at + typed.length)}</mark>
      {line.slice(at + typed.length)}
    </>
  );
}
