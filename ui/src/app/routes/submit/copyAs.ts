/** The same order as a command line, or as one call of the API. Secrets are never part of it. */
import type { Schemas } from '@/api/client';
import { BEARER, inPython, literal, quoted, type Forms } from '@/components/copied';
import type { Draft } from '@/features/executions/drafts';
import type { Candidate } from '@/features/placement/queries';

export type Order = Schemas['Submission'];

const PLACES = 4;

/** What the page sends: its fields in the order of the command line's, so that the copied command sends the same bytes. */
export function ordered(order: Order): Order {
  const { wtid, parameters, version, policy, weights, project, resources, deadline, cluster, queue, because, max_cost, notices } = order;
  const weighed = weights ? Object.fromEntries(Object.entries(weights).map(([key, value]) => [key, Number(value.toFixed(PLACES))])) : undefined;
  const all = { wtid, parameters: parameters ?? {}, version, policy, weights: weighed, project, resources, deadline, cluster, queue, because, max_cost, notices };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== null)) as Order;
}

/** What a draft sends: at the chosen place where somebody chose one, else wherever comes first. */
export function orderOf(draft: Draft, chosen: Candidate): Order {
  const place = draft.cluster ? { cluster: chosen.cluster_id, queue: chosen.queue } : {};
  return ordered({ ...draft.request, ...place, because: draft.because || undefined, max_cost: draft.maxCost || undefined, notices: draft.notices });
}

function flat(value: unknown): string {
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object' && /^[^,[]+$/.test(String(one)) && String(one).trim() === String(one))) return value.join(',');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

export function asCommand(order: Order): string {
  const words = ['heroes', 'run', order.wtid];
  const add = (option: string, value: string | null | undefined) => {
    if (value !== null && value !== undefined) words.push(option, value);
  };
  for (const [parameter, value] of Object.entries(order.parameters ?? {})) add('-p', `${parameter}=${flat(value)}`);
  for (const [resource, value] of Object.entries(order.resources ?? {})) if (value !== null && value !== undefined) add('--resource', `${resource}=${String(value)}`);
  add('--version', order.version);
  add('--policy', order.policy);
  if (order.weights) add('--weights', Object.entries(order.weights).map(([key, value]) => `${key}=${value}`).join(','));
  add('--deadline', order.deadline);
  add('--project', order.project);
  add('--cluster', order.cluster);
  add('--queue', order.queue);
  add('--because', order.because);
  if (order.notices) add('--notices', order.notices.join(',') || 'none');
  add('--max-cost', order.max_cost);
  if (!order.cluster) words.push('--yes'); // as on the page, whichever place is first
  return words.map(quoted).join(' ');
}

export function asCurl(order: Order): string {
  const address = `${location.origin}/api/v1/organization/workflow/submit`;
  return `curl -X POST ${address} ${BEARER} -H 'Content-Type: application/json' -d ${quoted(JSON.stringify(order))}`;
}

/** The order as YAML, each value as JSON, which YAML holds. */
export function asYaml(order: Order): string {
  const line = (name: string, value: unknown, indent = '') => `${indent}${/^[\w-]+$/.test(name) ? name : JSON.stringify(name)}: ${JSON.stringify(value)}\n`;
  return Object.entries(order)
    .map(([name, value]) => (name === 'parameters' && Object.keys(value as object).length > 0 ? `parameters:\n${Object.entries(value as object).map(([one, said]) => line(one, said, '  ')).join('')}` : line(name, value)))
    .join('');
}

export function asPython({ wtid, parameters, ...wishes }: Order): string {
  const named = Object.entries(wishes).map(([name, value]) => `, ${name}=${literal(value)}`);
  return inPython(`started = heroes.run(${literal(wtid)}, ${literal(parameters ?? {})}${named.join('')})`, 'print(started["wid"])');
}

export function formsOf(order: Order): Forms {
  return { cli: asCommand(order), yaml: asYaml(order), curl: asCurl(order), python: asPython(order) };
}
