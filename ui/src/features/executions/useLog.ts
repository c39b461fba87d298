/** A log as numbered lines: the newest first, any page when it is looked at, and what follows while the job runs. */
import { queryOptions, useQueries, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { api, told, type Schemas } from '@/api/client';
import { appended, type Level, type LogLine } from './lines';
import { MOST_JOBS, type Job } from './queries';

export const PAGE = 1000;
const KEEP = 20_000;
const PIECES_AT_ONCE = 32;
const FOLLOW_MS = 3000;

export type Which = { step?: string; index?: number; stream?: 'stdout' | 'stderr' };
const ORDERED = new Set(['QUEUED', 'RUNNING', 'COLLECTING', 'ENDED']);

/** Whether the job was ordered whose log this is, chosen as the platform does: before, there is none, and asking for it is an error. */
export function isThere(jobs: Job[], { step, index }: Which): boolean {
  const fitting = jobs.filter((one) => (step === undefined || one.step === step) && (index === undefined || one.index === index));
  const job = fitting.findLast((one) => one.started_at !== null || one.end !== null) ?? fitting.at(-1);
  return job ? ORDERED.has(job.state) : jobs.length >= MOST_JOBS;
}

type Filter = { level?: Level; search?: string };
type Tail = { lines: LogLine[]; open: boolean; ended: boolean; error: unknown };

export const linesQuery = (execution: string, { step, index, stream = 'stdout' }: Which, { level, search }: Filter, begin: number, over: boolean) =>
  queryOptions({
    queryKey: ['log', execution, step ?? '', index ?? '', stream, level ?? '', search ?? '', over, begin],
    queryFn: ({ signal }) => told(api.GET('/api/v1/organization/workflow/{wid}/logs/{stream}/lines', { params: { path: { wid: execution, stream }, query: { step, index, begin, limit: PAGE, level, search } }, signal })),
    staleTime: over ? Infinity : 0,
    refetchOnWindowFocus: false,
    retry: 1,
  });

export const matchesQuery = (execution: string, { step, index, stream = 'stdout' }: Which, search: string, over: boolean) =>
  queryOptions({
    queryKey: ['log-matches', execution, step ?? '', index ?? '', stream, search, over],
    queryFn: ({ signal }) => told(api.GET('/api/v1/organization/workflow/{wid}/logs/{stream}/matches', { params: { path: { wid: execution, stream }, query: { step, index, search } }, signal })),
    staleTime: over ? Infinity : 0,
    refetchOnWindowFocus: false,
  });

export type Log = {
  job: string | null;
  total: number;
  of: number;
  levels: Partial<Record<Level, number>>;
  missed: number;
  complete: boolean;
  ended: boolean;
  waiting: boolean;
  error: unknown;
  at: (position: number) => LogLine | undefined;
};

/** `seen`: the positions in sight, whose pages are asked for. `there`: the log can be asked for. `over`: the job has ended. */
export function useLog(execution: string, which: Which, filter: Filter, { there, over }: { there: boolean; over: boolean }, follow: boolean, seen: [number, number]): Log {
  const head = useQuery({ ...linesQuery(execution, which, filter, -PAGE, over), enabled: there });
  const { data } = head;
  const follows = data !== undefined && !data.ended && !filter.level;
  const tail = useTail(execution, which, follows ? data : undefined, follow);
  const begin = data?.begin ?? 0;
  const pages = useMemo(() => {
    const found: number[] = [];
    for (let at = Math.floor(seen[0] / PAGE) * PAGE; at <= seen[1] && at < begin; at += PAGE) found.push(at);
    return found;
  }, [seen, begin]);
  const older = useQueries({ queries: pages.map((at) => linesQuery(execution, which, filter, at, over)) });
  const known = useMemo(() => {
    const found = new Map<number, LogLine[]>();
    older.forEach((one, at) => one.data && found.set(pages[at] ?? 0, one.data.lines));
    return found;
  }, [older, pages]);
  const error = head.error ?? tail.error ?? older.find((one) => one.error)?.error ?? null;
  return { ...shapeOf(data, follows ? tail : NOTHING, known), waiting: head.isLoading, error };
}

type Lines = Schemas['LogLinesOut'];
const EMPTY = { job: null, of: 0, levels: {}, missed: 0, complete: true, ended: false, begin: 0, total: 0, lines: [] as LogLine[] };

function shapeOf(data: Lines | undefined, tail: Tail, known: Map<number, LogLine[]>): Omit<Log, 'waiting' | 'error'> {
  const { job, of, levels, missed, complete, ended, begin, total, lines } = data ?? EMPTY;
  const fresh = tail.lines.length > 0;
  const held = fresh ? tail.lines : lines;
  const first = fresh ? (held[0]?.number ?? 1) - 1 : begin;
  const all = fresh ? (held.at(-1)?.number ?? 0) : total;
  return {
    job,
    levels,
    missed,
    complete,
    total: all,
    of: Math.max(all, of),
    ended: ended || tail.ended,
    at: (position) => (position >= first ? held[position - first] : (known.get(Math.floor(position / PAGE) * PAGE)?.[position % PAGE] ?? lines[position - begin])),
  };
}

type Head = { attempt: number; next_offset: number; open: boolean; lines: LogLine[]; total: number };
const NOTHING: Tail = { lines: [], open: false, ended: false, error: null };

/** What a job prints from here on: the lines of the head, and those that came after them. */
function useTail(execution: string, { step, index, stream = 'stdout' }: Which, head: Head | undefined, follow: boolean): Tail {
  const [[shownFor, state], setState] = useState<[Head | undefined, Tail]>([undefined, NOTHING]);
  const following = useRef(follow);
  useEffect(() => {
    following.current = follow;
  }, [follow]);
  useEffect(() => {
    if (!head) return;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let place = { offset: head.next_offset, attempt: head.attempt };
    let now: Tail = { ...NOTHING, lines: head.lines, open: head.open };
    const show = (next: Partial<Tail>) => {
      now = { ...now, ...next };
      if (!stop.signal.aborted) setState([head, now]);
    };
    const read = async () => {
      for (let piece = 0; piece < PIECES_AT_ONCE && !stop.signal.aborted; piece += 1) {
        const query = { step, index, stream, ...place };
        const got = await told(api.GET('/api/v1/organization/workflow/{wid}/logs', { params: { path: { wid: execution }, query }, signal: stop.signal }));
        const anew = got.attempt !== place.attempt;
        place = { offset: got.next_offset, attempt: got.attempt };
        const before = anew ? [] : now.lines;
        const next = (before.at(-1)?.number ?? 0) + 1;
        show({ ...appended(before, !anew && now.open, got.content, next, new Date().toISOString(), KEEP), ended: got.ended, error: null });
        if (got.ended || got.content === '') return;
      }
    };
    const again = async () => {
      try {
        if (following.current && !document.hidden) await read();
      } catch (error) {
        if (!stop.signal.aborted) show({ error });
      }
      if (!now.ended && !stop.signal.aborted) timer = setTimeout(() => void again(), FOLLOW_MS);
    };
    const first = following.current;
    following.current = true; // what is there when the page opens is read in any case
    void again().then(() => {
      following.current = first;
    });
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [execution, step, index, stream, head]);
  return shownFor === head && head ? state : NOTHING;
}
