/** Figures as people read them, in the reader's language. Pure: the language is an argument. */
import { language, useLanguage } from './index';

export type Amount = number | string | null | undefined;

const MINUS = '−';
const KWH = 3_600_000;
const LEAST = 0.0001;

function minus(text: string): string {
  return text.replace(/^-/, MINUS);
}

const made = new Map<string, Intl.NumberFormat>();

function numbers(lang: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = lang + JSON.stringify(options);
  let found = made.get(key);
  if (!found) made.set(key, (found = new Intl.NumberFormat(lang === 'en' ? 'en-IE' : lang, options)));
  return found;
}

/** Cents, but as many decimals as a small price needs to be more than zero. */
function decimals(value: number): number {
  const size = Math.abs(value);
  return size === 0 || size >= 0.1 ? 2 : size >= 0.01 ? 3 : 4;
}

export function money(lang: string, amount: Amount, currency: string | null | undefined): string {
  const value = Number(amount ?? 0);
  if (value !== 0 && Math.abs(value) < LEAST / 2) return `<${money(lang, LEAST, currency)}`;
  return withDecimals(lang, value, currency, Math.abs(value) >= 1000 && Number.isInteger(value) ? 0 : decimals(value));
}

/** Without cents where they do not count: for scales and for tables that are looked over, never for a bill. */
export function roughMoney(lang: string, amount: Amount, currency: string | null | undefined): string {
  const value = Number(amount ?? 0);
  return Math.abs(value) >= 1000 || Number.isInteger(value) ? withDecimals(lang, value, currency, 0) : money(lang, value, currency);
}

function withDecimals(lang: string, value: number, currency: string | null | undefined, digits: number): string {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return minus(numbers(lang, currency ? { style: 'currency', currency, ...options } : options).format(value));
}

/** With all its decimals: figures below one another are compared by them. */
export function score(lang: string, value: number): string {
  return minus(numbers(lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value));
}

/** A range of amounts, the currency once; one amount where both read the same. */
export function amounts(lang: string, low: Amount, high: Amount, currency: string | null | undefined): string {
  const [from, to] = [money(lang, low, null), money(lang, high, null)];
  if (from === to) return money(lang, high, currency);
  const whole = money(lang, high, currency);
  return whole.startsWith(to) ? between(from, whole) : between(money(lang, low, currency), to);
}

export function number(lang: string, value: number, digits = 0): string {
  return minus(numbers(lang, { maximumFractionDigits: digits }).format(value));
}

/** A figure to three places that count. */
export function figure(lang: string, value: number): string {
  return minus(numbers(lang, { maximumSignificantDigits: Math.abs(value) >= 100 ? 4 : 2 }).format(value));
}

export function percent(lang: string, share: number, digits = 0): string {
  return minus(numbers(lang, { style: 'percent', maximumFractionDigits: digits }).format(share)).replace(/(\d)%$/, '$1\u00a0%');
}

/** `42 s`, `57 min`, `2 h 41 min`, `3 d 4 h`. */
export function duration(seconds: number): string {
  const sign = seconds < 0 ? MINUS : '';
  const s = Math.abs(seconds);
  if (s > 0 && s < 0.95) return `${sign}<1 s`;
  if (s < 99.5) return `${sign}${Math.round(s)} s`;
  const minutes = Math.round(s / 60);
  if (minutes < 100) return `${sign}${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${sign}${hours} h ${minutes % 60} min` : `${sign}${hours} h`;
  const days = Math.floor(hours / 24);
  return hours % 24 ? `${sign}${days} d ${hours % 24} h` : `${sign}${days} d`;
}

export type Scale = { unit: string; factor: number };

/** The unit in which a whole column of seconds reads well. */
export function timeScale(largest: number): Scale {
  if (largest < 100) return { unit: 's', factor: 1 };
  if (largest < 3 * 3600) return { unit: 'min', factor: 60 };
  return { unit: 'h', factor: 3600 };
}

export function energyScale(joules: number): Scale {
  if (joules >= KWH / 10) return { unit: 'kWh', factor: KWH };
  if (joules >= 360) return { unit: 'Wh', factor: 3600 };
  return { unit: 'J', factor: 1 };
}

export function energy(lang: string, joules: number): string {
  const { unit, factor } = energyScale(Math.abs(joules));
  return `${figure(lang, joules / factor)} ${unit}`;
}

export function power(lang: string, watts: number): string {
  return Math.abs(watts) >= 1000 ? `${figure(lang, watts / 1000)} kW` : `${figure(lang, watts)} W`;
}

/** Joules for the title of a figure in kWh. */
export function joules(lang: string, value: number): string {
  return `${number(lang, Math.round(value))} J`;
}

export function bytes(lang: string, size: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = size;
  let at = 0;
  while (value >= 999.5 && at < units.length - 1) {
    value /= 1000;
    at += 1;
  }
  return `${at === 0 ? number(lang, value) : figure(lang, value)} ${units[at]}`;
}

export function between(low: string, high: string): string {
  return low === high ? low : `${low}–${high}`;
}

/** `5 s` beside `13 s` is `5`: a range tells its unit once, where both ends have the same. */
export function sameUnit(low: string, high: string): string {
  const [, figure, unit] = /^(\S+) (\D+)$/.exec(low) ?? [];
  return figure !== undefined && unit !== undefined && high.endsWith(` ${unit}`) && /^\S+ \D+$/.test(high) ? figure : low;
}

/** A range of two figures in words, its unit once; one figure where both read the same. */
export function spanned(low: string, high: string): string {
  return low === high ? high : between(sameUnit(low, high), high);
}

function sameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString();
}

/** `14:02` today, `20 Nov, 14:02` this year, else with the year. */
export function when(lang: string, at: string | Date, now: Date = new Date()): string {
  const date = new Date(at);
  const locale = lang === 'en' ? 'en-GB' : lang;
  if (sameDay(date, now)) return date.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
  const year = date.getFullYear() === now.getFullYear() ? undefined : 'numeric';
  return date.toLocaleString(locale, { day: 'numeric', month: 'short', year, hour: '2-digit', minute: '2-digit' });
}

export function clock(lang: string, at: string | Date, seconds = false): string {
  const second = seconds ? '2-digit' : undefined;
  return new Date(at).toLocaleTimeString(lang === 'en' ? 'en-GB' : lang, { hour: '2-digit', minute: '2-digit', second });
}

/** `26 Oct`, for the foot of a plot. */
export function shortDay(lang: string, at: string | Date): string {
  return new Date(at).toLocaleDateString(lang === 'en' ? 'en-GB' : lang, { day: 'numeric', month: 'short' });
}

/** `24–28 Nov`, or one day where both are the same; of another year with it. */
export function days(lang: string, from: number, to: number): string {
  const year = new Date(to).getFullYear() === new Date().getFullYear() ? undefined : 'numeric';
  return new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, { day: 'numeric', month: 'short', year }).formatRange(from, to).replace(/\s?–\s?/, '–');
}

export function day(lang: string, at: string | Date): string {
  return new Date(at).toLocaleDateString(lang === 'en' ? 'en-GB' : lang, { day: 'numeric', month: 'short', year: 'numeric' });
}

/** `November 2026`. */
export function month(lang: string, at: string | Date): string {
  return new Date(at).toLocaleDateString(lang === 'en' ? 'en-GB' : lang, { month: 'long', year: 'numeric' });
}

/** All formats, bound to the reader's language. */
export function formats(lang: string = language()) {
  return {
    money: (amount: Amount, currency: string | null | undefined) => money(lang, amount, currency),
    roughMoney: (amount: Amount, currency: string | null | undefined) => roughMoney(lang, amount, currency),
    amounts: (low: Amount, high: Amount, currency: string | null | undefined) => amounts(lang, low, high, currency),
    number: (value: number, digits = 0) => number(lang, value, digits),
    score: (value: number) => score(lang, value),
    figure: (value: number) => figure(lang, value),
    percent: (share: number, digits = 0) => percent(lang, share, digits),
    energy: (value: number) => energy(lang, value),
    joules: (value: number) => joules(lang, value),
    power: (watts: number) => power(lang, watts),
    bytes: (size: number) => bytes(lang, size),
    when: (at: string | Date) => when(lang, at),
    clock: (at: string | Date, seconds = false) => clock(lang, at, seconds),
    day: (at: string | Date) => day(lang, at),
    days: (from: number, to: number) => days(lang, from, to),
    month: (at: string | Date) => month(lang, at),
    shortDay: (at: string | Date) => shortDay(lang, at),
    duration,
  };
}

export type Formats = ReturnType<typeof formats>;

export function useFormats(): Formats {
  return formats(useLanguage());
}
