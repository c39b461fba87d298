/** What a page shows, for a terminal or a program. Pure. A token is never part of it, only the name of its variable. */
export type Forms = { cli?: string; yaml?: string; curl: string; python: string; link?: string };
export type Asked = Record<string, string | number | boolean | null | undefined>;

/** A word as a shell takes it. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A value as Python writes it. */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object') return `{${Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${literal(one)}`).join(', ')}}`;
  return JSON.stringify(value);
}

/** Lines of Python that work with the platform that this page is of. */
export function inPython(...lines: string[]): string {
  return ['import os', '', 'from heroes.client import Heroes', '', `with Heroes(${literal(location.origin)}, token=os.environ["HEROES_TOKEN"]) as heroes:`, ...lines.map((line) => `    ${line}`), ''].join('\n');
}

export const BEARER = '-H "Authorization: Bearer $HEROES_TOKEN"';

/** How the same is read elsewhere: `path` as the API's document has it, after `/api/v1`; `cli` with its words and options. */
export function read(path: string, cli: string[], { query = {}, list = true }: { query?: Asked; list?: boolean } = {}): Forms {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  const named = given.map(([name, value]) => `, ${name}=${literal(value)}`).join('');
  const options = given.flatMap(([name, value]) => [`--${name.replaceAll('_', '-')}`, ...(value === true ? [] : [String(value)])]);
  return {
    cli: ['heroes', ...cli, ...options].map(quoted).join(' '),
    curl: `curl ${quoted(`${location.origin}/api/v1${path}${search && `?${search}`}`)} ${BEARER}`,
    python: list ? inPython(`for row in heroes.pages(${literal(path)}${named}):`, '    print(row)') : inPython(`print(heroes.get(${literal(path)}${named}))`),
    link: location.href,
  };
}
