/** A curve from the rows of a table. Pure. */
export type Points = { points: [number, number][]; x: { from: number; to: number }; y: { from: number; to: number } };

const LEAST = 3;

/** The second column over the first, where both are figures and the first only grows; null where that is no curve. */
export function curveOf(rows: string[][]): Points | null {
  const points = rows.map(([x = '', y = '']): [number, number] => [x.trim() === '' ? NaN : Number(x), y.trim() === '' ? NaN : Number(y)]);
  const grows = points.every(([x, y], at) => Number.isFinite(x) && Number.isFinite(y) && (at === 0 || x > (points[at - 1]?.[0] ?? x)));
  const [first, last] = [points[0], points.at(-1)];
  if (points.length < LEAST || !grows || !first || !last) return null;
  const [low, high] = points.reduce(([least, most], [, y]) => [Math.min(least, y), Math.max(most, y)], [Infinity, -Infinity]);
  return { points, x: { from: first[0], to: last[0] }, y: { from: low, to: high } };
}
