/** Plots that say their figures: each can be shown as a table and taken along as CSV, with equal numbers. */
import { Download, Table2 } from 'lucide-react';
import { useId, useState, type CSSProperties, type ReactNode } from 'react';
import { useWords } from '@/i18n';
import { saveCsv, type Cell } from './csv';
import { Icon } from './Icon';
import { Section } from './Page';
import './plot.css';
import { words } from './words';

/** `text` is what people read, `value` what the file says. */
export type Figures = { columns: { name: string; number?: boolean }[]; rows: { text: ReactNode[]; value: Cell[] }[] };

export const saveFigures = (name: string, { columns, rows }: Figures) =>
  saveCsv(
    `${name}.csv`,
    columns.map((one) => one.name),
    rows.map((row) => row.value),
  );

/** A section with a plot, the same as a table, and the file. `tabled` is kept in the address by whoever asks for that. */
export function Plotted({ title, file, figures, note, panel = false, children }: { title: string; file: string; figures: Figures; note?: ReactNode; panel?: boolean; children: ReactNode }) {
  const w = useWords(words);
  const [tabled, setTabled] = useState(false);
  return (
    <Section
      title={title}
      panel={panel}
      aside={
        <span className="end row wrap">
          {note}
          <button type="button" className="btn small quiet" aria-pressed={tabled} onClick={() => setTabled(!tabled)}>
            <Icon of={Table2} />
            {tabled ? w.showPlot : w.showTable}
          </button>
          <button type="button" className="btn small quiet" aria-label={`${w.csv}: ${title}`} onClick={() => saveFigures(file, figures)}>
            <Icon of={Download} />
            {w.csv}
          </button>
        </span>
      }
    >
      {tabled ? <FigureTable figures={figures} label={title} /> : children}
    </Section>
  );
}

export function FigureTable({ figures, label }: { figures: Figures; label: string }) {
  return (
    <div className="scroll tall" tabIndex={0} role="group" aria-label={label}>
      <table className="table flush">
        <thead>
          <tr>
            {figures.columns.map((one) => (
              <th key={one.name} scope="col" className={one.number ? 'num' : undefined}>
                {one.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figures.rows.map((row, at) => (
            <tr key={at}>
              {row.text.map((cell, column) => (
                <td key={column} className={figures.columns[column]?.number ? 'num' : undefined}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export type Bar = { key: string; label: string; said: string; parts: { colour: number; value: number }[]; gap?: boolean; now?: boolean };

const style = (name: string, value: string): CSSProperties => ({ [name]: value });

/** Bars over time, stacked; a gap in what was measured is drawn as a gap and never as nothing. */
export function Bars({ bars, top, marks, label }: { bars: Bar[]; top: number; marks: string[]; label: string }) {
  const every = Math.ceil(bars.length / 8);
  const now = bars.findIndex((bar) => bar.now);
  const labelled = (at: number) => at === now || (at % every === 0 && at + every <= bars.length && (now < 0 || Math.abs(at - now) > 1));
  return (
    <div className="days">
      <div className="ya num" aria-hidden="true">
        {marks.map((mark) => (
          <span key={mark}>{mark}</span>
        ))}
      </div>
      <div className="dl" role="img" aria-label={label}>
        {bars.map((bar, at) => (
          <div key={bar.key} title={bar.said} className={bar.gap ? 'gap' : bar.now ? 'now' : undefined}>
            {bar.parts.map((part) => (
              <i key={part.colour} className={`c${(part.colour % 6) + 1}`} style={style('--h', `${(100 * part.value) / top}%`)} />
            ))}
            <span>{labelled(at) ? bar.label : ''}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

export function Key({ names }: { names: string[] }) {
  return (
    <ul className="key">
      {names.map((name, at) => (
        <li key={name}>
          <i className={`c${(at % 6) + 1}`} />
          {name}
        </li>
      ))}
    </ul>
  );
}

export type Point = { key: string; x: number; y: number; said: string; inside: boolean | null; open?: () => void };

/** What happened over what was predicted, both on one scale by powers of ten; on the line it was as predicted. */
export function Scatter({ points, label, xLabel, yLabel, mark }: { points: Point[]; label: string; xLabel: string; yLabel: string; mark: (value: number) => string }) {
  const known = points.filter((one) => one.x > 0 && one.y > 0);
  if (known.length === 0) return null;
  const all = known.flatMap((one) => [one.x, one.y]);
  const low = Math.floor(Math.log10(Math.min(...all)) * 2) / 2 - 0.1;
  const high = Math.max(low + 0.7, Math.ceil(Math.log10(Math.max(...all)) * 2) / 2 + 0.1);
  const place = (value: number) => (100 * (Math.log10(value) - low)) / (high - low);
  const ticks: number[] = [];
  for (let ten = Math.ceil(low); ten <= high; ten += 1) ticks.push(10 ** ten);
  return (
    <figure className="scatter">
      <svg viewBox="-16 -2 118 110" role="img" aria-label={label}>
        {ticks.map((tick) => (
          <g key={tick} className="grid">
            <line x1={place(tick)} x2={place(tick)} y1="0" y2="100" />
            <line x1="0" x2="100" y1={100 - place(tick)} y2={100 - place(tick)} />
            <text x={place(tick)} y="105.5" textAnchor="middle">
              {mark(tick)}
            </text>
            <text x="-2" y={101 - place(tick)} textAnchor="end">
              {mark(tick)}
            </text>
          </g>
        ))}
        <line className="same" x1="0" y1="100" x2="100" y2="0" />
        {known.map((one) => (
          <circle key={one.key} className={one.inside === false ? 'out' : 'in'} cx={place(one.x)} cy={100 - place(one.y)} r="1.6" onClick={one.open}>
            <title>{one.said}</title>
          </circle>
        ))}
      </svg>
      <figcaption className="xs t3">
        {yLabel} ↑ {xLabel} →
      </figcaption>
    </figure>
  );
}

export type Stretch = { from: number; to: number; value: number | null };

/** A figure over time, as steps of their true length; what is not known is hatched and never drawn as nothing. */
export function Steps({ stretches, top, mark, tick, label }: { stretches: Stretch[]; top: number; mark: (value: number) => string; tick: (at: number) => string; label: string }) {
  const hatch = useId();
  const first = stretches[0];
  const last = stretches.at(-1);
  if (!first || !last) return null;
  const whole = Math.max(1, last.to - first.from);
  const x = (at: number) => ((100 * (at - first.from)) / whole).toFixed(2);
  const y = (value: number) => (40 - (40 * value) / top).toFixed(2);
  const runs: Stretch[][] = [];
  stretches.forEach((one, at) => {
    if (one.value === null) return;
    if (at > 0 && stretches[at - 1]?.value !== null) runs.at(-1)?.push(one);
    else runs.push([one]);
  });
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => first.from + share * whole);
  return (
    <div className="spans">
      <div className="ya num" aria-hidden="true">
        <span>{mark(top)}</span>
        <span>{mark(0)}</span>
      </div>
      <svg viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label={label}>
        <defs>
          <pattern id={hatch} width="2" height="2" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line x1="0" y1="0" x2="0" y2="2" />
          </pattern>
        </defs>
        {stretches.map((one) => one.value === null && <rect key={one.from} x={x(one.from)} width={Math.max(0.2, (100 * (one.to - one.from)) / whole)} y="0" height="40" fill={`url(#${hatch})`} />)}
        {runs.map((run) => {
          const line = run.flatMap((one) => [`${x(one.from)},${y(one.value ?? 0)}`, `${x(one.to)},${y(one.value ?? 0)}`]).join(' ');
          return (
            <g key={run[0]?.from}>
              <polygon points={`${x(run[0]?.from ?? 0)},40 ${line} ${x(run.at(-1)?.to ?? 0)},40`} />
              <polyline points={line} />
            </g>
          );
        })}
      </svg>
      <div className="tk num" aria-hidden="true">
        {ticks.map((at, place) => (
          <span key={place}>{tick(at)}</span>
        ))}
      </div>
    </div>
  );
}
