/** What a list is narrowed by: choices behind one button, what is chosen as marks that are taken away one by one. */
import { Search, SlidersHorizontal, X } from 'lucide-react';
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { useWords } from '@/i18n';
import { Icon } from './Icon';
import './kit.css';
import { words } from './words';

export type Option = { value: string; label: string };

export function Choice({ label, value, options, change }: { label: string; value: string; options: Option[]; change: (value: string) => void }) {
  return (
    <label className="row">
      <span className="t3">{label}</span>
      <select className="select" aria-label={label} value={value} onChange={(event) => change(event.target.value)}>
        {options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
    </label>
  );
}

const PAUSE_MS = 300;

/** Text to look for; it is asked for once the typing pauses. */
export function SearchBox({ label, short = label, value, change, enter }: { label: string; short?: string; value: string; change: (value: string | undefined) => void; enter?: (back: boolean) => void }) {
  const [typed, setTyped] = useState(value);
  const [asked, setAsked] = useState(value);
  const act = useRef(change);
  useEffect(() => {
    act.current = change;
  }, [change]);
  if (value !== asked) {
    setAsked(value); // the address was changed elsewhere
    setTyped(value);
  }
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => act.current(typed.trim() || undefined), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, value]);
  return (
    <div className="search">
      <Icon of={Search} />
      <input className="input" type="search" aria-label={label} placeholder={short} value={typed} onChange={(event) => setTyped(event.target.value)} onKeyDown={(event) => event.key === 'Enter' && typed === value && enter?.(event.shiftKey)} />
    </div>
  );
}

export type Mark = { key: string; label: string; value: string; remove: () => void };

/** The button that opens the choices, the marks of what is chosen, and the choices themselves. */
export function Filters({ marks, clear, open, setOpen, children }: { marks: Mark[]; clear: () => void; open: boolean; setOpen: (open: boolean) => void; children: ReactNode }) {
  const w = useWords(words);
  const id = useId();
  return (
    <>
      <button type="button" className="btn" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        <Icon of={SlidersHorizontal} />
        {w.filters}
      </button>
      {marks.map((one) => (
        <span key={one.key} className="chip filter-mark">
          {one.label}: {one.value}
          <button type="button" className="icon mini" aria-label={w.unfilter(one.label)} onClick={one.remove}>
            <Icon of={X} />
          </button>
        </span>
      ))}
      {marks.length > 1 && (
        <button type="button" className="link" onClick={clear}>
          {w.clearFilters}
        </button>
      )}
      <div id={id} className="filter-panel" role="group" aria-label={w.filters} hidden={!open}>
        {open && children}
      </div>
    </>
  );
}
