/** One stream of events for the whole browser: one tab holds it and passes on what it hears to the others.
 *
 * A tab that hid or lost its network looks at everything anew when it is back, whatever it may have missed.
 */
import type { QueryClient } from '@tanstack/react-query';

type Told = { type: string; subject: string; data: Record<string, unknown> };
export type Connection = 'up' | 'lost';

const STREAM = '/api/v1/organization/events';
const LOCK = 'heroes-live';
const HIDDEN_TOO_LONG = 5_000;

const hearing = new Set<(state: Connection) => void>();
let state: Connection = 'up';

export function connection(): Connection {
  return state;
}

export function onConnection(tell: () => void): () => void {
  hearing.add(tell);
  return () => hearing.delete(tell);
}

function change(next: Connection): void {
  if (next === state) return;
  state = next;
  for (const tell of hearing) tell(next);
}

/** Follow what happens, for as long as this page lives. */
export function follow(client: QueryClient): void {
  const between = new BroadcastChannel(LOCK);
  const later = batched(client);
  const heard = (message: Told | 'gap' | Connection) => {
    if (message === 'up' || message === 'lost') change(message);
    else if (message === 'gap') void client.invalidateQueries();
    else later(message);
  };
  between.onmessage = (event: MessageEvent<Told | 'gap' | Connection>) => heard(event.data);
  const pass = (message: Told | 'gap' | Connection) => {
    between.postMessage(message);
    heard(message);
  };
  // Whoever gets the lock holds the stream until its tab closes; then the next one does.
  void navigator.locks.request(LOCK, () => new Promise<never>(() => listen(pass)));
  anew(client);
}

function listen(pass: (message: Told | 'gap' | Connection) => void): void {
  let wasLost = false;
  let source: EventSource;
  const open = () => {
    source = new EventSource(STREAM);
    source.onopen = () => {
      pass('up');
      if (wasLost) pass('gap');
      wasLost = false;
    };
    source.onerror = () => {
      wasLost = true;
      pass('lost');
      if (source.readyState === EventSource.CLOSED) setTimeout(open, 3000); // the answer was none of a stream
    };
    source.onmessage = (event: MessageEvent<string>) => pass(JSON.parse(event.data) as Told);
    source.addEventListener('gap', () => pass('gap'));
  };
  open();
  addEventListener('pagehide', () => source.close());
}

/** Collect what comes within a moment, so that a storm of events is one look and not a thousand. */
function batched(client: QueryClient): (event: Told) => void {
  let due = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    timer = undefined;
    const keys = due;
    due = new Set();
    for (const key of keys) void client.invalidateQueries({ queryKey: key.split('\0') });
  };
  return (event) => {
    for (const key of touched(event)) due.add(key.join('\0'));
    patch(client, event);
    timer ??= setTimeout(look, 400);
  };
}

/** The queries whose answers an event may have changed. */
export function touched(event: Told): string[][] {
  const family = event.type.split('.')[0] ?? '';
  if (['execution', 'step', 'job'].includes(family)) {
    const execution = String(event.data.execution ?? event.subject);
    const keys = [['execution', execution], ['executions']];
    return event.type.endsWith('finished') || event.type.endsWith('failed') ? [...keys, ['budgets']] : keys;
  }
  if (family === 'budget') return [['budgets'], ['ledger']];
  if (family === 'cluster') return [['clusters'], ['cluster', event.subject]];
  if (family === 'workflow') return [['workflows'], ['workflow', event.subject]];
  return [];
}

/** What the event itself already says is shown at once. */
function patch(client: QueryClient, event: Told): void {
  const status = event.data.status;
  if (!event.type.startsWith('execution.') || typeof status !== 'string') return;
  client.setQueryData(['execution', event.subject, 'overview'], (old: object | undefined) => (old ? { ...old, status } : old));
}

function anew(client: QueryClient): void {
  let hiddenAt = 0;
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (hiddenAt && Date.now() - hiddenAt > HIDDEN_TOO_LONG) void client.invalidateQueries();
  });
  addEventListener('online', () => void client.invalidateQueries());
  addEventListener('offline', () => change('lost'));
}
