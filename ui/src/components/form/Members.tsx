/** The inputs of a form in the groups that their author gave them; those for experts are folded away until wanted. */
import { generateTemplates } from '@rjsf/mui';
import type { ObjectFieldTemplateProps, RJSFSchema } from '@rjsf/utils';
import { Fragment, type ComponentType } from 'react';
import { useWords } from '@/i18n';
import { words } from '../words';

const Nested = generateTemplates().ObjectFieldTemplate as ComponentType<ObjectFieldTemplateProps>;

type Grouped = RJSFSchema & { 'x-group'?: string; 'x-advanced'?: boolean };

/** Names by group, in the order in which each first appears; without a group comes first. Pure. */
export function grouped(schema: RJSFSchema): { groups: [string, string[]][]; advanced: string[] } {
  const groups = new Map<string, string[]>([['', []]]);
  const advanced: string[] = [];
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    const one = inner as Grouped;
    if (one['x-advanced']) advanced.push(name);
    else groups.set(one['x-group'] ?? '', [...(groups.get(one['x-group'] ?? '') ?? []), name]);
  }
  return { groups: [...groups].filter(([, names]) => names.length > 0), advanced };
}

export function Members(props: ObjectFieldTemplateProps) {
  const w = useWords(words);
  const { properties, schema, fieldPathId, registry } = props;
  if (fieldPathId.$id !== 'root') return <Nested {...props} />;
  const { groups, advanced } = grouped(schema);
  const wrong = (registry.formContext as { wrong?: string[] }).wrong ?? [];
  const field = (name: string) => <Fragment key={name}>{properties.find((one) => one.name === name)?.content}</Fragment>;
  return (
    <div className="members">
      {groups.map(([group, names]) =>
        group === '' ? (
          names.map(field)
        ) : (
          <fieldset key={group} className="members">
            <legend className="label">{group}</legend>
            {names.map(field)}
          </fieldset>
        ),
      )}
      {advanced.length > 0 && (
        <details open={advanced.some((name) => wrong.includes(name))}>
          <summary>{w.advanced(advanced.length)}</summary>
          <div className="members gap-top">{advanced.map(field)}</div>
        </details>
      )}
    </div>
  );
}
