import { Euro, Gauge, Leaf, Zap, type LucideIcon } from 'lucide-react';
import type { CSSProperties, ReactNode } from 'react';
import { Icon } from '@/components/Icon';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import type { Policy } from './queries';
import { words } from './words';

export const POLICIES: [Policy, LucideIcon][] = [
  ['fastest', Zap],
  ['weighted', Gauge],
  ['cheapest', Euro],
  ['greenest', Leaf],
];
export type Weights = { cost: number; time: number; energy: number };

/** The others give way in proportion, so that all of them stay one whole. */
export function shifted(weights: Weights, name: keyof Weights, value: number): Weights {
  const others = (Object.keys(weights) as (keyof Weights)[]).filter((one) => one !== name);
  const before = others.reduce((all, one) => all + weights[one], 0);
  const rest = 1 - value;
  const next = { ...weights, [name]: value };
  for (const one of others) next[one] = before > 0 ? (weights[one] / before) * rest : rest / others.length;
  return next;
}

export function PolicyBar({ policy, weights, change, children }: { policy: Policy; weights: Weights; change: (policy: Policy, weights: Weights) => void; children?: ReactNode }) {
  const w = useWords(words);
  const f = useFormats();
  return (
    <section className="policy" aria-labelledby="policy">
      <h2 id="policy">{w.rankBy}</h2>
      <fieldset className="seg">
        <legend className="sr">{w.rankBy}</legend>
        {POLICIES.map(([name, icon]) => (
          <label key={name}>
            <input type="radio" name="policy" checked={policy === name} onChange={() => change(name, weights)} />
            <Icon of={icon} />
            {w.policies[name]}
          </label>
        ))}
      </fieldset>
      {policy === 'weighted' && (
        <div className="weights">
          {(['cost', 'time', 'energy'] as const).map((name) => (
            <label key={name} className="weight">
              <span>{w.weights[name]}</span>
              <input type="range" min="0" max="100" step="5" value={Math.round(weights[name] * 100)} aria-label={w.weightOf(w.weights[name])} style={{ '--v': `${weights[name] * 100}%` } as CSSProperties} onChange={(event) => change('weighted', shifted(weights, name, Number(event.target.value) / 100))} />
              <b className="num">{f.percent(weights[name])}</b>
            </label>
          ))}
        </div>
      )}
      {children}
    </section>
  );
}
