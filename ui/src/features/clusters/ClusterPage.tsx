/** One cluster: its queues with prices, the compliance report, how full it was, accounts, and who may use it. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { api, told } from '@/api/client';
import { may, owns, useMe } from '@/api/session';
import { Copyable } from '@/components/Copy';
import { Dialog, Question } from '@/components/Dialog';
import { Moment } from '@/components/Exact';
import { CopyAs } from '@/components/CopyAs';
import { copies } from '@/components/copies';
import { Loaded } from '@/components/Loaded';
import { Empty, Note } from '@/components/Note';
import { Section, Top } from '@/components/Page';
import { useWords } from '@/i18n';
import './clusters.css';
import { Compliance } from './Compliance';
import { Accounts, Concerned, EditCluster } from './Manage';
import { words as manage } from './manageWords';
import { Fared } from './Fared';
import { PriceForm } from './Price';
import { clusterQuery, linesQuery, queuesQuery, reportQuery, tariffsQuery, type Cluster } from './queries';
import { Queues } from './Queues';
import { Shares } from './Shares';
import { Sightings } from './Sightings';
import { ClusterStatus } from './states';
import { words } from './words';

export function ClusterPage() {
  const { cluster: id } = useParams({ from: '/o/$org/clusters/$cluster' });
  const query = useQuery(clusterQuery(id));
  return (
    <Loaded query={query} rows={8} page={id}>
      {(cluster) => <Page key={cluster.id} cluster={cluster} />}
    </Loaded>
  );
}

function Page({ cluster }: { cluster: Cluster }) {
  const w = useWords(words);
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { org } = useParams({ from: '/o/$org' });
  const [asking, setAsking] = useState<'pause' | 'remove' | 'price' | 'edit' | null>(null);
  const { name } = cluster;
  const queues = useQuery(queuesQuery(name));
  const lines = useQuery(linesQuery(name));
  const report = useQuery(reportQuery(name));
  const tariffs = useQuery(tariffsQuery(name));
  const manages = owns(me, cluster) && may(me, 'cluster.manage');
  const prices = owns(me, cluster) && may(me, 'tariff.manage');
  const path = { path: { cluster: name } };
  const fresh = () => Promise.all([client.invalidateQueries({ queryKey: ['cluster', name] }), client.invalidateQueries({ queryKey: ['clusters'] })]);
  const resume = () => told(api.POST('/api/v1/organization/cluster/{cluster}/resume', { params: path })).then(fresh);
  const pause = () => told(api.POST('/api/v1/organization/cluster/{cluster}/pause', { params: path })).then(fresh);
  const remove = async () => {
    await told(api.DELETE('/api/v1/organization/cluster/{cluster}', { params: path }));
    await navigate({ to: '/o/$org/clusters', params: { org } });
    await client.invalidateQueries({ queryKey: ['clusters'] });
  };
  const rows = queues.data?.rows ?? [];
  return (
    <>
      <Top
        crumbs={[
          <Link key="all" to="/o/$org/clusters" params={{ org }}>
            {w.title}
          </Link>,
          <span key="title">{cluster.title || name}</span>,
        ]}
        title={name}
        sub={
          <span className="row wrap">
            <ClusterStatus cluster={cluster} />
            <span className="t3">{cluster.checked_at ? <>{w.checked} <Moment at={cluster.checked_at} /></> : w.never}</span>
            <span>{(w.kinds as Record<string, string>)[cluster.kind] ?? cluster.kind}</span>
          </span>
        }
        actions={
          <>
            <CopyAs small forms={() => copies.cluster(name)} />
            {manages && <Manage cluster={cluster} ask={setAsking} resume={() => void resume()} />}
            {prices && (
              <button type="button" className="btn primary" onClick={() => setAsking('price')}>
                {w.setPrice}
              </button>
            )}
          </>
        }
      />
      {cluster.state === 'ENROLLING' && manages && (
        <Note
          actions={
            <Link to="/o/$org/clusters/new" params={{ org }} search={{ cluster: name, step: 'test' }}>
              {w.continueEnrol}
            </Link>
          }
        >
          {cluster.offered_fingerprint ? w.hostKeyText : w.noReportText}
        </Note>
      )}
      <Section title={w.queuesTitle} count={rows.length || undefined}>
        <Loaded query={queues} rows={2}>
          {(data) => (data.rows.length === 0 ? <Empty title={w.noQueues}>{w.noQueuesText}</Empty> : <Queues rows={data.rows} tariffs={tariffs.data?.rows ?? []} />)}
        </Loaded>
      </Section>
      {cluster.state !== 'ENROLLING' && <Fared cluster={name} />}
      <div className="cols under">
        <div className="stack">
          <Loaded query={report}>{(data) => <Compliance cluster={name} report={data} mayCheck={manages} />}</Loaded>
          <Sightings cluster={name} queues={rows} />
        </div>
        <aside className="stack" aria-label={w.facts}>
          {manages && <Shares cluster={name} />}
          {lines.data && <Accounts cluster={cluster} rows={lines.data.rows} />}
          <Facts cluster={cluster} />
        </aside>
      </div>
      {asking === 'pause' && (
        <Question title={w.pauseTitle(name)} yes={w.pauseTitle(name)} act={pause} onClose={() => setAsking(null)}>
          {w.pauseText}
          <Concerned cluster={name} />
        </Question>
      )}
      {asking === 'remove' && (
        <Question title={w.removeTitle(name)} yes={w.removeYes(name)} danger act={remove} onClose={() => setAsking(null)}>
          {w.removeText}
          <Concerned cluster={name} />
        </Question>
      )}
      {asking === 'edit' && <EditCluster cluster={cluster} onClose={() => setAsking(null)} />}
      {asking === 'price' && (
        <Dialog title={w.priceTitle(name)} wide onClose={() => setAsking(null)}>
          <PriceForm cluster={name} tariffs={tariffs.data?.rows ?? []} queues={rows} onDone={() => setAsking(null)} />
        </Dialog>
      )}
    </>
  );
}

function Manage({ cluster, ask, resume }: { cluster: Cluster; ask: (what: 'pause' | 'remove' | 'edit') => void; resume: () => void }) {
  const w = useWords(words);
  const m = useWords(manage);
  return (
    <>
      {cluster.state === 'PAUSED' && (
        <button type="button" className="btn" onClick={resume}>
          {w.resume}
        </button>
      )}
      {cluster.state === 'READY' && (
        <button type="button" className="btn" onClick={() => ask('pause')}>
          {w.pause}
        </button>
      )}
      <button type="button" className="btn" onClick={() => ask('edit')}>
        {m.edit}
      </button>
      {cluster.host && (
        <button type="button" className="btn danger" onClick={() => ask('remove')}>
          {w.remove}
        </button>
      )}
    </>
  );
}

function Facts({ cluster }: { cluster: Cluster }) {
  const w = useWords(words);
  const m = useWords(manage);
  const me = useMe();
  return (
    <Section title={w.facts}>
      <dl className="kv gap-top">
        <dt>{w.host}</dt>
        <dd>{cluster.host ? `${cluster.host}:${cluster.port}` : w.kinds.local}</dd>
        {cluster.host_key_fingerprint && (
          <>
            <dt>{w.fingerprint}</dt>
            <dd>
              <Copyable text={cluster.host_key_fingerprint} shown={`${cluster.host_key_fingerprint.slice(0, 18)}…`} />
            </dd>
          </>
        )}
        <dt>{w.location}</dt>
        <dd>{cluster.location ?? <span className="t3">{w.notSaid}</span>}</dd>
        <dt>{w.root}</dt>
        <dd className="mono">{cluster.job_root}</dd>
        <dt>{w.purge}</dt>
        <dd>{w.days(cluster.purge_days)}</dd>
        {may(me, 'audit.read') && owns(me, cluster) && (
          <>
            <dt>{m.history}</dt>
            <dd>
              <Link className="link" to="/o/$org/organization/{-$tab}" params={{ org: me.organization, tab: 'audit' }} search={{ subject: cluster.id }}>
                {m.historyLink}
              </Link>
            </dd>
          </>
        )}
      </dl>
    </Section>
  );
}
