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

const ROUTE = '/o/$org/submit/$draft/$step';

export function Placement({ draft, change, ranking, refresh, fetchedAt, fetching }: StepProps & { ranking: Ranking; refresh: () => void; fetchedAt: number; fetching: boolean }) {
  const w = useWords(words);
  const f = useFormats();
  const policy: Policy = draft.request.policy ?? 'weighted';
  const weights = (draft.request.weights as Weights | null | undefined) ?? BALANCED;
  const { sort = 'rank' } = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const first = ranking.candidates[0];
  const decide = (next: Policy, by: Weights) => change({ request: { ...draft.request, policy: next, weights: next === 'weighted' ? by : undefined } });
  return (
    <>
      <PolicyBar policy={policy} weights={weights} change={decide} />
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
        {first && <Why candidates={ranking.candidates} text={ranking.order.text} />}
      </div>
    </>
  );
}
