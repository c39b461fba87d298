import { useState } from 'react';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { Choice, type Option } from './Filters';
import { ALWAYS, SPANS, type TimeFilter } from './timeFilter';
import { words } from './words';

/** What the filter says in words; undefined where it says nothing. */
export function useTimeSaid({ within, since, till }: TimeFilter): string | undefined {
  const w = useWords(words).time;
  const f = useFormats();
  if (within) return w.spans[within];
  if (since && till) return `${f.day(since)} – ${f.day(till)}`;
  if (since) return w.onwards(f.day(since));
  return till ? w.upTo(f.day(till)) : undefined;
}

export function TimeChoice({ label, filter, narrow }: { label: string; filter: TimeFilter; narrow: (change: TimeFilter) => void }) {
  const w = useWords(words).time;
  const [between, setBetween] = useState(Boolean(filter.since || filter.till));
  const times: Option[] = [{ value: '', label: w.any }, ...SPANS.map((one) => ({ value: one, label: w.spans[one] })), { value: 'between', label: w.between }];
  const choose = (value: string) => {
    setBetween(value === 'between');
    narrow({ ...ALWAYS, within: SPANS.find((one) => one === value) });
  };
  return (
    <>
      <Choice label={label} value={between ? 'between' : (filter.within ?? '')} options={times} change={choose} />
      {between && (
        <>
          <Day label={w.from} value={filter.since} change={(since) => narrow({ since })} />
          <Day label={w.to} value={filter.till} change={(till) => narrow({ till })} />
        </>
      )}
    </>
  );
}

function Day({ label, value, change }: { label: string; value: string | undefined; change: (day: string | undefined) => void }) {
  return (
    <label className="row">
      <span className="t3">{label}</span>
      <input className="input" type="date" value={value ?? ''} onChange={(event) => change(event.target.value || undefined)} />
    </label>
  );
}
