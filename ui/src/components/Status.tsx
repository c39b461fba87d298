/** Status = glyph + word + colour; each glyph has an outline of its own, so that colour is never the only sign. */
import type { ReactNode } from 'react';

export type Tone = 'ok' | 'warn' | 'bad' | 'run' | 'info' | 'idle';
export type GlyphName = 'ok' | 'bad' | 'run' | 'wait' | 'stop' | 'retry' | 'warn' | 'info' | 'skip';

const LINE = { fill: 'none', stroke: 'currentColor' } as const;
const ROUND = { strokeLinecap: 'round', strokeLinejoin: 'round' } as const;

const DRAWN: Record<GlyphName, ReactNode> = {
  ok: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="m4.8 8.2 2.2 2.2 4.3-4.6" fill="none" stroke="var(--surface)" strokeWidth="1.8" {...ROUND} />
    </>
  ),
  bad: (
    <>
      <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="currentColor" />
      <path d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8" stroke="var(--surface)" strokeWidth="1.8" strokeLinecap="round" />
    </>
  ),
  run: (
    <>
      <path d="M8 1.5a6.5 6.5 0 1 1-6.5 6.5" {...LINE} strokeWidth="2.2" strokeLinecap="round" />
      <circle cx="8" cy="8" r="2.2" fill="currentColor" />
    </>
  ),
  wait: (
    <>
      <circle cx="8" cy="8" r="6.2" {...LINE} strokeWidth="1.6" strokeDasharray="2.2 2" />
      <path d="M8 4.8V8l2.2 1.4" {...LINE} strokeWidth="1.6" strokeLinecap="round" />
    </>
  ),
  stop: (
    <>
      <circle cx="8" cy="8" r="6.2" {...LINE} strokeWidth="1.8" />
      <path d="m3.8 12.2 8.4-8.4" {...LINE} strokeWidth="1.8" />
    </>
  ),
  retry: (
    <>
      <path d="M13.5 8A5.5 5.5 0 1 1 11.6 3.8" {...LINE} strokeWidth="1.9" strokeLinecap="round" />
      <path d="M12 .8v3.6H8.4" {...LINE} strokeWidth="1.9" {...ROUND} />
    </>
  ),
  warn: (
    <>
      <path d="M8 1.2 15.4 14.4H.6z" fill="currentColor" stroke="currentColor" strokeWidth="1" strokeLinejoin="round" />
      <path d="M8 6v4" stroke="var(--surface)" strokeWidth="1.8" strokeLinecap="round" />
      <circle cx="8" cy="12.3" r="1" fill="var(--surface)" />
    </>
  ),
  info: (
    <>
      <rect x="1" y="1" width="14" height="14" rx="3" fill="currentColor" />
      <path d="M8 7.2v4.3" stroke="var(--surface)" strokeWidth="1.8" strokeLinecap="round" />
      <circle cx="8" cy="4.6" r="1.1" fill="var(--surface)" />
    </>
  ),
  skip: (
    <>
      <circle cx="8" cy="8" r="6.2" {...LINE} strokeWidth="1.6" />
      <path d="M5 8h6" {...LINE} strokeWidth="1.8" strokeLinecap="round" />
    </>
  ),
};

export function Glyph({ name, size = 14 }: { name: GlyphName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" className={name === 'run' ? 'turn' : undefined}>
      {DRAWN[name]}
    </svg>
  );
}

export function Status({ tone, glyph, children }: { tone: Tone; glyph: GlyphName; children: ReactNode }) {
  return (
    <span className={`status ${tone}`}>
      <Glyph name={glyph} />
      {children}
    </span>
  );
}

export function Chip({ tone, glyph, children }: { tone?: Tone; glyph?: GlyphName; children: ReactNode }) {
  return (
    <span className={tone ? `chip ${tone}` : 'chip'}>
      {glyph && <Glyph name={glyph} size={12} />}
      {children}
    </span>
  );
}
