/** A dialog with a few fields. What the platform refuses stands at its field, and a summary leads there. */
import { useId, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { isProblem, type Pointed } from '@/api/problem';
import { useWords } from '@/i18n';
import { Dialog } from './Dialog';
import { Failure } from './Note';
import { useFaultText } from './said';
import './kit.css';
import { words } from './words';

export type Value = string | boolean | string[];
export type Values = Record<string, Value>;

/** A choice; `code`: how programs call it, in a tip. Those of one `group` stand together. */
export type Option = { value: string; label: string; code?: string; group?: string };

export type Field = {
  name: string;
  label: string;
  help?: string;
  unit?: string;
  kind?: 'text' | 'number' | 'select' | 'check' | 'checks' | 'area' | 'password' | 'date' | 'email';
  options?: Option[];
  required?: boolean;
  /** Where the platform points to when it refuses this field, if not at its name. */
  pointer?: string;
  when?: (values: Values) => boolean;
};

type Props = {
  title: string;
  fields: Field[];
  start?: Values;
  yes: string;
  danger?: boolean;
  intro?: ReactNode;
  /** What will follow, told while the form is filled in. */
  effect?: (values: Values) => ReactNode;
  act: (values: Values) => Promise<unknown>;
  onClose: () => void;
  wide?: boolean;
};

type Faults = Record<string, string>;

export function FormDialog({ title, fields, start = {}, yes, danger = false, intro, effect, act, onClose, wide }: Props) {
  const w = useWords(words);
  const faultText = useFaultText();
  const id = useId();
  const summary = useRef<HTMLDivElement>(null);
  const [values, setValues] = useState<Values>(() => Object.fromEntries(fields.map((field) => [field.name, start[field.name] ?? nothing(field)])));
  const [faults, setFaults] = useState<Faults>({});
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const shown = fields.filter((field) => field.when?.(values) ?? true);
  const point = (found: Faults) => {
    setFaults(found);
    if (Object.keys(found).length > 0) requestAnimationFrame(() => summary.current?.focus());
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const missing = shown.filter((field) => field.required && String(values[field.name] ?? '').trim() === '');
    setError(null);
    if (missing.length > 0) return point(Object.fromEntries(missing.map((field) => [field.name, w.isMissing])));
    setBusy(true);
    try {
      await act(values);
      onClose();
    } catch (caught) {
      setBusy(false);
      const found = faultsOf(caught, shown, faultText);
      if (Object.keys(found).length > 0) point(found);
      else {
        setFaults({});
        setError(caught);
      }
    }
  };
  return (
    <Dialog title={title} onClose={onClose} wide={wide}>
      <form className="dialog-form" noValidate onSubmit={(event) => void submit(event)}>
        {intro && <div className="t2">{intro}</div>}
        {Object.keys(faults).length > 0 && (
          <div className="note-box bad faults" role="alert" tabIndex={-1} ref={summary}>
            <b>{w.mend}</b>
            <ul>
              {shown
                .filter((field) => faults[field.name])
                .map((field) => (
                  <li key={field.name}>
                    <a href={`#${id}-${field.name}`} onClick={(event) => focusOn(event, `${id}-${field.name}`)}>
                      {field.label}: {faults[field.name]}
                    </a>
                  </li>
                ))}
            </ul>
          </div>
        )}
        {shown.map((field) => (
          <Entry key={field.name} id={`${id}-${field.name}`} field={field} value={values[field.name] ?? ''} fault={faults[field.name]} change={(value) => setValues((old) => ({ ...old, [field.name]: value }))} />
        ))}
        {effect?.(values)}
        {error !== null && <Failure error={error} />}
        <div className="actions">
          <button type="button" className="btn" onClick={onClose}>
            {w.cancel}
          </button>
          <button type="submit" className={danger ? 'btn danger' : 'btn primary'} aria-busy={busy}>
            {yes}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function together(options: Option[]): [string, Option[]][] {
  const groups = new Map<string, Option[]>();
  for (const one of options) groups.set(one.group ?? '', [...(groups.get(one.group ?? '') ?? []), one]);
  return [...groups];
}

function nothing(field: Field): Value {
  if (field.kind === 'check') return false;
  if (field.kind === 'checks') return [];
  return field.kind === 'select' ? (field.options?.[0]?.value ?? '') : '';
}

function focusOn(event: { preventDefault: () => void }, id: string): void {
  event.preventDefault();
  document.getElementById(id)?.focus();
}

/** Which of the fields the platform's problems are about. */
export function faultsOf(error: unknown, fields: Field[], textOf: (fault: Pointed) => string): Faults {
  if (!isProblem(error)) return {};
  const found: Faults = {};
  for (const fault of error.problems) {
    const parts = fault.pointer.split('/').filter(Boolean);
    const field = fields.find((one) => parts.includes(one.pointer ?? one.name));
    if (!field) return {};
    found[field.name] ??= textOf(fault);
  }
  return found;
}

function Entry({ id, field, value, fault, change }: { id: string; field: Field; value: Value; fault?: string; change: (value: Value) => void }) {
  const told = { id, 'aria-invalid': fault ? true : undefined, 'aria-describedby': [fault ? `${id}-fault` : '', field.help ? `${id}-help` : ''].filter(Boolean).join(' ') || undefined, 'aria-required': field.required || undefined };
  const below = (
    <>
      {field.help && (
        <span className="help" id={`${id}-help`}>
          {field.help}
        </span>
      )}
      {fault && (
        <span className="bad xs" id={`${id}-fault`}>
          {fault}
        </span>
      )}
    </>
  );
  if (field.kind === 'check')
    return (
      <div className="field">
        <label className="row" htmlFor={id}>
          <input type="checkbox" {...told} checked={value === true} onChange={(event) => change(event.target.checked)} />
          {field.label}
        </label>
        {below}
      </div>
    );
  if (field.kind === 'checks') {
    const held = Array.isArray(value) ? value : [];
    return (
      <fieldset className="field checks" id={id} tabIndex={-1}>
        <legend className="label">{field.label}</legend>
        <div className="check-grid">
          {together(field.options ?? []).map(([group, options]) => (
            <div key={group} className="check-group" role={group ? 'group' : undefined} aria-label={group || undefined}>
              {group && <span className="xs t3">{group}</span>}
              {options.map((option) => (
                <label key={option.value} className="row">
                  <input type="checkbox" checked={held.includes(option.value)} onChange={(event) => change(event.target.checked ? [...held, option.value] : held.filter((one) => one !== option.value))} />
                  <span title={option.code}>{option.label}</span>
                </label>
              ))}
            </div>
          ))}
        </div>
        {below}
      </fieldset>
    );
  }
  return (
    <div className="field">
      <label htmlFor={id}>
        {field.label}
        {field.unit && <span className="t3">, {field.unit}</span>}
        {field.required && <span className="t3"> *</span>}
      </label>
      {field.kind === 'select' ? (
        <select className="select" {...told} value={String(value)} onChange={(event) => change(event.target.value)}>
          {(field.options ?? []).map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      ) : field.kind === 'area' ? (
        <textarea className="input area" rows={3} {...told} value={String(value)} onChange={(event) => change(event.target.value)} />
      ) : (
        <input
          className={field.kind === 'number' ? 'input narrow num' : 'input'}
          type={field.kind === 'date' ? 'datetime-local' : field.kind === 'email' || field.kind === 'password' ? field.kind : 'text'}
          inputMode={field.kind === 'number' ? 'decimal' : undefined}
          autoComplete="off"
          {...told}
          value={String(value)}
          onChange={(event) => change(event.target.value)}
        />
      )}
      {below}
    </div>
  );
}
