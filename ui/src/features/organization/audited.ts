/** Sentences about what was recorded. Pure: names and words are given. */
import type { Name } from '@/api/names';
import { roleTitle } from '@/components/roles';
import type { Formats } from '@/i18n/format';
import type { Record_ } from './queries';
import type { words } from './auditWords';

type Words = typeof words.en;
type Facts = Record<string, unknown>;
/** A piece of a sentence: words, who acted, or something that has an id. */
export type Part = { text: string; who?: boolean; id?: string };

const ID = /^[a-z]{3}_[0-9a-z]+$/;

/** All ids that a record names. */
export function idsOf(record: Record_): string[] {
  const texts = Object.values(record.facts).flatMap((value) => (Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value, value.slice(value.indexOf(':') + 1)] : []));
  return [record.actor_id ?? '', record.object_id ?? '', ...texts].filter((one) => ID.test(one));
}

export function partsOf(record: Record_, names: Map<string, Name> | undefined, w: Words, f: Formats): Part[] {
  const { facts } = record;
  const said = (w.said as Record<string, string | ((facts: Facts) => string)>)[record.action];
  const template = typeof said === 'function' ? said(facts) : (said ?? `{who}: ${record.action.replaceAll(/[._]/g, ' ')} {o}`);
  return template
    .split(/(\{\w+\})/)
    .filter(Boolean)
    .map((piece): Part => {
      if (!/^\{\w+\}$/.test(piece)) return { text: piece };
      const key = piece.slice(1, -1);
      if (key === 'who') return { text: actorOf(record, names, w), who: true };
      if (key === 'amount' && facts.amount) return { text: f.money(String(facts.amount), facts.currency ? String(facts.currency) : null) };
      if (key === 'role') return { text: roleTitle(String(facts.role)) };
      return valued(key === 'o' ? record.object_id : facts[key], names, w);
    });
}

function valued(value: unknown, names: Map<string, Name> | undefined, w: Words): Part {
  if (Array.isArray(value)) return { text: value.map((one) => names?.get(String(one))?.name ?? (w.fields as Record<string, string>)[String(one)] ?? String(one).replaceAll('_', ' ')).join(', ') };
  const told = String(value ?? '–');
  const [kind, rest] = told.includes(':') ? told.split(':', 2) : ['', told];
  if (kind === 'organization') return { text: w.organization };
  if (kind === 'everyone') return { text: w.everyone };
  const id = ID.test(rest ?? '') ? rest : undefined;
  const noun = id && (w.nouns as Record<string, string>)[id.slice(0, 3)];
  return { text: (id && names?.get(id)?.name) ?? (names && noun ? noun : told), id };
}

export function actorOf(record: Record_, names: Map<string, Name> | undefined, w: Words): string {
  const { actor_id: id } = record;
  return !id || id === 'system' ? w.platform : (names?.get(id)?.name ?? (names ? w.nouns.usr : id));
}

/** Where something is shown; undefined where it has no page. */
export function placeOf(org: string, name: Name): { to: string; search?: Record<string, unknown> } | undefined {
  if (!name.open) return undefined;
  const at = `/o/${org}`;
  const cut = name.name.lastIndexOf('/') + 1;
  const encoded = (text: string) => text.split('/').map(encodeURIComponent).join('/');
  switch (name.kind) {
    case 'execution':
      return { to: `${at}/executions/${name.id}` };
    case 'workflow':
      return { to: `${at}/workflows/${name.id}` };
    case 'cluster':
      return { to: `${at}/clusters/${encodeURIComponent(name.name)}` };
    case 'bucket':
      return { to: `${at}/data/${encodeURIComponent(name.name)}/` };
    case 'object':
      return { to: `${at}/data/${encodeURIComponent(name.place ?? '')}/${encoded(name.name.slice(0, cut))}`, search: { sel: [name.name.slice(cut)] } };
    case 'trash':
      return { to: `${at}/data`, search: { view: 'trash' } };
    case 'user':
      return { to: `${at}/organization`, search: { q: name.name } };
    case 'project':
      return { to: `${at}/organization/projects` };
    case 'budget':
      return { to: `${at}/billing` };
    default:
      return ['token', 'credential', 'client'].includes(name.kind) ? { to: `${at}/organization/credentials` } : undefined;
  }
}
