/** Three runs that a price is tried on where nothing real can be told. Pure. */
export type Sample = { key: 'small' | 'middle' | 'large'; cores: number; hours: number };
export const SAMPLES: Sample[] = [
  { key: 'small', cores: 1, hours: 1 / 6 },
  { key: 'middle', cores: 64, hours: 2 },
  { key: 'large', cores: 192, hours: 52 / 60 },
];

type Terms = Partial<Record<'fixed' | 'core_hour' | 'node_hour', string | number>>;

/** What a run of so many cores and hours costs at these rates, without data moved or energy. */
export function costOf(terms: Terms, sample: Sample, coresPerNode: number): number {
  const of = (rate: keyof Terms) => Number(terms[rate] ?? 0);
  const nodes = Math.ceil(sample.cores / Math.max(1, coresPerNode));
  return of('fixed') + of('core_hour') * sample.cores * sample.hours + of('node_hour') * nodes * sample.hours;
}
