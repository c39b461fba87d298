/** What the platform says in English with a code and facts, in the reader's language where that is another one. */
import { useLanguage, type Language } from './index';
import { useFormats, type Formats } from './format';

export type Facts = Readonly<Record<string, unknown>>;
/** Undefined where the facts do not tell enough. */
export type Saying<T = string> = (facts: Facts, f: Formats) => T | undefined;
export type Sayings<T = string> = Record<Exclude<Language, 'en'>, Readonly<Record<string, Saying<T>>>>;

/** The platform's own words, in English or where nobody has other ones, by code. */
export function useSaid<T = string>(sayings: Sayings<T>): (code: string | null | undefined, facts: Facts, english: T) => T {
  const lang = useLanguage();
  const f = useFormats();
  return (code, facts, english) => (lang === 'en' || !code ? english : (sayings[lang][code]?.(facts, f) ?? english));
}

export const text = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : Array.isArray(value) ? value.map(text).join(', ') : '');
export const count = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);
