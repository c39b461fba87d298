/** Enrolling a cluster in five steps; the step and the cluster are in the address, so it goes on after a reload. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowRight, Check } from 'lucide-react';
import { useState, type FormEvent, type ReactNode } from 'react';
import { api, onceKey, told, type Schemas } from '@/api/client';
import { Copyable } from '@/components/Copy';
import { Icon } from '@/components/Icon';
import { Loaded } from '@/components/Loaded';
import { Empty, Failure, Note } from '@/components/Note';
import { Section, Top } from '@/components/Page';
import { useWords } from '@/i18n';
import { useSaid } from '@/i18n/said';
import './clusters.css';
import { Compliance } from './Compliance';
import { ENROL, priceOf, type EnrolStep } from './figures';
import { PriceForm, PriceWords } from './Price';
import { clusterQuery, linesQuery, queuesQuery, reportQuery, tariffsQuery, type Cluster } from './queries';
import { Queues } from './Queues';
import { Shares } from './Shares';
import { LineStatus } from './states';
import { words } from './words';

const ROUTE = '/o/$org/clusters/new';

export function Enrol() {
  const w = useWords(words);
  const { org } = useParams({ from: '/o/$org' });
  const { cluster, step = 'connect' } = useSearch({ from: ROUTE });
  const now: EnrolStep = cluster ? step : 'connect';
  const at = ENROL.indexOf(now);
  const next = ENROL[at + 1];
  return (
    <>
      <Top
        crumbs={[
          <Link key="all" to="/o/$org/clusters" params={{ org }}>
            {w.title}
          </Link>,
          <span key="new">{cluster ?? w.enrol}</span>,
        ]}
        title={cluster ? `${w.enrolTitle}: ${cluster}` : w.enrolTitle}
      />
      <ol className="steps" aria-label={w.stepsLabel}>
        {ENROL.map((one, number) => (
          <li key={one} className={number < at ? 'done' : undefined} aria-current={number === at ? 'step' : undefined}>
            <Numbered number={number} done={number < at}>
              {cluster && number !== at ? (
                <Link to={ROUTE} params={{ org }} search={{ cluster, step: one }}>
                  {w.steps[one]}
                </Link>
              ) : (
                w.steps[one]
              )}
            </Numbered>
          </li>
        ))}
      </ol>
      <div className="wizard-body">
        {now === 'connect' || !cluster ? <Connect known={cluster} /> : <Step cluster={cluster} step={now} />}
        {cluster && now !== 'connect' && (
          <div className="row">
            <Link className="btn primary end" to={next ? ROUTE : '/o/$org/clusters/$cluster'} params={{ org, cluster }} search={next ? { cluster, step: next } : {}}>
              {next ? w.next(w.steps[next]) : w.done}
              <Icon of={ArrowRight} />
            </Link>
          </div>
        )}
      </div>
    </>
  );
}

function Numbered({ number, done, children }: { number: number; done: boolean; children: ReactNode }) {
  return (
    <>
      <span className="nr">{done ? <Icon of={Check} /> : number + 1}</span>
      {children}
    </>
  );
}

function Step({ cluster, step }: { cluster: string; step: EnrolStep }) {
  const query = useQuery(clusterQuery(cluster));
  return (
    <Loaded query={query} rows={6}>
      {(found) => {
        if (step === 'test') return <Test cluster={found} />;
        if (step === 'queues') return <QueueStep cluster={found.name} />;
        return step === 'price' ? <PriceStep cluster={found.name} /> : <Shares cluster={found.name} />;
      }}
    </Loaded>
  );
}

type Method = 'generated' | 'key' | 'password';

function Connect({ known }: { known: string | undefined }) {
  const w = useWords(words);
  const client = useQueryClient();
  const navigate = useNavigate();
  const { org } = useParams({ from: '/o/$org' });
  const [once] = useState(onceKey);
  const [method, setMethod] = useState<Method>('generated');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const typed = new FormData(event.currentTarget);
    const text = (name: string) => String(typed.get(name) ?? '').trim();
    const auth = { method, private_key: method === 'key' ? `${text('private_key')}\n` : null, password: method === 'password' ? String(typed.get('password')) : null };
    const body: Schemas['EnrolIn'] = {
      name: text('name'),
      title: text('title'),
      kind: text('kind') as 'slurm',
      host: text('host'),
      port: Number(text('port')) || 22,
      account: text('account'),
      batch_account: text('batch_account') || null,
      location: text('location') || null,
      job_root: '~/heroes',
      folder_mode: '0700',
      purge_days: 30,
      auth,
    };
    setBusy(true);
    setError(null);
    try {
      const made = await told(api.POST('/api/v1/organization/cluster', { body, headers: { 'Idempotency-Key': once } }));
      await client.invalidateQueries({ queryKey: ['clusters'] });
      await navigate({ to: ROUTE, params: { org }, search: { cluster: made.name, step: 'test' } });
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };
  if (known) return <Note>{w.approved}</Note>;
  return (
    <form className="stack-3" onSubmit={(event) => void send(event)}>
      <p className="t2">{w.connectText}</p>
      <div className="form-grid">
        <Text name="name" label={w.name} help={w.nameHelp} required pattern="[a-z0-9][a-z0-9_\-]*" />
        <Text name="title" label={`${w.longName} (${w.optional})`} />
        <label className="field">
          {w.kind}
          <select className="select" name="kind">
            {(['slurm', 'pbs', 'gridengine'] as const).map((one) => (
              <option key={one} value={one}>
                {w.kinds[one]}
              </option>
            ))}
          </select>
        </label>
        <Text name="host" label={w.host} help={w.hostHelp} required />
        <Text name="port" label={w.port} value="22" pattern="[0-9]+" />
        <Text name="account" label={w.account} help={w.accountHelp} required />
        <Text name="batch_account" label={`${w.batchAccount} (${w.optional})`} />
        <Text name="location" label={`${w.location} (${w.optional})`} help={w.locationHelp} />
      </div>
      <fieldset className="stack-3">
        <legend className="label">{w.method}</legend>
        <div className="seg">
          {(['generated', 'key', 'password'] as const).map((one) => (
            <label key={one}>
              <input type="radio" name="method" checked={method === one} onChange={() => setMethod(one)} />
              {w.methods[one]}
            </label>
          ))}
        </div>
        {method === 'key' && (
          <label className="field">
            {w.privateKey}
            <textarea className="input mono" name="private_key" rows={6} required autoComplete="off" spellCheck={false} />
          </label>
        )}
        {method === 'password' && (
          <label className="field">
            {w.password}
            <input className="input" type="password" name="password" required autoComplete="off" />
          </label>
        )}
      </fieldset>
      {error !== null && <Failure error={error} />}
      <div className="row">
        <button type="submit" className="btn primary end" aria-busy={busy}>
          {w.connect}
          <Icon of={ArrowRight} />
        </button>
      </div>
    </form>
  );
}

function Text({ name, label, help, value, required, pattern }: { name: string; label: string; help?: string; value?: string; required?: boolean; pattern?: string }) {
  const id = `enrol-${name}`;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input className="input" id={id} name={name} defaultValue={value} required={required} pattern={pattern} aria-describedby={help && `${id}-help`} autoComplete="off" />
      {help && (
        <span className="help" id={`${id}-help`}>
          {help}
        </span>
      )}
    </div>
  );
}

/** The account's key, the machine's key, then the live report. */
function Test({ cluster }: { cluster: Cluster }) {
  const w = useWords(words);
  const said = useSaid('troubles');
  const client = useQueryClient();
  const lines = useQuery({ ...linesQuery(cluster.name), refetchInterval: cluster.host_key ? false : 15_000 });
  const report = useQuery({ ...reportQuery(cluster.name), refetchInterval: ({ state }) => (state.data?.state === 'DONE' ? false : 15_000) });
  const [error, setError] = useState<unknown>(null);
  const line = lines.data?.rows[0];
  const approve = async (fingerprint: string) => {
    setError(null);
    try {
      await told(api.POST('/api/v1/organization/cluster/{cluster}/host-key', { params: { path: { cluster: cluster.name } }, body: { fingerprint } }));
      await client.invalidateQueries({ queryKey: ['cluster', cluster.name] });
    } catch (caught) {
      setError(caught);
    }
  };
  return (
    <div className="stack">
      {line?.public_key && line.state !== 'CONNECTED' && (
        <Section title={w.publicKey}>
          <p className="t2 gap-top">{w.keyText}</p>
          <p className="answer">
            <Copyable text={line.public_key} />
          </p>
        </Section>
      )}
      {!cluster.host_key && (
        <Section title={w.hostKeyTitle}>
          <p className="t2 gap-top">{cluster.offered_fingerprint ? w.hostKeyText : w.hostKeyWait}</p>
          {cluster.offered_fingerprint && (
            <p className="row wrap">
              <Copyable text={cluster.offered_fingerprint} />
              <button type="button" className="btn" onClick={() => void approve(cluster.offered_fingerprint ?? '')}>
                {w.approve}
              </button>
            </p>
          )}
          {error !== null && <Failure error={error} />}
        </Section>
      )}
      {line && (
        <p className="row wrap" role="status">
          <span className="t3">{w.connection}</span> <LineStatus state={line.state} /> {line.last_error && <span className="t2">{said('line', line.trouble, line.last_error)}</span>}
        </p>
      )}
      <Loaded query={report}>{(data) => <Compliance cluster={cluster.name} report={data} mayCheck={Boolean(cluster.host_key)} />}</Loaded>
    </div>
  );
}

function QueueStep({ cluster }: { cluster: string }) {
  const w = useWords(words);
  const tariffs = useQuery(tariffsQuery(cluster));
  const query = useQuery({ ...queuesQuery(cluster), refetchInterval: 15_000 });
  return (
    <Section title={w.queuesTitle}>
      <Loaded query={query}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title={w.noQueues}>{w.noQueuesText}</Empty>
          ) : (
            <Queues rows={rows} tariffs={tariffs.data?.rows ?? []} />
          )
        }
      </Loaded>
    </Section>
  );
}

function PriceStep({ cluster }: { cluster: string }) {
  const w = useWords(words);
  const queues = useQuery(queuesQuery(cluster));
  const tariffs = useQuery(tariffsQuery(cluster));
  const [again, setAgain] = useState(false);
  if (!queues.data || !tariffs.data) return <Loaded query={queues}>{() => null}</Loaded>;
  const now = priceOf(tariffs.data.rows, queues.data.rows[0]?.name ?? '');
  if (now && !again)
    return (
      <Section title={w.price}>
        <p className="row wrap gap-top">
          <PriceWords tariff={now} />
          <button type="button" className="btn small" onClick={() => setAgain(true)}>
            {w.setPrice}
          </button>
        </p>
      </Section>
    );
  return <PriceForm cluster={cluster} tariffs={tariffs.data.rows} queues={queues.data.rows} onDone={() => setAgain(false)} />;
}
