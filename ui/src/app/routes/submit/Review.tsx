import { useQuery } from '@tanstack/react-query';
import { useBudget } from '@/api/budgets';
import { waysOf, wishQuery } from '@/api/wish';
import { Copyable } from '@/components/Copy';
import { Loaded } from '@/components/Loaded';
import { Section } from '@/components/Page';
import { Pair } from '@/components/Pair';
import { shown } from '@/components/value';
import { Ways } from '@/components/Ways';
import { inputsOf } from '@/features/workflows/queries';
import { drawn, timeToResult } from '@/features/placement/figures';
import type { Candidate } from '@/features/placement/queries';
import { words as placementWords } from '@/features/placement/words';
import { Energy } from '@/components/Exact';
import { useWhyNot } from '@/features/placement/saidWords';
import { useWords } from '@/i18n';
import { spanned, useFormats } from '@/i18n/format';
import type { StepProps } from '../Submit';
import { words } from '../submitWords';
import { Changes } from './Changes';
import { asCommand, asCurl, asPython, asYaml, orderOf } from './copyAs';

/** An estimate with its range, where the range says more. */
const beside = (at: string, range: string): string => (range === at ? at : `${at} (${range})`);

export function Review({ draft, change, template, chosen }: StepProps & { chosen: Candidate }) {
  const whyNot = useWhyNot();
  const w = useWords(words);
  const p = useWords(placementWords);
  const f = useFormats();
  const budget = useBudget(draft.request.project);
  const worst = Number(chosen.worst_case.amount);
  const left = budget ? Number(budget.left) : null;
  const money = (amount: number | string) => f.money(amount, chosen.worst_case.currency);
  const cost = drawn(chosen.cost);
  const time = timeToResult(chosen);
  const energy = drawn(chosen.energy);
  const body = orderOf(draft, chosen);
  const wish = useQuery(wishQuery);
  const parameters = Object.entries(draft.request.parameters ?? {});
  const titleOf = (step: string) => template.steps.find((one) => one.name === step)?.title || step;
  const titles = new Map(inputsOf(template).map(([name, schema]) => [name, schema]));
  return (
    <div className="review">
      <div className="two">
        <Section title={w.where}>
          <dl className="kv gap-top">
            <dt>{p.cluster}</dt>
            <dd>
              <b>{chosen.cluster}</b> {chosen.queue}
            </dd>
            <dt>{p.time}</dt>
            <dd>{time ? beside(f.duration(time.at), spanned(f.duration(time.low), f.duration(time.high))) : w.noEstimate}</dd>
            <dt>{p.energy}</dt>
            <dd>
              {energy ? <Energy joules={energy.at} /> : w.noEstimate}
              {!energy && <span className="xs t3 meta why-not">{whyNot(chosen.energy.reason)}</span>}
            </dd>
            <dt>{p.rank}</dt>
            <dd>{chosen.rank}</dd>
          </dl>
          {chosen.rank > 1 && (
            <p className="field gap-top">
              <label htmlFor="because">{w.because}</label>
              <input className="input" id="because" value={draft.because ?? ''} onChange={(event) => change({ because: event.target.value || undefined })} />
            </p>
          )}
        </Section>
        <Section title={w.price}>
          <dl className="kv gap-top">
            <dt>{w.estimate}</dt>
            <dd>{cost ? beside(money(cost.at), f.amounts(cost.low, cost.high, chosen.worst_case.currency)) : w.noEstimate}</dd>
            {!cost && <dd className="xs t3 why-cost">{whyNot(chosen.cost.reason)}</dd>}
            {chosen.places.map((one) => (
              <Pair key={one.step} name={w.atMostOf(titleOf(one.step))} value={money(one.worst_case)} />
            ))}
            <dt className="sum">
              {w.worst}
              <span className="xs t3 meta">{w.worstText}</span>
            </dt>
            <dd className="sum">{money(worst)}</dd>
            {left !== null ? (
              <>
                <dt>{w.budgetAfter}</dt>
                <dd>{money(left - worst)}</dd>
              </>
            ) : (
              <>
                <dt className="t3">{w.noBudget}</dt>
                <dd />
              </>
            )}
          </dl>
        </Section>
      </div>
      <Section title={w.what}>
        <Changes draft={draft} template={template} />
        <dl className="kv gap-top half">
          {parameters.map(([name, value]) => (
            <Pair key={name} name={titles.get(name)?.title ?? name} value={shown(value, titles.get(name)?.unit)} />
          ))}
          {Object.entries(draft.request.resources ?? {}).map(([name, value]) => (
            <Pair key={name} name={(w as unknown as Record<string, string>)[name] ?? name} value={String(value)} />
          ))}
        </dl>
      </Section>
      <Section title={w.tellEnd}>
        <Loaded query={wish} rows={2}>
          {(now) => <Ways legend={w.tellEnd} chosen={draft.notices ?? waysOf(now)} wish={now} change={(notices) => change({ notices })} />}
        </Loaded>
      </Section>
      <Section title={w.copyAs}>
        <dl className="kv gap-top copy-as">
          <dt>{w.cli}</dt>
          <dd>
            <Copyable text={asCommand(body)} />
          </dd>
          <dt>{w.yaml}</dt>
          <dd>
            <Copyable text={asYaml(body)} shown={w.yamlShown} />
          </dd>
          <dt>{w.curl}</dt>
          <dd>
            <Copyable text={asCurl(body)} shown="POST /api/v1/organization/workflow/submit" />
          </dd>
          <dt>{w.python}</dt>
          <dd>
            <Copyable text={asPython(body)} shown="heroes.run(…)" />
          </dd>
        </dl>
      </Section>
    </div>
  );
}
