/** A form from JSON Schema: only what may be entered, with units and help; advanced inputs folded away. */
import { withTheme } from '@rjsf/core';
import { generateTemplates } from '@rjsf/mui';
import type { FieldTemplateProps, RJSFSchema, TemplatesType, UiSchema, WidgetProps } from '@rjsf/utils';
import { useMemo, type ReactNode } from 'react';
import { Glyph } from '../Status';
import { Members } from './Members';
import { validator } from './validator';
import './form.css';

type Pointed = { pointer: string; message: string };

type Props = { id: string; schema: object; value: Record<string, unknown>; change: (value: Record<string, unknown>) => void; problems: Pointed[]; fileField?: (props: WidgetProps) => ReactNode };

/** Server's problems at their fields, as the form takes them. */
export function extraErrors(problems: Pointed[]): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const { pointer, message } of problems) {
    let at = root;
    for (const part of pointer.split('/').filter(Boolean)) at = (at[part] ??= {}) as Record<string, unknown>;
    at.__errors = [...((at.__errors as string[] | undefined) ?? []), message];
  }
  return root;
}

type Inner = RJSFSchema & { unit?: string };

function uiOf(schema: object): UiSchema {
  const ui: UiSchema = { 'ui:submitButtonOptions': { norender: true } };
  for (const [name, inner] of Object.entries((schema as RJSFSchema).properties ?? {})) {
    const one = inner as Inner;
    const hints: UiSchema = {};
    if (one.format === 'file' || one.format === 'folder' || one.format === 'directory') hints['ui:widget'] = 'reference';
    else if (one.type === 'array' && typeof one.items === 'object' && ['number', 'integer', 'string'].includes(String((one.items as RJSFSchema).type)) && !(one.items as RJSFSchema).enum) hints['ui:field'] = 'list';
    if (one.unit) hints['ui:title'] = `${one.title ?? name}, ${one.unit}`;
    ui[name] = hints;
  }
  return ui;
}

/** Formats of ours say which widget; the validator need not know them. */
function plain(schema: object): RJSFSchema {
  return JSON.parse(JSON.stringify(schema, (key, value: unknown) => (key === 'format' && ['file', 'folder', 'directory'].includes(String(value)) ? undefined : value))) as RJSFSchema;
}

function Field({ id, label, required, rawDescription, rawErrors, children, hidden, displayLabel, schema }: FieldTemplateProps) {
  if (hidden) return <div hidden>{children}</div>;
  const whole = schema.type === 'object';
  return (
    <div className={whole ? undefined : 'field'}>
      {displayLabel && !whole && (
        <label htmlFor={id}>
          {label}
          {required && <span className="t3"> *</span>}
        </label>
      )}
      {children}
      {!whole && rawDescription && (
        <span className="help" id={`${id}__description`}>
          {rawDescription}
        </span>
      )}
      {!whole && rawErrors && rawErrors.length > 0 && (
        <Faults id={id} errors={rawErrors} />
      )}
    </div>
  );
}

function Faults({ id, errors }: { id: string; errors: string[] }) {
  return (
    <ul className="bad xs" id={`${id}__error`}>
      {[...new Set(errors)].map((error) => (
        <li key={error} className="row">
          <Glyph name="bad" size={12} />
          {error}
        </li>
      ))}
    </ul>
  );
}

function described(id: string, errors: unknown[] | undefined): { 'aria-invalid': boolean; 'aria-describedby': string } {
  return { 'aria-invalid': Boolean(errors?.length), 'aria-describedby': `${id}__error ${id}__description` };
}

function Text({ id, value, required, disabled, readonly, onChange, rawErrors, schema, placeholder }: WidgetProps) {
  const number = schema.type === 'number' || schema.type === 'integer';
  const read = (typed: string): unknown => (typed === '' ? undefined : number && Number.isFinite(Number(typed)) ? Number(typed) : typed);
  return (
    <input
      className={number ? 'input narrow num' : 'input'}
      id={id}
      type="text"
      inputMode={number ? 'decimal' : undefined}
      value={value === undefined || value === null ? '' : String(value)}
      required={required}
      disabled={disabled}
      readOnly={readonly}
      placeholder={placeholder}
      onChange={(event) => onChange(read(event.target.value))}
      {...described(id, rawErrors)}
    />
  );
}

function Choose({ id, value, options, onChange, rawErrors }: WidgetProps) {
  const known = options.enumOptions ?? [];
  return (
    <select className="select narrow" id={id} value={known.findIndex((one) => one.value === value)} onChange={(event) => onChange(known[Number(event.target.value)]?.value)} {...described(id, rawErrors)}>
      {value === undefined && <option value={-1} />}
      {known.map((one, at) => (
        <option key={at} value={at}>
          {one.label}
        </option>
      ))}
    </select>
  );
}

function Tick({ id, value, label, onChange, rawErrors }: WidgetProps) {
  return (
    <label className="row" htmlFor={id}>
      <input type="checkbox" id={id} checked={Boolean(value)} onChange={(event) => onChange(event.target.checked)} {...described(id, rawErrors)} />
      {label}
    </label>
  );
}

/** Numbers or words, one after the other with commas: quicker to type and to paste than a field for each. */
function List({ fieldPathId, formData, onChange, schema, rawErrors, title, name, required, uiSchema }: { fieldPathId?: { $id: string; path: (string | number)[] }; formData?: unknown[]; onChange: (value: unknown, path: (string | number)[]) => void; schema: RJSFSchema; rawErrors?: string[]; title?: string; name: string; required?: boolean; uiSchema?: UiSchema }) {
  const id = fieldPathId?.$id ?? `root_${name}`;
  const numeric = typeof schema.items === 'object' && ['number', 'integer'].includes(String((schema.items as RJSFSchema).type));
  const read = (typed: string): unknown[] =>
    typed
      .split(/[,;\n]|\s(?=[-\d])/)
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part) => (numeric && Number.isFinite(Number(part)) ? Number(part) : part));
  return (
    <div className="field">
      <label htmlFor={id}>
        {String(uiSchema?.['ui:title'] ?? title ?? schema.title ?? name)}
        {required && <span className="t3"> *</span>}
      </label>
      <input className="input num" id={id} defaultValue={(formData ?? []).join(', ')} onChange={(event) => onChange(read(event.target.value), fieldPathId?.path ?? [name])} {...described(id, rawErrors)} />
      {schema.description && (
        <span className="help" id={`${id}__description`}>
          {schema.description}
        </span>
      )}
      {rawErrors && rawErrors.length > 0 && (
        <Faults id={id} errors={rawErrors} />
      )}
    </div>
  );
}

const TEMPLATES = { ...generateTemplates(), FieldTemplate: Field, ObjectFieldTemplate: Members, ErrorListTemplate: () => null } as Partial<TemplatesType>;
const Form = withTheme({ templates: TEMPLATES });

export function SchemaForm({ id, schema, value, change, problems, fileField }: Props) {
  const ui = useMemo(() => uiOf(schema), [schema]);
  const known = useMemo(() => plain(schema), [schema]);
  const widgets = useMemo(() => ({ TextWidget: Text, SelectWidget: Choose, CheckboxWidget: Tick, reference: fileField ?? Text, updown: Text }), [fileField]);
  const wrong = problems.map((one) => one.pointer.split('/')[1] ?? '');
  return (
    <Form
      id={id}
      tagName="div"
      schema={{ ...known, title: undefined, description: undefined }}
      uiSchema={ui}
      formData={value}
      validator={validator}
      formContext={{ wrong }}
      noHtml5Validate
      showErrorList={false}
      widgets={widgets as never}
      fields={{ list: List as never }}
      extraErrors={extraErrors(problems) as never}
      onChange={({ formData }) => change((formData ?? {}) as Record<string, unknown>)}
      omitExtraData={false}
      idPrefix="root"
    />
  );
}
