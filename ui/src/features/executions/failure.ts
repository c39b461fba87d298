/** Why jobs fail, as one may mend it, and the last that they said. */
import { queryOptions } from '@tanstack/react-query';
import { api, told } from '@/api/client';

export type Advice = 'program' | 'site' | 'unknown' | 'none';

const OF_THE_SITE = ['node_failure', 'preempted', 'requeued', 'cancelled_by_site', 'lost_by_site', 'never_started', 'restarted_by_site'];

/** What to advise for the platform's word of a failure; where its own sentence names the cure, nothing more. Pure. */
export function adviceFor(code: string | null): Advice {
  if (code === 'program_failed' || code === 'killed_by_signal') return 'program';
  if (code === 'outcome_unknown') return 'unknown';
  return code !== null && OF_THE_SITE.includes(code) ? 'site' : 'none';
}

const PIECES = 8;
const LINES = 5;

/** The last lines that are not empty. Pure. */
export function lastLines(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-LINES);
}

/** The last lines of a job's errors; of its output where it wrote no errors. A very long log is not read to its end. */
export const lastLinesQuery = (execution: string, step: string, index: number) =>
  queryOptions({
    queryKey: ['execution', execution, 'last lines', step, index],
    staleTime: Infinity,
    retry: false,
    queryFn: async ({ signal }) => {
      for (const stream of ['stderr', 'stdout'] as const) {
        let text = '';
        let offset = 0;
        for (let piece = 0; piece < PIECES; piece += 1) {
          const got = await told(api.GET('/api/v1/organization/workflow/{wid}/logs', { params: { path: { wid: execution }, query: { step, index, stream, offset } }, signal }));
          if (got.content === '') break;
          text = (text + got.content).slice(-20_000);
          offset = got.next_offset;
        }
        if (text.trim() !== '') return lastLines(text);
      }
      return [];
    },
  });
