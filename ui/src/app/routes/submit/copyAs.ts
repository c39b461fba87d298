/** The same order as a command line, or as one call of the API. Secrets are never part of it. */
import type { Schemas } from '@/api/client';

type Order = Schemas['Submission'];

/** A word as a shell takes it. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function flat(value: unknown): string {
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join(',');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

export function asCommand(order: Order, name: string): string {
  const words = ['heroes', 'run', name];
  const add = (option: string, value: string | null | undefined) => {
    if (value !== null && value !== undefined) words.push(option, value);
  };
  for (const [parameter, value] of Object.entries(order.parameters ?? {})) add('-p', `${parameter}=${flat(value)}`);
  for (const [resource, value] of Object.entries(order.resources ?? {})) if (value !== null && value !== undefined) add('--resource', `${resource}=${String(value)}`);
  add('--version', order.version);
  add('--policy', order.policy);
  if (order.weights) add('--weights', Object.entries(order.weights).map(([key, value]) => `${key}=${Number(value.toFixed(4))}`).join(','));
  add('--project', order.project);
  add('--cluster', order.cluster);
  add('--queue', order.queue);
  add('--because', order.because);
  add('--max-cost', order.max_cost);
  return words.map(quoted).join(' ');
}

export function asCurl(order: Order): string {
  const address = `${location.origin}/api/v1/organization/workflow/submit`;
  return `curl -X POST ${address} -H "Authorization: Bearer $HEROES_TOKEN" -H 'Content-Type: application/json' -d ${quoted(JSON.stringify(order))}`;
}
