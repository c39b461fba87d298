/** Facts of what the platform says, as text and numbers. */
export const text = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : Array.isArray(value) ? value.map(text).join(', ') : '');
export const count = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
