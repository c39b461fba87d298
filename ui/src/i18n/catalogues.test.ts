import { describe, expect, it } from 'vitest';
import type { Words } from './index';

type Catalogue = { en: Words; de: Words };

const modules = import.meta.glob<Record<string, unknown>>('../**/*{w,W}ords.ts', { eager: true });

function isCatalogue(value: unknown): value is Catalogue {
  return typeof value === 'object' && value !== null && 'en' in value && 'de' in value;
}

/** Sentences that stand in both languages alike, by where. */
function alike(en: Words, de: Words, at: string): string[] {
  return Object.entries(en).flatMap(([name, own]) => {
    const other = de[name];
    if (typeof own === 'object' && typeof other === 'object') return alike(own, other, `${at}.${name}`);
    return typeof own === 'string' && own === other && own.split(/\s+/).length > 2 ? [`${at}.${name}: ${own}`] : [];
  });
}

describe('catalogues', () => {
  const all = Object.entries(modules).flatMap(([file, exported]) => Object.entries(exported).flatMap(([name, value]) => (isCatalogue(value) ? [[`${file} ${name}`, value] as const] : [])));
  it('have no English sentence among their German words', () => {
    expect(all.length).toBeGreaterThan(10);
    expect(all.flatMap(([at, { en, de }]) => alike(en, de, at))).toEqual([]);
  });
});
