/** Words in two languages, checked by the compiler: a catalogue lacks nothing, or it does not build. */
import { useSyncExternalStore } from 'react';

export type Language = 'en' | 'de';
export const LANGUAGES: Record<Language, string> = { en: 'English', de: 'Deutsch' };

type Said = string | ((...given: never[]) => string);
export type Words = { readonly [name: string]: Said | Words };

/** The shape of a catalogue: the same names, the same parameters, any text. */
export type Same<T> = {
  [K in keyof T]: T[K] extends string ? string : T[K] extends (...given: infer P) => string ? (...given: P) => string : Same<T[K]>;
};

export type Catalogue<T> = { en: T; de: Same<T> };

const KEPT = 'heroes.language';
const listeners = new Set<() => void>();
let current: Language | 'xx' = first();

function first(): Language | 'xx' {
  if (typeof document === 'undefined') return 'en';
  const kept = read();
  if (kept === 'xx') return kept;
  const wanted = kept ?? navigator.language.slice(0, 2);
  return wanted === 'de' ? 'de' : 'en';
}

function read(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

export function language(): Language {
  return current === 'xx' ? 'en' : current;
}

export function setLanguage(wanted: Language): void {
  current = wanted;
  try {
    localStorage.setItem(KEPT, wanted);
  } catch {
    // it then holds until the page is left
  }
  document.documentElement.lang = wanted;
  for (const tell of listeners) tell();
}

/** Call back when the reader chooses another language; returns how to stop that. */
export function onLanguage(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

export function useLanguage(): Language {
  return useSyncExternalStore(onLanguage, language, language);
}

/** Declare the words of a feature; `useWords` gives them in the reader's language. */
export function catalogue<T extends Words>(en: T, de: Same<T>): Catalogue<T> {
  return { en, de };
}

/** The words now, where no component is at hand; German ones have the same shape by construction. */
export function words<T>(all: Catalogue<T>): T {
  if (current === 'xx') return marked(all.en);
  return (current === 'de' ? all.de : all.en) as T;
}

export function useWords<T>(all: Catalogue<T>): T {
  useLanguage();
  return words(all);
}

/** One of two words by number; both languages have these two forms. */
export function plural(n: number, one: string, many: string): string {
  return n === 1 ? one : many;
}

const marks = new WeakMap<object, unknown>();

/** The pseudo-language `xx`: every text in brackets, so that what is not in a catalogue stands out. */
function marked<T>(source: T): T {
  if (typeof source === 'string') return `⟦${source}⟧` as T;
  if (typeof source === 'function') return ((...given: unknown[]) => `⟦${(source as (...given: unknown[]) => string)(...given)}⟧`) as T;
  const known = marks.get(source as object);
  if (known) return known as T;
  const made = Object.fromEntries(Object.entries(source as object).map(([name, value]) => [name, marked(value)])) as T;
  marks.set(source as object, made);
  return made;
}
