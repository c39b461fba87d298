/** What stands in the way of a run, each by name and with the way to it: a button is never dead without a word. */
import { useEffect, useRef } from 'react';
import { useBudget } from '@/api/budgets';
import type { Pointed } from '@/api/problem';
import { useFaultText } from '@/components/said';
import { myPayers, useMe } from '@/api/session';
import type { Draft } from '@/features/executions/drafts';
import type { Candidate, Ranking } from '@/features/placement/queries';
import { inputsOf, type Template } from '@/features/workflows/queries';
import { Glyph } from '@/components/Status';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import type { StepName } from '../Submit';
import { words } from '../submitWords';

export type Blocker = { key: string; name: string; text: string; reach: () => void };

type Asked = { draft: Draft; template: Template; step: StepName; ranking: { data: Ranking | undefined; isPending: boolean; refetch: () => void }; chosen: Candidate | undefined; problems: Pointed[]; go: (step: StepName) => void };

function focus(id: string): void {
  // The step that holds it may only now be drawn.
  requestAnimationFrame(() => setTimeout(() => document.getElementById(id)?.focus(), 50));
}

export function useBlockers({ draft, template, step, ranking, chosen, problems, go }: Asked): Blocker[] {
  const w = useWords(words);
  const f = useFormats();
  const faultText = useFaultText();
  const payers = myPayers(useMe());
  const budget = useBudget(draft.request.project);
  if (step === 'inputs' || step === 'resources') return problems.map((one) => pointed(one, faultText(one), template, go));
  const found = problems.map((one) => pointed(one, faultText(one), template, go));
  const add = (key: string, name: string, text: string, reach: () => void) => found.push({ key, name, text, reach });
  if (!draft.request.project && payers.length !== 1) add('project', w.project, w.noProject, () => focus('payer'));
  if (found.length === 0 && !ranking.data) add('ranking', w.where, ranking.isPending ? w.ranking : w.notRanked, () => ranking.refetch());
  if (ranking.data && !chosen)
    add('cluster', w.where, draft.cluster ? w.clusterGone : w.nowhere, () => {
      go('placement');
      focus('discarded');
    });
  const needed = chosen ? Number(chosen.worst_case.amount) : 0;
  if (step === 'review' && chosen && budget && needed > Number(budget.left)) {
    const money = (amount: number | string) => f.money(amount, budget.currency);
    add('budget', budget.title || w.budget, w.overBudget(money(budget.left), money(budget.reserved), money(needed)), () => go('resources'));
  }
  return found;
}

function pointed({ pointer }: Pointed, text: string, template: Template, go: (step: StepName) => void): Blocker {
  const parts = pointer.split('/').filter(Boolean);
  const name = parts[1] ?? parts[0] ?? '';
  const title = inputsOf(template).find(([one]) => one === name)?.[1].title;
  const reach = () => {
    go(parts[0] === 'resources' ? 'resources' : 'inputs');
    focus(parts[0] === 'parameters' ? `root_${name}` : name);
  };
  return { key: pointer + text, name: title ?? name, text, reach };
}

/** The list of them; it takes the focus each time somebody tries to go on all the same. */
export function Blockers({ blockers, tried }: { blockers: Blocker[]; tried: number }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (tried > 0) box.current?.focus();
  }, [tried]);
  return (
    <div className="blockers" role="alert" tabIndex={-1} ref={box}>
      <ToPutRight count={blockers.length} />
      <ul>
        {blockers.map((one) => (
          <li key={one.key}>
            <button type="button" className="link" onClick={one.reach}>
              {one.name}
            </button>
            {': '}
            {one.text}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The head of what is wrong, here and above a form. */
export function ToPutRight({ count }: { count: number }) {
  const w = useWords(words);
  return (
    <h2 className="row">
      <span className="bad">
        <Glyph name="bad" size={16} />
      </span>
      {w.blockers(count)}
    </h2>
  );
}
