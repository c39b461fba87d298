import type { Schemas } from '@/api/client';
import { useWords } from '@/i18n';
import type { StepProps } from '../Submit';
import { words } from '../submitWords';

type Wishes = NonNullable<Schemas['Request']['resources']>;

export function Resources({ draft, change, template }: StepProps) {
  const w = useWords(words);
  const wishes: Wishes = draft.request.resources ?? {};
  const set = (next: Wishes) => {
    const kept = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined && value !== ''));
    change({ request: { ...draft.request, resources: Object.keys(kept).length ? (kept) : undefined } });
  };
  const written = (name: string): string => {
    const said = [...new Set(template.steps.map((step) => step.resources[name]).filter((one) => one !== null && one !== undefined))];
    return said.length === 1 ? String(said[0]) : w.asWritten;
  };
  const whole = (text: string): number | undefined => (text === '' || !Number.isInteger(Number(text)) ? undefined : Number(text));
  return (
    <div className="form-col">
      <p className="t2">{w.resourcesText}</p>
      <div className="res">
        {(['cores', 'nodes', 'gpus'] as const).map((name) => (
          <p className="field" key={name}>
            <label htmlFor={name}>{w[name]}</label>
            <input className="input num" id={name} type="number" min={name === 'gpus' ? 0 : 1} placeholder={written(name)} value={wishes[name] ?? ''} onChange={(event) => set({ ...wishes, [name]: whole(event.target.value) })} />
          </p>
        ))}
        {(['memory', 'walltime'] as const).map((name) => (
          <p className="field" key={name}>
            <label htmlFor={name}>{w[name]}</label>
            <input className="input num" id={name} placeholder={written(name)} value={wishes[name] ?? ''} onChange={(event) => set({ ...wishes, [name]: event.target.value || undefined })} aria-describedby={`${name}-help`} />
            <span className="help" id={`${name}-help`}>
              {name === 'memory' ? w.memoryHelp : w.walltimeHelp}
            </span>
          </p>
        ))}
      </div>
    </div>
  );
}
