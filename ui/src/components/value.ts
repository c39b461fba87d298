/** Values as people read them. Pure. */
const signed = (value: number): string => String(value).replace(/^-/, '−');
const one = (value: unknown): string => (typeof value === 'number' ? signed(value) : typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value));

/** A value of an input as people would type it. */
export function shown(value: unknown, unit?: string): string {
  const text = Array.isArray(value) ? value.map(one).join(', ') : one(value);
  return unit ? `${text} ${unit}` : text;
}

/** The end of an id, which is what tells two apart. */
export function shortId(id: string): string {
  const [kind, rest = ''] = id.split('_');
  return rest.length > 8 ? `${kind}_…${rest.slice(-5)}` : id;
}
