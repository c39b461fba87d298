/** One stream of events for the whole browser: one tab holds it and passes on what it hears to the others.
 *
 * A tab that hid or lost its network looks at everything anew when it is back, whatever it may have missed.
 */
import type { QueryClient } from '@tanstack/react-query';

export type Told = { type: string; subject: string; data: Record<string, unknown> };
export type Connection = 'up' | 'lost';

const STREAM = '/api/v1/organization/events';
const NAME = 'heroes-live';
const HIDDEN_TOO_LONG = 5_000;
const FIRST_PAUSE = 3_000;
const LONGEST_PAUSE = 30_000;

const hearing = new Set<(state: Connection) => void>();
const told = new Set<(event: Told) => void>();
let state: Connection = 'up';

export function connection(): Connection {
  return state;
}

export function onConnection(tell: () => void): () => void {
  hearing.add(tell);
  return () => hearing.delete(tell);
}

/** Be told each event, in whichever tab it was heard. */
export function onEvent(tell: (event: Told) => void): void {
  told.add(tell);
}

function change(next: Connection): void {
  if (next === state) return;
  state = next;
  for (const tell of hearing) tell(next);
}

/** `ask`: a tab that is new wants to know how the stream does. `again`: somebody signed in, so it may be open now. */
type Message = Told | 'gap' | 'ask' | 'again' | Connection;
let reopen: () => void = () => undefined;

/** Somebody has signed in again: do not wait for the next attempt. */
export function listenAgain(): void {
  reopen();
}

/** Follow what happens, for as long as this page lives. */
export function follow(client: QueryClient): void {
  const between = new BroadcastChannel(NAME);
  const later = batched(client);
  let stream: Stream | undefined;
  const heard = (message: Message) => {
    if (message === 'up' || message === 'lost') change(message);
    else if (message === 'gap') void client.invalidateQueries();
    else if (message === 'again') stream?.again();
    else if (message === 'ask') {
      if (stream) between.postMessage(state);
    } else {
      later(message);
      for (const tell of told) tell(message);
    }
  };
  between.onmessage = (event: MessageEvent<Message>) => heard(event.data);
  const pass = (message: Message) => {
    between.postMessage(message);
    heard(message);
  };
  reopen = () => pass('again');
  // Whoever gets the lock holds the stream until its tab closes, or sleeps in the history; then the next one does.
  const queue = () => {
    const gone = new AbortController();
    addEventListener('pagehide', () => gone.abort(), { once: true });
    const hold = () =>
      new Promise<void>((leave) => {
        stream = listen(pass);
        gone.signal.addEventListener('abort', () => {
          stream?.close();
          stream = undefined;
          leave();
        });
      });
    navigator.locks.request(NAME, { signal: gone.signal }, hold).catch(() => undefined);
  };
  queue();
  between.postMessage('ask');
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    queue();
    void client.invalidateQueries();
  });
  addEventListener('offline', () => change('lost'));
  addEventListener('online', () => (stream ? stream.again() : between.postMessage('ask')));
  anew(client);
}

type Stream = { close: () => void; again: () => void };

function listen(pass: (message: Message) => void): Stream {
  let wasLost = false;
  let pause = FIRST_PAUSE;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let source: EventSource;
  const open = () => {
    clearTimeout(timer);
    source = new EventSource(STREAM);
    source.onopen = () => {
      pause = FIRST_PAUSE;
      pass('up');
      if (wasLost) pass('gap');
      wasLost = false;
    };
    source.onerror = () => {
      wasLost = true;
      pass('lost');
      if (source.readyState !== EventSource.CLOSED) return; // it comes back by itself
      timer = setTimeout(open, pause); // the answer was none of a stream
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    };
    source.onmessage = (event: MessageEvent<string>) => pass(JSON.parse(event.data) as Told);
    source.addEventListener('gap', () => pass('gap'));
  };
  const close = () => {
    clearTimeout(timer);
    source.close();
  };
  const again = () => {
    if (source.readyState === EventSource.OPEN) return pass('up');
    close();
    open();
  };
  open();
  return { close, again };
}

const SOON = 300;
const IN_A_STORM = 1_500;

/** Collect what comes within a moment, so that a storm of events is one look and not a thousand. */
function batched(client: QueryClient): (event: Told) => void {
  let due = new Set<string>();
  let looked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    timer = undefined;
    looked = Date.now();
    const keys = due;
    due = new Set();
    for (const key of keys) void client.invalidateQueries({ queryKey: key.split('\0') });
  };
  return (event) => {
    for (const key of touched(event)) due.add(key.join('\0'));
    patch(client, event);
    timer ??= setTimeout(look, Date.now() - looked > 2 * IN_A_STORM ? SOON : IN_A_STORM);
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
  if (family === 'cluster') return [['clusters'], ['cluster']]; // whose pages know it by its name
  if (family === 'notice') return [['awaited'], ['bell'], ['ranking']];
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
}
