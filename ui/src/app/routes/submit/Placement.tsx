import { useQuery } from '@tanstack/react-query';
import { ownPolicyQuery, type OwnPolicy } from '@/api/policy';
import { useMe } from '@/api/session';
import { Note } from '@/components/Note';
import { DiscardedList, Why } from '@/features/placement/Beside';
import { samePolicy, type Named } from '@/features/placement/figures';
import { PolicyBar, type Weights } from '@/features/placement/PolicyBar';
import type { Policy, Ranking } from '@/features/placement/queries';
import { RangeKey, RankingTable } from '@/features/placement/RankingTable';
import { words } from '@/features/placement/words';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { chosenOf, type StepProps } from '../Submit';
import { TellMe } from './TellMe';

/** The three that are drawn, as shares of one; alike where none of them is told. */
function weightsOf(told: Record<string, number> | null | undefined): Weights {
  const { cost = 0, time = 0, energy = 0 } = told ?? {};
  const all = cost + time + energy;
  return all > 0 ? { cost: cost / all, time: time / all, energy: energy / all } : { cost: 1 / 3, time: 1 / 3, energy: 1 / 3 };
}

const ROUTE = '/o/$org/submit/$draft/$step';

export function Placement({ draft, change, ranking, refresh, fetchedAt, fetching }: StepProps & { ranking: Ranking; refresh: () => void; fetchedAt: number; fetching: boolean }) {
  const w = useWords(words);
  const f = useFormats();
  // What the draft does not say, the organization does: it is in the ranking.
  const policy: Policy = draft.request.policy ?? ranking.policy.name;
  const usual = useQuery(ownPolicyQuery).data;
  const weights = weightsOf(draft.request.weights ?? (ranking.policy.name === 'weighted' ? ranking.policy.weights : usual?.balanced));
  const { sort = 'rank' } = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const first = ranking.candidates[0];
  const decide = (next: Policy, by: Weights) => change({ request: { ...draft.request, policy: next, weights: next === 'weighted' ? by : undefined } });
  return (
    <>
      {usual?.fixed ? (
        <p className="t2 policy-fixed">{w.fixed(w.policies[policy])}</p>
      ) : (
        <PolicyBar policy={policy} weights={weights} change={decide}>
          {usual && <Whose usual={usual} named={draft.request.policy ? { policy, weights: draft.request.weights } : null} back={() => change({ request: { ...draft.request, policy: undefined, weights: undefined } })} />}
        </PolicyBar>
      )}
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
        <DiscardedList discarded={ranking.discarded} more={(one) => <TellMe one={one} />} />
        {first && <Why candidates={ranking.candidates} order={ranking.order} file={`${draft.request.wtid}-order`} />}
      </div>
    </>
  );
}

/** Whose default the policy is, or that one chose it oneself, with the way back. */
function Whose({ usual, named, back }: { usual: OwnPolicy; named: Named | null; back: () => void }) {
  const w = useWords(words);
  const me = useMe();
  const own = named !== null && !samePolicy(named, usual, usual.balanced);
  return (
    <p className="end t3 xs whose">
      <span>{own ? w.whose.own : usual.changed_at ? w.whose.organization(me.organization) : w.whose.nobody}</span>{' '}
      {own ? (
        <button type="button" className="link" onClick={back}>
          {w.backTo(w.policies[usual.policy])}
        </button>
      ) : (
        w.mayChange
      )}
    </p>
  );
}
