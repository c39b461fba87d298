/** A span of time that a list is narrowed to: the last so many days, or from one day to another. */
export const SPANS = ['1d', '7d', '30d', '90d'] as const;
export type TimeFilter = {
  within?: (typeof SPANS)[number];
  /** days, of which the last counts whole */
  since?: string;
  till?: string;
};
export const ALWAYS = { within: undefined, since: undefined, till: undefined } as const;

const DAY_MS = 86_400_000;

/** The bounds of the time, in the reader's own days. */
export function timesOf({ within, since, till }: TimeFilter, now: number = Date.now()): { since?: string; until?: string } {
  if (within) return { since: new Date(now - Number.parseInt(within, 10) * DAY_MS).toISOString() };
  const day = (text: string, more: number) => {
    const [year, month, date] = text.split('-').map(Number) as [number, number, number];
    return new Date(year, month - 1, date + more).toISOString();
  };
  return { since: since && day(since, 0), until: till && day(till, 1) };
}
