/** The picture beside the form: an example, said to be one, of what a placement decision looks like. */
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { words } from './words';

type Bar = { name: string; of: string; cost: [number, number, number]; minutes: [number, number, number]; left?: boolean };

const BARS: Bar[] = [
  { name: 'main_cluster', of: 'BSC', cost: [3.7, 4.12, 4.8], minutes: [51, 57, 66], left: true },
  { name: 'cloud-fra', of: 'AWS', cost: [6.1, 7.22, 9], minutes: [26, 30, 39] },
  { name: 'lumi-c', of: 'CSC', cost: [4.3, 5.05, 6.4], minutes: [77, 86, 103] },
];
const x = (euro: number): number => 34 + euro * 60;
const y = (minutes: number): number => 368 - (minutes * 344) / 120;

export function Showpiece() {
  const w = useWords(words).show;
  const f = useFormats();
  return (
    <aside className="show" aria-label={w.label}>
      <figure>
        <figcaption>
          <h2>{w.title}</h2>
          <p className="t2">{w.text}</p>
        </figcaption>
        <svg className="plot" viewBox="0 0 648 420" role="img" aria-label={w.plot}>
          {[0, 2, 4, 6, 8, 10].map((euro) => (
            <g key={euro} className="lines">
              <path className="grid" d={`M${x(euro)} 24V368`} />
              <text x={x(euro)} y="386" textAnchor="middle">
                {f.roughMoney(euro, 'EUR')}
              </text>
            </g>
          ))}
          {[0, 30, 60, 90, 120].map((minutes) => (
            <g key={minutes} className="lines">
              <path className="grid" d={`M34 ${y(minutes)}H634`} />
              <text x="26" y={y(minutes) + 4} textAnchor="end">
                {minutes}
              </text>
            </g>
          ))}
          <text x="34" y="12" className="ax">
            {w.minutes}
          </text>
          <text x="634" y="410" textAnchor="end" className="ax">
            {w.whole}
          </text>
          <path className="iso" d={`M${x(1.55)} ${y(100)}L${x(6.2)} ${y(22.3)}`} />
          <text x={x(1.55)} y={y(100) - 8}>
            {w.equal}
          </text>
          {BARS.map(({ name, of, cost, minutes, left }, at) => {
            const [cx, cy] = [x(cost[1]), y(minutes[1])];
            const cross = `M${x(cost[0])} ${cy}H${x(cost[2])}M${cx} ${y(minutes[0])}V${y(minutes[2])}`;
            const ends = `M${x(cost[0])} ${cy - 5}v10M${x(cost[2])} ${cy - 5}v10M${cx - 5} ${y(minutes[0])}h10M${cx - 5} ${y(minutes[2])}h10`;
            const anchor = left ? 'end' : 'start';
            const tx = left ? cx - 12 : cx + 12;
            const ty = left ? cy + 24 : cy - 26;
            return (
              <g key={name} className={at === 0 ? 'first' : 'rest'}>
                <path d={cross + ends} />
                <circle cx={cx} cy={cy} r={at === 0 ? 5.5 : 4.5} />
                <text x={tx} y={ty} textAnchor={anchor} className="nm">
                  {name} <tspan>{of}</tspan>
                </text>
                <text x={tx} y={ty + 16} textAnchor={anchor}>
                  {f.money(cost[1], 'EUR')}, {minutes[1]} min
                </text>
              </g>
            );
          })}
        </svg>
        <dl className="pick">
          <div>
            <dt>{w.first}</dt>
            <dd>main_cluster</dd>
          </div>
          <div>
            <dt>{w.cost}</dt>
            <dd className="num">
              {f.money(4.12, 'EUR')} <span className="unit">{f.money(3.7, null)}–{f.money(4.8, null)}</span>
            </dd>
          </div>
          <div>
            <dt>{w.time}</dt>
            <dd className="num">
              57 min <span className="unit">51–66</span>
            </dd>
          </div>
          <div>
            <dt>{w.energy}</dt>
            <dd className="num">
              {f.number(1.9, 1)} kWh <span className="unit">{f.number(1.7, 1)}–{f.number(2.2, 1)}</span>
            </dd>
          </div>
        </dl>
      </figure>
    </aside>
  );
}
