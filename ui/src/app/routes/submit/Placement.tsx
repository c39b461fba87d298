import { useQuery } from '@tanstack/react-query';
import { ownPolicyQuery } from '@/api/policy';
import { Note } from '@/components/Note';
import { DiscardedList, Why } from '@/features/placement/Beside';
import { BALANCED, PolicyBar, type Weights } from '@/features/placement/PolicyBar';
import type { Policy, Ranking } from '@/features/placement/queries';
import { RangeKey, RankingTable } from '@/features/placement/RankingTable';
import { words } from '@/features/placement/words';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { chosenOf, type StepProps } from '../Submit';

/** The three that are drawn, where all of them are told. */
function weightsOf(told: Record<string, number> | null | undefined): Weights | null {
  const { cost = 0, time = 0, energy = 0 } = told ?? {};
  const all = cost + time + energy;
  return all > 0 ? { cost: cost / all, time: time / all, energy: energy / all } : null;
}

const ROUTE = '/o/$org/submit/$draft/$step';

export function Placement({ draft, change, ranking, refresh, fetchedAt, fetching }: StepProps & { ranking: Ranking; refresh: () => void; fetchedAt: number; fetching: boolean }) {
  const w = useWords(words);
  const f = useFormats();
  // What the draft does not say, the organization does: it is in the ranking.
  const policy: Policy = draft.request.policy ?? ranking.policy.name;
  const weights = weightsOf(draft.request.weights) ?? weightsOf(draft.request.policy ? null : ranking.policy.weights) ?? BALANCED;
  const fixed = useQuery(ownPolicyQuery).data?.fixed ?? false;
  const { sort = 'rank' } = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const first = ranking.candidates[0];
  const decide = (next: Policy, by: Weights) => change({ request: { ...draft.request, policy: next, weights: next === 'weighted' ? by : undefined } });
  return (
    <>
      {fixed ? <p className="t2 policy-fixed">{w.fixed(w.policies[policy])}</p> : <PolicyBar policy={policy} weights={weights} change={decide} />}
      <p className="sr" aria-live="polite">
        {!fetching && first && w.said(w.policies[policy], first.cluster)}
      </p>
      {first ? (
        <>
          <RankingTable
            candidates={ranking.candidates}
            policy={policy}
            chosen={chosenOf(ranking, draft)}
            sorting={sort}
            sort={(next) => void navigate({ search: { sort: next === 'rank' ? undefined : next }, replace: true })}
            choose={(one) => change(one.rank === 1 ? { cluster: undefined, queue: undefined } : { cluster: one.cluster_id, queue: one.queue })}
          />
          <RangeKey>
            <li className="end">
              {w.predicted(f.clock(new Date(fetchedAt)))}{' '}
              <button type="button" className="link" aria-busy={fetching} onClick={refresh}>
                {w.refresh}
              </button>
            </li>
          </RangeKey>
        </>
      ) : (
        <Note tone="warn" title={`${w.none}.`}>
          {ranking.discarded.length ? w.noneText : w.noneAtAll}
        </Note>
      )}
      <div className="two">
        <DiscardedList discarded={ranking.discarded} />
        {first && <Why candidates={ranking.candidates} order={ranking.order} />}
      </div>
    </>
  );
}
