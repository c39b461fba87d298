/** What the nodes of an execution draw, from what is known of each job. Pure. */
import type { Stretch } from '@/components/Plot';
import type { Usage } from './queries';

type Sample = { from: number; to: number; watts: number | null; cluster: string };

function samplesOf(used: Usage[]): Sample[] {
  return used.flatMap((one) => one.samples.map((sample) => ({ from: Date.parse(sample.start), to: Date.parse(sample.end), watts: sample.power_w, cluster: one.cluster ?? '' })));
}

/** Meters count nodes, and jobs of one cluster may share them: there the greatest counts; clusters add up. */
function together(samples: Sample[]): number | null {
  const greatest = new Map<string, number>();
  for (const { watts, cluster } of samples) if (watts !== null) greatest.set(cluster, Math.max(greatest.get(cluster) ?? 0, watts));
  return greatest.size === 0 ? null : [...greatest.values()].reduce((sum, one) => sum + one, 0);
}

/** Power over time; null where jobs ran and no meter told of them. */
export function powerOver(used: Usage[]): Stretch[] {
  const samples = samplesOf(used);
  const edges = [...new Set(samples.flatMap((one) => [one.from, one.to]))].sort((a, b) => a - b);
  const found: Stretch[] = [];
  edges.slice(0, -1).forEach((from, at) => {
    const to = edges[at + 1] as number;
    const covering = samples.filter((one) => one.from <= from && one.to >= to);
    if (covering.length > 0) found.push({ from, to, value: together(covering) });
  });
  return found;
}

export type Draw = { watts: number | null; busy: number | null; cores: number; several: boolean; why: string | null };

/** What the jobs that run draw now, as their last samples tell, and how busy their cores are. */
export function drawNow(used: Usage[]): Draw | null {
  if (used.length === 0) return null;
  const last = used.flatMap((one) => (one.samples.length > 0 ? [{ one, sample: one.samples.at(-1) as Usage['samples'][number] }] : []));
  const watts = together(last.map(({ one, sample }) => ({ from: 0, to: 0, watts: sample.power_w, cluster: one.cluster ?? '' })));
  const known = last.filter(({ sample }) => sample.cpu_share !== null);
  const cores = known.reduce((sum, { one }) => sum + one.cores, 0);
  const clusters = new Set(used.map((one) => one.cluster));
  return {
    watts,
    busy: cores > 0 ? known.reduce((sum, { one, sample }) => sum + (sample.cpu_share ?? 0) * one.cores, 0) / cores : null,
    cores,
    several: used.length > clusters.size,
    why: watts === null ? (used.find((one) => one.power_unknown)?.power_unknown?.code ?? 'not_yet') : null,
  };
}
