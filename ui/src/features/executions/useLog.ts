/** A log, read piece by piece from where the last piece ended; while a job runs, what is new follows. */
import { useEffect, useRef, useState } from 'react';
import { api, told } from '@/api/client';

export type LogState = { lines: string[]; dropped: number; ended: boolean; waiting: boolean; error: unknown; job: string | null };
const NOTHING: LogState = { lines: [], dropped: 0, ended: false, waiting: true, error: null, job: null };

const KEEP = 20_000;
const PIECES_AT_ONCE = 32;
const FOLLOW_MS = 3000;

/** Join a piece to the lines so far; the last line may go on in the next piece. */
export function joined(lines: string[], piece: string, keep: number = KEEP): { lines: string[]; dropped: number } {
  if (!piece) return { lines, dropped: 0 };
  const fresh = piece.split('\n');
  const last = lines.at(-1) ?? '';
  const all = [...lines.slice(0, -1), last + (fresh[0] ?? ''), ...fresh.slice(1)];
  const dropped = Math.max(0, all.length - keep);
  return { lines: dropped ? all.slice(dropped) : all, dropped };
}

export function useLog(execution: string, which: { step?: string; index?: number; stream?: 'stdout' | 'stderr' }, follow: boolean): LogState {
  const { step, index, stream } = which;
  const key = [execution, step, index, stream].join('\0');
  const [[shownKey, state], setState] = useState<[string, LogState]>([key, NOTHING]);
  const following = useRef(follow);
  useEffect(() => {
    following.current = follow;
  }, [follow]);
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let offset = 0;
    let now = NOTHING;
    const show = (next: Partial<LogState>) => {
      now = { ...now, ...next };
      if (!stop.signal.aborted) setState([key, now]);
    };
    const read = async () => {
      for (let piece = 0; piece < PIECES_AT_ONCE && !stop.signal.aborted; piece += 1) {
        const query = { step, index, stream, offset };
        const got = await told(api.GET('/api/v1/organization/workflow/{wid}/logs', { params: { path: { wid: execution }, query }, signal: stop.signal }));
        const { lines, dropped } = joined(now.lines, got.content);
        offset = got.next_offset;
        show({ lines, dropped: now.dropped + dropped, ended: got.ended, waiting: false, error: null, job: got.job });
        if (got.ended || got.content === '') return;
      }
    };
    const again = async () => {
      try {
        if (following.current && !document.hidden) await read();
      } catch (error) {
        if (!stop.signal.aborted) show({ error, waiting: false });
      }
      if (!now.ended && !stop.signal.aborted) timer = setTimeout(() => void again(), FOLLOW_MS);
    };
    const first = following.current;
    following.current = true;
    void again().then(() => {
      following.current = first;
    });
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [key, execution, step, index, stream]);
  return shownKey === key ? state : NOTHING;
}
