/** A figure as people read it, with what it is exactly when it is pointed at or focused: UTC of a time, joules of an energy. */
import type { ReactNode } from 'react';
import { useFormats } from '@/i18n/format';
import './kit.css';

type Kept = { /** within a link or button, whose focus tells it */ still?: boolean; className?: string };

export function Exact({ exact, still, className, children }: Kept & { exact: string; children: ReactNode }) {
  return (
    <span className={['exact', className].filter(Boolean).join(' ')} tabIndex={still ? undefined : 0} title={exact} data-exact={exact}>
      {children}
    </span>
  );
}

/** `2026-11-22 14:02:11 UTC`. */
export function utc(at: string | Date): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

export function Moment({ at, seconds, ...kept }: Kept & { at: string | Date; /** the clock's time with its seconds */ seconds?: boolean }) {
  const f = useFormats();
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  return (
    <Exact exact={utc(at)} {...kept}>
      <time dateTime={date.toISOString()}>{seconds && today ? f.clock(date, true) : f.when(at)}</time>
    </Exact>
  );
}

/** A day of the reader's, where the hour does not matter; exactly it has one. */
export function Day({ at, ...kept }: Kept & { at: string | Date }) {
  const f = useFormats();
  return (
    <Exact exact={utc(at)} {...kept}>
      <time dateTime={new Date(at).toISOString()}>{f.day(at)}</time>
    </Exact>
  );
}

export function Energy({ joules, ...kept }: Kept & { joules: number }) {
  const f = useFormats();
  return (
    <Exact exact={f.joules(joules)} {...kept}>
      {f.energy(joules)}
    </Exact>
  );
}

const HERE = '\u0001';

/** A sentence of a catalogue with an element where it has a word. */
export function told(sentence: (word: string) => string, element: ReactNode): ReactNode {
  const [before, after] = sentence(HERE).split(HERE);
  return (
    <span className="sentence">
      {before}
      {element}
      {after}
    </span>
  );
}
