/** How clusters are ranked where a run says nothing else, and which are left out. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { clustersQuery } from '@/api/clusters';
import { ownPolicyQuery, setPolicy, type OwnPolicy } from '@/api/policy';
import { may, useMe } from '@/api/session';
import { done } from '@/components/Done';
import { Moment } from '@/components/Exact';
import { FormDialog, type Values } from '@/components/FormDialog';
import { Loaded } from '@/components/Loaded';
import { Section } from '@/components/Page';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { words } from './policyWords';

const POLICIES = ['fastest', 'cheapest', 'greenest', 'weighted'] as const;
const CRITERIA = ['cost', 'time', 'energy'] as const;

export function PlacementPolicy() {
  const w = useWords(words);
  const f = useFormats();
  const me = useMe();
  const { org } = useParams({ from: '/o/$org' });
  const query = useQuery(ownPolicyQuery);
  const clusters = useQuery(clustersQuery).data?.rows ?? [];
  const [editing, setEditing] = useState(false);
  const change = (
    <button type="button" className="btn end" aria-label={`${w.change}: ${w.placement}`} onClick={() => setEditing(true)}>
      {w.change}
    </button>
  );
  const nameOf = (id: string) => clusters.find((one) => one.id === id)?.name ?? id;
  return (
    <Section title={w.placement} aside={may(me, 'organization.manage') ? change : undefined}>
      <p className="t2 gap-top">{w.text}</p>
      <Loaded query={query} rows={4}>
        {(now) => (
          <>
            <dl className="kv facts-left gap-top">
              <dt>{w.policy}</dt>
              <dd>{(w.policies as Record<string, string>)[now.policy] ?? now.policy}</dd>
              {now.weights && (
                <>
                  <dt>{w.weighed}</dt>
                  <dd>{CRITERIA.map((one) => w.share(w.names[one], f.percent(now.weights?.[one] ?? 0))).join(', ')}</dd>
                </>
              )}
              <dt>{w.fixed}</dt>
              <dd>{now.fixed ? w.isFixed : w.isOpen}</dd>
              <dt>{w.barred}</dt>
              <dd>{now.barred.map(nameOf).join(', ') || w.none}</dd>
              <dt>{w.since}</dt>
              <dd>
                {now.changed_at ? <Moment at={now.changed_at} /> : w.never}{' '}
                <Link to="/o/$org/organization/{-$tab}" params={{ org, tab: 'audit' }} search={{ action: 'policy' }}>
                  {w.history}
                </Link>
              </dd>
            </dl>
            {editing && <Edit now={now} clusters={clusters} close={() => setEditing(false)} />}
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Edit({ now, clusters, close }: { now: OwnPolicy; clusters: { id: string; name: string }[]; close: () => void }) {
  const w = useWords(words);
  const client = useQueryClient();
  const put = async (body: Parameters<typeof setPolicy>[0]) => {
    client.setQueryData(ownPolicyQuery.queryKey, await setPolicy(body));
    for (const key of ['ranking', 'audit']) void client.invalidateQueries({ queryKey: [key] });
  };
  const before = { policy: now.policy, weights: now.weights, fixed: now.fixed, barred: now.barred };
  const shares: Record<string, number> = now.weights ?? now.balanced;
  const gone = now.barred.filter((id) => !clusters.some((one) => one.id === id));
  return (
    <FormDialog
      title={w.placement}
      fields={[
        { name: 'policy', label: w.policy, kind: 'select', options: POLICIES.map((one) => ({ value: one, label: w.policies[one] })) },
        ...CRITERIA.map((one) => ({ name: one, label: w.weights[one], unit: '%', kind: 'number' as const, pointer: 'weights', when: (values: Values) => values.policy === 'weighted' })),
        { name: 'fixed', label: w.fixIt, kind: 'check' },
        { name: 'barred', label: w.barred, help: w.barredHelp, kind: 'checks', options: [...clusters.map((one) => ({ value: one.id, label: one.name })), ...gone.map((id) => ({ value: id, label: id }))] },
      ]}
      start={{ policy: now.policy, fixed: now.fixed, barred: now.barred, ...Object.fromEntries(CRITERIA.map((one) => [one, String(Math.round((shares[one] ?? 0) * 100))])) }}
      yes={w.change}
      effect={({ fixed, barred }) => {
        const told = [...(fixed && !now.fixed ? [w.fixEffect] : []), ...((barred as string[]).length > 0 ? [w.effect((barred as string[]).length)] : [])];
        return told.length > 0 ? (
          <p className="effect warn" role="status">
            {told.join(' ')}
          </p>
        ) : null;
      }}
      onClose={close}
      act={async (values) => {
        const weights = values.policy === 'weighted' ? Object.fromEntries(CRITERIA.map((one) => [one, Number(values[one])])) : null;
        await put({ policy: values.policy as OwnPolicy['policy'], weights, fixed: Boolean(values.fixed), barred: values.barred as string[] });
        done(w.saved, () => put(before));
      }}
    />
  );
}
