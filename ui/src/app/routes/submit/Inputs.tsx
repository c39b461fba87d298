import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Pointed } from '@/api/problem';
import { codeOf } from '@/components/form/keywords';
import { useFaultText } from '@/components/said';
import { SchemaForm } from '@/components/form/SchemaForm';
import { validator } from '@/components/form/validator';
import { inputsOf } from '@/features/workflows/queries';
import { useWords } from '@/i18n';
import type { StepProps } from '../Submit';
import { words } from '../submitWords';
import { ToPutRight } from './blockers';
import { FileField } from './FileField';

/** Problems that the schema itself tells, before the platform is asked. */
function faultsOf(schema: object, value: Record<string, unknown>): Pointed[] {
  const { errors } = validator.validateFormData(value, schema);
  return errors.map((error) => ({ pointer: `/parameters${(error.property ?? '').replaceAll('.', '/')}`, message: error.message ?? '', ...codeOf(error, schema) }));
}

export default function Inputs({ draft, change, template, problems, changes, onNext }: StepProps & { problems: Pointed[]; changes: ReactNode; onNext: () => void }) {
  const w = useWords(words);
  const faultText = useFaultText();
  const [own, setOwn] = useState<Pointed[]>([]);
  const summary = useRef<HTMLDivElement>(null);
  const value = draft.request.parameters ?? {};
  const all = inputsOf(template);
  const here = [...own, ...problems].filter((one) => one.pointer.startsWith('/parameters')).map((one) => ({ ...one, pointer: one.pointer.slice('/parameters'.length), message: faultText(one) }));
  const next = () => {
    const found = faultsOf(template.schema, value);
    setOwn(found);
    if (found.length === 0) onNext();
  };
  useEffect(() => {
    if (own.length > 0) summary.current?.focus();
  }, [own]);
  const titles = Object.fromEntries(all.map(([name, schema]) => [name, schema.title ?? name]));
  return (
    <div className="form-col">
      {draft.from && <p className="t3">{w.prefilled(draft.from)}</p>}
      {changes}
      {own.length > 0 && (
        <div className="blockers" role="alert" tabIndex={-1} ref={summary}>
          <ToPutRight count={own.length} />
          <ul>
            {own.map((one) => {
              const name = one.pointer.split('/')[2] ?? '';
              return (
                <li key={one.pointer + one.message}>
                  <a
                    href={`#root_${name}`}
                    onClick={(event) => {
                      event.preventDefault();
                      document.getElementById(`root_${name}`)?.focus();
                    }}
                  >
                    {titles[name] ?? name}
                  </a>{' '}
                  {faultText(one)}
                </li>
              );
            })}
          </ul>
        </div>
      )}
      {all.length === 0 ? <p className="t2">{w.noInputs}</p> : <SchemaForm id="inputs" schema={template.schema} value={value} change={(parameters) => change({ request: { ...draft.request, parameters } })} problems={here} fileField={FileField} />}
      <button type="button" id="inputs-next" hidden onClick={next}>
        {w.toResources}
      </button>
    </div>
  );
}
