import { queryOptions } from '@tanstack/react-query';
import { api, page, told, type Schemas } from '@/api/client';

export type Workflow = Schemas['heroes__workflows__schemas__WorkflowOut'];
export type Template = Schemas['TemplateOut'];

export const PAGE = 50;

export const workflowsQuery = (cursor?: string) =>
  queryOptions({
    queryKey: ['workflows', cursor ?? ''],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/workflow/list', { params: { query: { limit: PAGE, cursor } }, signal })),
  });

/** Those of these workflows that one may see. */
export const someWorkflowsQuery = (ids: string[]) =>
  queryOptions({
    queryKey: ['workflows', 'some', ids],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/workflow/list', { params: { query: { id: ids, limit: PAGE } }, signal })),
  });

/** What the own organization took off the list. */
export const withdrawnQuery = queryOptions({
  queryKey: ['workflows', 'withdrawn'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/workflow/list', { params: { query: { withdrawn: true, limit: 1000 } }, signal })),
});

export const templateQuery = (id: string, version?: string) =>
  queryOptions({
    queryKey: ['workflow', id, version ?? ''],
    queryFn: ({ signal }) => told(api.GET('/api/v1/organization/workflow/template/{wtid}', { params: { path: { wtid: id }, query: { version } }, signal })),
    staleTime: 60_000,
  });

/** What may be entered, as JSON Schema 2020-12. */
export type Schema = { type?: string; title?: string; description?: string; properties?: Record<string, Schema>; required?: string[]; default?: unknown; unit?: string; format?: string; advanced?: boolean; enum?: unknown[]; items?: Schema };

export function inputsOf(template: Template): [string, Schema][] {
  return Object.entries((template.schema as Schema).properties ?? {});
}

/** The input that takes this file or folder, with it as its value: a required one first. */
export function takenIn(template: Template, format: 'file' | 'folder', reference: string | undefined): Record<string, unknown> {
  if (reference === undefined) return {};
  const needed = new Set((template.schema as Schema).required);
  const fit = inputsOf(template).filter(([, schema]) => schema.format === format || schema.items?.format === format);
  const [name, schema] = fit.find(([one]) => needed.has(one)) ?? fit[0] ?? [];
  if (name === undefined) return {};
  return { [name]: schema?.items ? [reference] : reference };
}
