/** A figure over its range, in a table whose column shares one scale. */
import type { ReactNode } from 'react';
import { RangeBar, type Range, type Sure } from './RangeBar';

export function Ranged({ children, range, top, sure }: { children: ReactNode; range: Range | null; top: number; sure?: Sure }) {
  return (
    <>
      <span className="fig">{children}</span>
      {range && <RangeBar range={range} top={top} sure={sure} />}
    </>
  );
}
