import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronUp, Download, Search, WrapText } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Icon } from '@/components/Icon';
import { Loading } from '@/components/Loading';
import { Failure } from '@/components/Note';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { hasEnded, type Job } from './queries';
import { useLog } from './useLog';
import { words } from './words';

type Which = { step?: string; index?: number; stream?: 'stdout' | 'stderr'; q?: string };

/** How a line is coloured, by the words that programs use. */
export function grade(line: string): '' | 'w' | 'e' {
  if (/\b(error|fatal|exception|traceback|failed|segmentation fault)\b/i.test(line)) return 'e';
  return /\bwarn(ing)?\b/i.test(line) ? 'w' : '';
}

export function Log({ execution, status, jobs, which, choose, tall = false }: { execution: string; status: string; jobs: Job[]; which: Which; choose: (which: Which) => void; tall?: boolean }) {
  const w = useWords(words);
  const f = useFormats();
  const [follow, setFollow] = useState(!hasEnded(status));
  const [wrap, setWrap] = useState(false);
  const log = useLog(execution, which, follow);
  const lines = useMemo(() => (log.lines.at(-1) === '' ? log.lines.slice(0, -1) : log.lines), [log.lines]);
  const typed = which.q?.toLowerCase() ?? '';
  const hits = useMemo(() => (typed ? lines.flatMap((line, at) => (line.toLowerCase().includes(typed) ? [at] : [])) : []), [lines, typed]);
  const [hit, setHit] = useState(0);
  const at = hits.length ? hits[hit % hits.length] : undefined;
  const many = useMemo(() => new Set(jobs.filter((job) => job.index > 0).map((job) => job.step)), [jobs]);
  const current = log.job ? jobs.find((job) => job.id === log.job) : undefined;
  const chosen = current ? `${current.step} ${current.index}` : '';
  const move = (by: number) => setHit((hit + by + hits.length) % Math.max(1, hits.length));
  const save = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([lines.join('\n')], { type: 'text/plain' }));
    link.download = `${execution}-${chosen.replace(' ', '-')}-${which.stream ?? 'stdout'}.log`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <>
      <div className="bar log-tools">
        <select
          className="select"
          aria-label={w.logOf}
          value={chosen}
          onChange={(event) => {
            const [step, index] = event.target.value.split(' ');
            choose({ ...which, step, index: Number(index) });
          }}
        >
          {!current && <option value="">{w.job}</option>}
          {jobs.slice(0, 2000).map((job) => (
            <option key={job.id} value={`${job.step} ${job.index}`}>
              {job.title || job.step} {many.has(job.step) ? job.index + 1 : ''}
            </option>
          ))}
        </select>
        <select className="select" aria-label={w.stream} value={which.stream ?? 'stdout'} onChange={(event) => choose({ ...which, stream: event.target.value as 'stdout' | 'stderr' })}>
          <option value="stdout">{w.streams.stdout}</option>
          <option value="stderr">{w.streams.stderr}</option>
        </select>
        <div className="search">
          <Icon of={Search} />
          <input
            className="input"
            type="search"
            aria-label={w.find}
            placeholder={w.find}
            value={which.q ?? ''}
            onChange={(event) => {
              setHit(0);
              choose({ ...which, q: event.target.value || undefined });
            }}
            onKeyDown={(event) => event.key === 'Enter' && move(event.shiftKey ? -1 : 1)}
          />
        </div>
        {typed && (
          <span className="row" role="status">
            <span className="t3 num">{hits.length ? w.found((hit % hits.length) + 1, hits.length) : w.foundNone}</span>
            <button type="button" className="icon mini" aria-label={w.previous} onClick={() => move(-1)}>
              <Icon of={ChevronUp} />
            </button>
            <button type="button" className="icon mini" aria-label={w.nextMatch} onClick={() => move(1)}>
              <Icon of={ChevronDown} />
            </button>
          </span>
        )}
        <span className="row end">
          {!log.ended && (
            <label className="row">
              <input type="checkbox" checked={follow} onChange={(event) => setFollow(event.target.checked)} />
              {w.follow}
            </label>
          )}
          <button type="button" className="icon" aria-label={w.wrap} aria-pressed={wrap} onClick={() => setWrap(!wrap)}>
            <Icon of={WrapText} />
          </button>
          <button type="button" className="icon" aria-label={w.download} onClick={save} disabled={lines.length === 0}>
            <Icon of={Download} />
          </button>
        </span>
      </div>
      {log.error !== null && <Failure error={log.error} />}
      {log.waiting ? (
        <div className="body">
          <Loading rows={5} />
        </div>
      ) : lines.length === 0 ? (
        <p className="t3 body">{log.ended ? w.emptyLog : w.emptyLogYet}</p>
      ) : (
        <Lines lines={lines} first={log.dropped} wrap={wrap} tall={tall} typed={typed} at={at} stick={follow} />
      )}
      {log.dropped > 0 && <p className="t3 xs body">{w.cut(f.number(lines.length))}</p>}
    </>
  );
}

function Lines({ lines, first, wrap, tall, typed, at, stick }: { lines: string[]; first: number; wrap: boolean; tall: boolean; typed: string; at: number | undefined; stick: boolean }) {
  const w = useWords(words);
  const frame = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: lines.length, getScrollElement: () => frame.current, estimateSize: () => 20, overscan: 20 });
  useEffect(() => {
    if (at !== undefined) rows.scrollToIndex(at, { align: 'center' });
  }, [at, rows]);
  useEffect(() => {
    if (stick) rows.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [lines.length, stick, rows]);
  return (
    <div ref={frame} className={`log${wrap ? ' wrap' : ''}${tall ? ' tall' : ''}`} tabIndex={0} role="log" aria-label={w.log}>
      <ol style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map((row) => {
          const line = lines[row.index] ?? '';
          return (
            <li key={row.key} data-index={row.index} ref={wrap ? rows.measureElement : undefined} className={`${grade(line)}${row.index === at ? ' hit' : ''}`} style={{ position: 'absolute', top: 0, left: 0, right: 0, transform: `translateY(${row.start}px)` }}>
              <span>{first + row.index + 1}</span>
              <span>{typed ? <Marked line={line} typed={typed} /> : line}</span>
            </li>
          );
        })}
      </ol>
    </div>
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
