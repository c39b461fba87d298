/** Uploads: they go on while other pages are shown; large ones in pieces, which survive a lost connection. */
import type { Upload as Tus } from 'tus-js-client';
import { api, CSRF, onceKey, told } from '@/api/client';
import { isProblem, problemOf } from '@/api/problem';
import { reasonOf } from '@/components/said';

export type Place = 'replace' | 'keep_both' | 'refuse';
export type State = 'queued' | 'sending' | 'paused' | 'finishing' | 'done' | 'failed';

export type Sending = {
  key: number;
  name: string;
  bucket: string;
  path: string;
  size: number;
  sent: number;
  state: State;
  speed: number | null;
  error: string | null;
};

type Job = Sending & { file: File; place: Place; began: number; url?: string; tus?: Tus; stop?: AbortController };

const ENDPOINT = '/api/v1/organization/data/uploads';
/** Below this a file goes in one request; above in pieces that can be resumed. */
export const LARGE = 8 * 1024 * 1024;
const PIECE = 32 * 1024 * 1024;
const AT_ONCE = 3;
const RETRIES = [0, 1000, 3000, 5000, 10_000];

let jobs: Job[] = [];
let shown: readonly Sending[] = [];
let nextKey = 1;
let finished: () => void = () => undefined;
const listeners = new Set<() => void>();

export function onUploads(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

export function uploads(): readonly Sending[] {
  return shown;
}

/** What shall be looked at anew when a file has arrived. */
export function whenArrived(tell: () => void): void {
  finished = tell;
}

function show(): void {
  shown = jobs.map(({ key, name, bucket, path, size, sent, state, speed, error }) => ({ key, name, bucket, path, size, sent, state, speed, error }));
  for (const tell of listeners) tell();
}

let timer: ReturnType<typeof setTimeout> | undefined;
function showSoon(): void {
  timer ??= setTimeout(() => {
    timer = undefined;
    show();
  }, 200);
}

export type Wanted = { file: File; path: string };

export function send(bucket: string, wanted: Wanted[], place: Place, url?: string): void {
  for (const { file, path } of wanted)
    jobs.push({ key: nextKey++, name: file.name, bucket, path, size: file.size, sent: 0, state: 'queued', speed: null, error: null, file, place, began: 0, url });
  show();
  next();
}

function next(): void {
  while (jobs.filter((job) => job.state === 'sending' || job.state === 'finishing').length < AT_ONCE) {
    const job = jobs.find((one) => one.state === 'queued');
    if (!job) return;
    job.state = 'sending';
    job.began = performance.now();
    void (job.size < LARGE && !job.url ? whole(job) : pieces(job));
  }
}

function ended(job: Job, state: State, error: string | null = null): void {
  job.state = state;
  job.error = error;
  if (state === 'done') job.sent = job.size;
  show();
  if (state === 'done' && !jobs.some((one) => one.state === 'queued' && one.bucket === job.bucket)) finished();
  next();
}

/** A small file in one request. `keep_both` goes the way of large ones, which knows it. */
async function whole(job: Job): Promise<void> {
  if (job.place === 'keep_both') return pieces(job);
  job.stop = new AbortController();
  const address = `/api/v1/organization/data/bucket/${encodeURIComponent(job.bucket)}/object/${job.path.split('/').map(encodeURIComponent).join('/')}?mtime=${encodeURIComponent(new Date(job.file.lastModified).toISOString())}`;
  try {
    const answer = await fetch(address, { method: 'PUT', body: job.file, headers: { ...CSRF, 'Idempotency-Key': onceKey(), 'Content-Type': 'application/octet-stream' }, signal: job.stop.signal });
    if (!answer.ok) throw problemOf(answer.status, await answer.json().catch(() => null));
    ended(job, 'done');
  } catch (caught) {
    if (job.state === 'sending') ended(job, 'failed', reasonOf(caught));
  }
}

async function pieces(job: Job): Promise<void> {
  const { Upload } = await import('tus-js-client');
  if (job.state !== 'sending') return;
  const began = { at: performance.now(), from: -1 };
  job.tus = new Upload(job.file, {
    endpoint: ENDPOINT,
    uploadUrl: job.url,
    chunkSize: PIECE,
    retryDelays: RETRIES,
    headers: { ...CSRF },
    metadata: { path: `${job.bucket}:${job.path}`, place: job.place, mtime: new Date(job.file.lastModified).toISOString() },
    storeFingerprintForResuming: false,
    removeFingerprintOnSuccess: true,
    onUploadUrlAvailable: () => {
      job.url = job.tus?.url ?? job.url;
    },
    onProgress: (sent) => {
      if (began.from < 0) began.from = sent;
      job.sent = sent;
      const seconds = (performance.now() - began.at) / 1000;
      job.speed = seconds > 1 ? (sent - began.from) / seconds : null;
      showSoon();
    },
    onError: (error) => {
      if (job.state === 'sending') ended(job, 'failed', messageOf(error));
    },
    onSuccess: () => void arrived(job),
  });
  job.tus.start();
}

/** The words of the platform in what the library made of its answer. */
function messageOf(error: Error): string {
  const body = (error as { originalResponse?: { getBody?: () => string } }).originalResponse?.getBody?.();
  try {
    return reasonOf(problemOf(0, JSON.parse(body ?? ''))) || error.message;
  } catch {
    return error.message;
  }
}

/** All bytes are there: wait until the platform has made a file of them. */
async function arrived(job: Job): Promise<void> {
  job.state = 'finishing';
  show();
  const id = job.url?.split('/').at(-1) ?? '';
  for (let wait = 100; ; wait = Math.min(wait * 2, 3000)) {
    try {
      const now = await told(api.GET('/api/v1/organization/data/uploads/{upload}', { params: { path: { upload: id } } }));
      if (now.state === 'done') return ended(job, 'done');
      if (now.state === 'failed') return ended(job, 'failed', now.error);
    } catch (caught) {
      if (isProblem(caught) && caught.status === 404) return ended(job, 'failed', reasonOf(caught));
    }
    await new Promise((go) => setTimeout(go, wait));
  }
}

const find = (key: number): Job | undefined => jobs.find((job) => job.key === key);

export function pause(key: number): void {
  const job = find(key);
  if (!job || job.state !== 'sending') return;
  job.state = 'paused';
  job.speed = null;
  void job.tus?.abort();
  job.stop?.abort();
  show();
  next();
}

export function goOn(key: number): void {
  const job = find(key);
  if (!job || (job.state !== 'paused' && job.state !== 'failed')) return;
  job.state = 'queued';
  job.error = null;
  show();
  next();
}

/** End an upload; what has arrived of it is forgotten. */
export function stop(key: number): void {
  const job = find(key);
  if (!job) return;
  jobs = jobs.filter((one) => one !== job);
  void job.tus?.abort();
  job.stop?.abort();
  if (job.url && job.state !== 'done') void forget(job.url.split('/').at(-1) ?? '').finally(finished);
  show();
  next();
}

export function forget(upload: string): Promise<unknown> {
  return told(api.DELETE('/api/v1/organization/data/uploads/{upload}', { params: { path: { upload } } }));
}

export function clearDone(): void {
  jobs = jobs.filter((job) => job.state !== 'done');
  show();
}

export function busy(): boolean {
  return jobs.some((job) => ['queued', 'sending', 'finishing'].includes(job.state));
}

if (typeof window !== 'undefined')
  window.addEventListener('beforeunload', (event) => {
    if (busy()) event.preventDefault();
  });

/** Files and the tree they stand in, from what was dropped. */
export async function dropped(transfer: DataTransfer): Promise<Wanted[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry): entry is FileSystemEntry => entry !== null);
  if (entries.length === 0) return [...transfer.files].map((file) => ({ file, path: file.name }));
  const found: Wanted[] = [];
  const walk = async (entry: FileSystemEntry, above: string): Promise<void> => {
    const path = above ? `${above}/${entry.name}` : entry.name;
    if (entry.isFile) found.push({ file: await new Promise<File>((give, fail) => (entry as FileSystemFileEntry).file(give, fail)), path });
    else {
      const reader = (entry as FileSystemDirectoryEntry).createReader();
      for (;;) {
        const some = await new Promise<FileSystemEntry[]>((give, fail) => reader.readEntries(give, fail));
        if (some.length === 0) break;
        for (const inner of some) await walk(inner, path);
      }
    }
  };
  for (const entry of entries) await walk(entry, '');
  return found;
}

/** Files that were chosen; those of a chosen folder know their place in it. */
export function chosen(files: FileList): Wanted[] {
  return [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}
