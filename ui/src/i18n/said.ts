/**
 * What the platform says in English with a code and facts, in the reader's language where that is another one.
 *
 * The words of such a language are one chunk of their own, asked for by those who read it; until it is there, and
 * where it has no word for a code, English stands.
 */
import { useSyncExternalStore } from 'react';
import { language, onLanguage, useLanguage } from './index';
import { formats, useFormats, type Formats } from './format';
import type * as German from './german';

export type { Formats };
export type Facts = Readonly<Record<string, unknown>>;
/** Undefined where the facts do not tell enough. */
export type Saying<T = string> = (facts: Facts, f: Formats) => T | undefined;
export type Sayings<T = string> = Readonly<Record<string, Saying<T>>>;

type Tables = typeof German;
export type Kind = keyof Tables;
/** What a kind of saying gives: a sentence, or a few of them by name. */
type Said<K extends Kind> = Tables[K] extends Sayings<infer T> ? T : never;

const listeners = new Set<() => void>();
let tables: Tables | undefined;
let asked = false;

function ask(): void {
  if (asked || language() !== 'de') return;
  asked = true;
  import('./german')
    .then((found) => {
      tables = found;
      for (const tell of listeners) tell();
    })
    .catch(() => {
      asked = false; // no connection now: English stands, and the next page asks again
    });
}

function listen(tell: () => void): () => void {
  ask();
  listeners.add(tell);
  const stop = onLanguage(ask);
  return () => {
    listeners.delete(tell);
    stop();
  };
}

if (typeof document !== 'undefined') ask();

function own<K extends Kind>(from: Tables, kind: K, code: string, facts: Facts | null | undefined, f: Formats): Said<K> | undefined {
  return (from[kind] as unknown as Sayings<Said<K>>)[code]?.(facts ?? {}, f);
}

/** The same where no component is at hand: in the reader's language as far as its words are there now. */
export function saidNow<K extends Kind>(kind: K, code: string | null | undefined, facts: Facts | null | undefined, english: Said<K>): Said<K> {
  return (language() !== 'en' && code && tables && own(tables, kind, code, facts, formats())) || english;
}

/** The platform's own words, in English or where nobody has other ones, by code. */
export function useSaid<K extends Kind>(kind: K): (code: string | null | undefined, facts: Facts | null | undefined, english: Said<K>) => Said<K> {
  const lang = useLanguage();
  const f = useFormats();
  const there = useSyncExternalStore(
    listen,
    () => tables,
    () => undefined,
  );
  return (code, facts, english) => {
    if (lang === 'en' || !code || !there) return english;
    return own(there, kind, code, facts, f) ?? english;
  };
}
