/** An estimate with its 80 % range on a scale that a whole column shares; after the run the tick is what happened. */
import type { CSSProperties } from 'react';

export type Sure = 'high' | 'fair' | 'low';

export type Range = { low: number; high: number; at: number; wait?: number };

const share = (value: number, top: number): string => `${Math.max(0, Math.min(100, (100 * value) / top))}%`;

export function RangeBar({ range, top, sure = 'high', width }: { range: Range; top: number; sure?: Sure; width?: string }) {
  const band = { '--lo': share(range.low, top), '--hi': share(range.high, top) } as CSSProperties;
  return (
    <span className={sure === 'high' ? 'range' : `range ${sure}`} style={width ? { width } : undefined} aria-hidden="true">
      {range.wait ? <s style={{ '--q': share(range.wait, top) } as CSSProperties} /> : null}
      <i style={band} />
      <b style={{ '--at': share(range.at, top) } as CSSProperties} />
    </span>
  );
}

/** A round number at or above the largest figure of a column, for its scale. */
export function roundUp(largest: number): number {
  if (!(largest > 0)) return 1;
  const ten = 10 ** Math.floor(Math.log10(largest));
  const steps = [1, 2, 3, 4, 5, 6, 8, 10];
  return (steps.find((step) => step * ten >= largest * 0.999) ?? 10) * ten;
}

/** The scale's three words under a column's head. */
export function ScaleWords({ words }: { words: [string, string, string] }) {
  return (
    <span className="scale" aria-hidden="true">
      {words.map((word) => (
        <span key={word}>{word}</span>
      ))}
    </span>
  );
}
