import { infiniteQueryOptions, queryOptions, type QueryClient } from '@tanstack/react-query';
import { api, onceKey, page, told, type Schemas } from '@/api/client';

export type Bucket = Schemas['BucketOut'];
export type Item = Schemas['ObjectOut'];
export type Operation = Schemas['OperationOut'];
export type Upload = Schemas['UploadOut'];
export type Trashed = Schemas['TrashedOut'];

export const PAGE = 200;
const once = () => ({ 'Idempotency-Key': onceKey() });

export const bucketsQuery = queryOptions({
  queryKey: ['data', 'buckets'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/data/list', { params: { query: { limit: 500 } }, signal })),
});

/** What lies in a folder, page by page in the order of names; `begins` narrows to names that begin so. */
export const folderQuery = (bucket: string, folder: string, begins: string) =>
  infiniteQueryOptions({
    queryKey: ['data', 'folder', bucket, folder, begins],
    queryFn: ({ signal, pageParam }) =>
      page(api.GET('/api/v1/organization/data/bucket/{bucket}/list', { params: { path: { bucket }, query: { prefix: `${folder ? `${folder}/` : ''}${begins}`, limit: PAGE, cursor: pageParam ?? undefined } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

export const sizeQuery = (bucket: string, file: string) =>
  queryOptions({
    queryKey: ['data', 'size', bucket, file],
    queryFn: ({ signal }) => told(api.GET('/api/v1/organization/data/size', { params: { query: { bucket, file } }, signal })),
  });

/** How many executions, of those one may see, took one of these as input, or a file below it. */
export const usesQuery = (bucket: string, files: string[]) =>
  queryOptions({
    queryKey: ['data', 'uses', bucket, files],
    queryFn: async ({ signal }) => {
      const takes = files.map((file) => `${bucket}:${file}`);
      return (await page(api.GET('/api/v1/organization/workflow/executions', { params: { query: { takes, limit: 1 } }, signal }))).total ?? 0;
    },
  });

export const objectQuery = (bucket: string, file: string) =>
  queryOptions({
    queryKey: ['data', 'object', bucket, file],
    queryFn: ({ signal }) => told(api.GET('/api/v1/organization/data/object', { params: { query: { bucket, file } }, signal })),
  });

export const versionsQuery = (bucket: string, file: string) =>
  queryOptions({
    queryKey: ['data', 'versions', bucket, file],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/data/versions', { params: { query: { bucket, file, limit: 100 } }, signal })),
  });

export const sharesQuery = (bucket: string) =>
  queryOptions({
    queryKey: ['data', 'shares', bucket],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/data/bucket/{bucket}/share', { params: { path: { bucket } }, signal })),
  });

export const trashQuery = (cursor?: string) =>
  queryOptions({
    queryKey: ['data', 'trash', cursor ?? ''],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/data/trash', { params: { query: { limit: 100, cursor } }, signal })),
  });

export const uploadsQuery = queryOptions({
  queryKey: ['data', 'uploads'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/data/uploads', { params: { query: { limit: 100 } }, signal })),
});

/** Moves and deletes under way, or failed lately; looked at often only while some go on. */
export const operationsQuery = queryOptions({
  queryKey: ['data', 'operations'],
  queryFn: ({ signal }) => page(api.GET('/api/v1/organization/operations/list', { params: { query: { unfinished: true, limit: 50 } }, signal })),
  refetchInterval: (query) => (query.state.data?.rows.some((one) => one.state !== 'failed') ? 2000 : false),
});

export function downloadAddress(bucket: string, file: string, version?: string): string {
  const query = new URLSearchParams({ bucket, file, ...(version ? { version_id: version } : {}) });
  return `/api/v1/organization/data/download?${query.toString()}`;
}

export function makeFolder(bucket: string, path: string) {
  return told(api.POST('/api/v1/organization/data/folder', { body: { bucket, path }, headers: once() }));
}

export function move(source: string, target: string): Promise<Operation> {
  return told(api.POST('/api/v1/organization/data/move', { body: { source, target }, headers: once() }));
}

export function throwAway(bucket: string, path: string): Promise<Trashed> {
  return told(api.POST('/api/v1/organization/data/trash', { body: { bucket, path }, headers: once() }));
}

export function recover(trashed: string, target?: string): Promise<Operation> {
  return told(api.POST('/api/v1/organization/data/trash/{trashed}/restore', { params: { path: { trashed } }, body: { target }, headers: once() }));
}

export function deleteForGood(trashed: string): Promise<Operation> {
  return told(api.DELETE('/api/v1/organization/data/trash/{trashed}', { params: { path: { trashed } } }));
}

export function restoreVersion(bucket: string, file: string, version_id: string) {
  return told(api.POST('/api/v1/organization/data/restore', { body: { bucket, file, version_id }, headers: once() }));
}

export function existing(bucket: string, paths: string[]): Promise<{ taken: string[] }> {
  return told(api.POST('/api/v1/organization/data/existing', { body: { bucket, paths } }));
}

/** All that shows files is looked at anew: what lies where has changed. */
export function changed(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: ['data'] });
}

export const join = (folder: string, name: string): string => (folder ? `${folder}/${name}` : name);
export const plain = (path: string): string => path.replace(/\/$/, '');
export const lastOf = (path: string): string => plain(path).split('/').at(-1) ?? path;
export const folderOf = (path: string): string => plain(path).split('/').slice(0, -1).join('/');

export type Takes = 'file' | 'folder';

/** The workflows that have an input for it. */
export const takersQuery = (takes: Takes) =>
  queryOptions({
    queryKey: ['workflows', 'taking', takes],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/workflow/list', { params: { query: { limit: 200, takes } }, signal })),
  });

/** The execution whose folder this is or lies in: what runs bring home lies there. */
export const madeBy = (path: string): string | undefined => /^executions\/(exe_[0-9a-z]+)(?:\/|$)/.exec(path)?.[1];
