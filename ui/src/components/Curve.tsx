/** The first figures of a table as a curve, where its first column only grows: what a time series looks like at a glance. */
import { catalogue, useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { curveOf } from './curveOf';
import './plot.css';

const words = catalogue({ over: (y: string, x: string) => `${y} over ${x}` }, { over: (y: string, x: string) => `${y} über ${x}` });

export function Curve({ head, rows }: { head: string[]; rows: string[][] }) {
  const w = useWords(words);
  const f = useFormats();
  const found = curveOf(rows);
  if (!found) return null;
  const { points, x, y } = found;
  const high = y.to - y.from || 1;
  const place = points.map(([at, value]) => `${((100 * (at - x.from)) / (x.to - x.from)).toFixed(2)},${(48 - (46 * (value - y.from)) / high).toFixed(2)}`);
  const title = w.over(head[1] ?? '', head[0] ?? '');
  const range = `${f.figure(y.from)} … ${f.figure(y.to)}`;
  return (
    <figure className="curve">
      <figcaption className="row xs t2">
        <span className="cut">{title}</span>
        <span className="t3 end num">{range}</span>
      </figcaption>
      <svg viewBox="0 0 100 50" preserveAspectRatio="none" role="img" aria-label={`${title}: ${range}`}>
        <path d="M0 12.5H100M0 25H100M0 37.5H100" />
        <polyline points={place.join(' ')} />
      </svg>
      <div className="tk num xs t3" aria-hidden="true">
        {[x.from, (x.from + x.to) / 2, x.to].map((at) => (
          <span key={at}>{f.figure(at)}</span>
        ))}
      </div>
    </figure>
  );
}
