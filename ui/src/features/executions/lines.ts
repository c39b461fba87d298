/** What a line of a log says of itself. Pure. */
import type { Schemas } from '@/api/client';

export type LogLine = Schemas['LogLineOut'];
export type Level = NonNullable<LogLine['level']>;
export const LEVELS: readonly Level[] = ['error', 'warning', 'info', 'debug'];

const MOMENT = '(?:[\\[(]?(?:\\d{4}-\\d\\d-\\d\\d[T ])?\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?(?:Z|[+-]\\d\\d:?\\d\\d)?[\\])]?[ \\t:|-]*)?';
const NAMED: Record<Level, string> = {
  error: 'error|err|fatal|critical|severe|panic|fail(?:ed|ure)?|traceback|segmentation fault|[a-z_.]*(?:error|exception)(?=:)|foam fatal(?: io)? error',
  warning: 'warning|warn|foam warning',
  info: 'info|notice',
  debug: 'debug|trace|verbose',
};
const HEAD = new RegExp(`^[ \\t]*${MOMENT}[-*>=! ]{0,6}[\\[(<]?(?:${LEVELS.map((one) => `(?<${one}>${NAMED[one]})`).join('|')})(?![a-z0-9_])`, 'i');

/** The level that the word at its beginning tells: the same words that the platform goes by. */
export function levelOf(line: string): Level | null {
  const found = HEAD.exec(line)?.groups;
  return (found && LEVELS.find((one) => found[one] !== undefined)) ?? null;
}

const PRINTED = /^[\s[(<]*(?:\d{4}-\d\d-\d\d[T ])?(\d\d:\d\d:\d\d)/;
/** The time of day that the program itself printed at the beginning of a line. */
export function printedTime(line: string): string | null {
  return PRINTED.exec(line)?.[1] ?? null;
}

/** Lines that came after others; the first goes on with the last of those if that had no end. */
export function appended(before: LogLine[], open: boolean, piece: string, next: number, now: string, keep: number): { lines: LogLine[]; open: boolean } {
  if (!piece) return { lines: before, open };
  const texts = piece.split('\n');
  const rest = texts.pop() ?? '';
  const lines = [...before];
  const add = (text: string, from: number) => lines.push({ number: next + from, text, level: levelOf(text), seen_at: now });
  const last = lines.at(-1);
  let joined = 0;
  if (open && last && texts.length + (rest ? 1 : 0) > 0) {
    const more = texts.length > 0 ? texts[0] : rest;
    const text = last.text + more;
    lines[lines.length - 1] = { ...last, text, level: levelOf(text) };
    joined = 1;
  }
  const whole = rest ? [...texts, rest] : texts;
  whole.slice(joined).forEach((text, at) => add(text, at));
  return { lines: lines.length > keep ? lines.slice(-keep) : lines, open: rest !== '' };
}
