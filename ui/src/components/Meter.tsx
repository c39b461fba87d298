import type { CSSProperties } from 'react';

export type Part = { share: number; kind?: 'held' | 'ok' | 'warn' | 'bad' | 'c1' | 'c2' | 'c3' | 'c4' | 'c5' | 'c6' };

/** Shares of a whole, side by side; `label` says them in words. */
export function Meter({ parts, label, thin = false }: { parts: Part[]; label: string; thin?: boolean }) {
  return (
    <div className={thin ? 'meter thin' : 'meter'} role="img" aria-label={label}>
      {parts.map((part, at) => (
        <i key={at} className={part.kind} style={{ '--w': `${Math.max(0, Math.min(1, part.share)) * 100}%` } as CSSProperties} />
      ))}
    </div>
  );
}
