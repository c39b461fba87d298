/** Changing a cluster and the accounts on it: whom it concerns is told before it is done. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, onceKey, told, type Schemas } from '@/api/client';
import { may, owns, useMe } from '@/api/session';
import { Copyable } from '@/components/Copy';
import { Question } from '@/components/Dialog';
import { done } from '@/components/Done';
import { Moment } from '@/components/Exact';
import { FormDialog, type Field, type Values } from '@/components/FormDialog';
import { Note } from '@/components/Note';
import { Section } from '@/components/Page';
import { useWords } from '@/i18n';
import { useSaid } from '@/i18n/said';
import { useFormats } from '@/i18n/format';
import { words as manage } from './manageWords';
import { concernedQuery, type Cluster, type Line } from './queries';
import { LineStatus } from './states';
import { words } from './words';

/** How many jobs of how many organizations a change concerns now. */
export function Concerned({ cluster }: { cluster: string }) {
  const w = useWords(manage);
  const f = useFormats();
  const { data } = useQuery(concernedQuery(cluster));
  if (!data) return null;
  if (data.jobs === 0) return <p className="t2 gap-top">{w.idle}</p>;
  return <Note tone="warn">{data.organizations > 1 ? w.jobsOf(f.number(data.jobs), f.number(data.organizations)) : w.jobs(data.jobs, f.number(data.jobs))}</Note>;
}

const TEXTS = ['title', 'location', 'host', 'port', 'job_root', 'folder_mode', 'purge_days'] as const;
type Name = (typeof TEXTS)[number];

/** What differs from how the cluster is. */
function changesOf(cluster: Cluster, values: Values): Schemas['PolicyIn'] {
  const differs = TEXTS.filter((name) => name in values && String(values[name]).trim() !== String(cluster[name] ?? ''));
  return Object.fromEntries(differs.map((name) => [name, name === 'port' || name === 'purge_days' ? Number(values[name]) : String(values[name]).trim()]));
}

export function EditCluster({ cluster, onClose }: { cluster: Cluster; onClose: () => void }) {
  const w = useWords(manage);
  const c = useWords(words);
  const client = useQueryClient();
  const here = cluster.kind === 'local';
  const change = (body: Schemas['PolicyIn']) =>
    told(api.PATCH('/api/v1/organization/cluster/{cluster}', { params: { path: { cluster: cluster.id } }, body })).then(() =>
      Promise.all([client.invalidateQueries({ queryKey: ['cluster', cluster.name] }), client.invalidateQueries({ queryKey: ['clusters'] })]),
    );
  const remote: Field[] = [
    { name: 'host', label: c.host, help: c.hostHelp, required: true },
    { name: 'port', label: c.port, kind: 'number', required: true },
    { name: 'job_root', label: c.root, help: w.rootHelp, required: true },
  ];
  const fields: Field[] = [
    { name: 'title', label: c.longName },
    { name: 'location', label: c.location, help: c.locationHelp },
    ...(here ? [] : remote),
    { name: 'folder_mode', label: w.folderMode, required: true },
    { name: 'purge_days', label: c.purge, unit: w.dayUnit, kind: 'number', required: true },
  ];
  const moves = (body: Schemas['PolicyIn']) => 'host' in body || 'port' in body;
  return (
    <FormDialog
      title={w.editTitle(cluster.name)}
      fields={fields}
      start={Object.fromEntries(fields.map(({ name }) => [name, String(cluster[name as Name] ?? '')]))}
      yes={w.save}
      onClose={onClose}
      effect={(values) => {
        const body = changesOf(cluster, values);
        return (
          <>
            {moves(body) && <Note tone="warn">{w.moved}</Note>}
            {body.job_root !== undefined && <p className="t2">{w.rooted}</p>}
            {Number(body.purge_days) > 0 && <p className="t2">{w.kept(c.days(Number(body.purge_days)))}</p>}
            <Concerned cluster={cluster.name} />
          </>
        );
      }}
      act={async (values) => {
        const body = changesOf(cluster, values);
        const before = Object.fromEntries((Object.keys(body) as Name[]).map((name) => [name, cluster[name] ?? '']));
        if (Object.keys(body).length > 0) await change(body);
        done(w.saved(cluster.name), moves(body) ? undefined : () => change(before));
      }}
    />
  );
}

/** The accounts that one may use there; those of the own organization are added and removed by whoever may. */
export function Accounts({ cluster, rows }: { cluster: Cluster; rows: Line[] }) {
  const w = useWords(words);
  const said = useSaid('troubles');
  const m = useWords(manage);
  const f = useFormats();
  const me = useMe();
  const client = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [changing, setChanging] = useState<Line | null>(null);
  const [removing, setRemoving] = useState<Line | null>(null);
  const manages = may(me, 'cluster.manage') && cluster.kind !== 'local';
  const concerned = useQuery({ ...concernedQuery(cluster.name), enabled: removing !== null || changing !== null }).data;
  const fresh = () => Promise.all([client.invalidateQueries({ queryKey: ['cluster', cluster.name, 'lines'] }), client.invalidateQueries({ queryKey: ['cluster', cluster.name, 'concerned'] })]);
  if (rows.length === 0 && !manages) return null;
  const through = removing ? (concerned?.by_line[removing.id] ?? 0) : 0;
  return (
    <Section
      title={w.accounts}
      aside={
        manages && (
          <button type="button" className="btn small end" onClick={() => setAdding(true)}>
            {m.addAccount}
          </button>
        )
      }
    >
      {rows.length === 0 && <p className="t2 gap-top">{m.noAccounts}</p>}
      <ul className="plain-list">
        {rows.map((one) => (
          <li key={one.id}>
            <span className="row wrap">
              <b className="mono">{one.account}</b>
              <LineStatus state={one.state} />
              {one.batch_account && <span className="t2">{m.chargedTo(one.batch_account)}</span>}
              {one.last_heard_at && (
                <span className="t3 xs">
                  {w.heard} <Moment at={one.last_heard_at} />
                </span>
              )}
              {manages && owns(me, one) && (
                <span className="row end">
                  <button type="button" className="btn small" aria-label={m.changeAccount(one.account)} onClick={() => setChanging(one)}>
                    {m.edit}
                  </button>
                  <button type="button" className="btn small" aria-label={m.removeAccount(one.account)} onClick={() => setRemoving(one)}>
                    {m.remove}
                  </button>
                </span>
              )}
            </span>
            {one.last_error && <p className="t2">{said('line', one.trouble, one.last_error)}</p>}
            {one.public_key && one.state !== 'CONNECTED' && (
              <p className="xs">
                {w.publicKey}: <Copyable text={one.public_key} shown={`${one.public_key.slice(0, 28)}…`} />
              </p>
            )}
          </li>
        ))}
      </ul>
      {adding && <AddAccount cluster={cluster} onClose={() => setAdding(false)} fresh={fresh} />}
      {changing && <ChangeAccount cluster={cluster} line={changing} through={concerned?.by_line[changing.id] ?? 0} onClose={() => setChanging(null)} fresh={fresh} />}
      {removing && (
        <Question
          title={m.removeAccount(removing.account)}
          yes={m.removeYes}
          danger
          onClose={() => setRemoving(null)}
          act={async () => {
            await told(api.DELETE('/api/v1/organization/cluster/{cluster}/lines/{line}', { params: { path: { cluster: cluster.id, line: removing.id } } }));
            await fresh();
            done(m.removed(removing.account));
          }}
        >
          {m.removeText}
          {through > 0 && <Note tone="warn">{m.through(through, f.number(through))}</Note>}
        </Question>
      )}
    </Section>
  );
}

const METHODS = ['generated', 'key', 'password'] as const;
type Method = (typeof METHODS)[number];

/** How an account proves itself, as it is asked for in a form. */
function proofOf(values: Values): Schemas['AuthIn'] {
  const method = values.method as Method;
  return { method, private_key: method === 'key' ? `${String(values.private_key).trim()}\n` : null, password: method === 'password' ? String(values.password) : null };
}

function useProofFields(before: { value: string; label: string }[] = []): Field[] {
  const w = useWords(words);
  return [
    { name: 'method', label: w.method, kind: 'select', options: [...before, ...METHODS.map((value) => ({ value, label: w.methods[value] }))] },
    { name: 'private_key', label: w.privateKey, kind: 'area', required: true, when: ({ method }) => method === 'key' },
    { name: 'password', label: w.password, kind: 'password', required: true, when: ({ method }) => method === 'password' },
  ];
}

function ChangeAccount({ cluster, line, through, onClose, fresh }: { cluster: Cluster; line: Line; through: number; onClose: () => void; fresh: () => Promise<unknown> }) {
  const w = useWords(words);
  const m = useWords(manage);
  const f = useFormats();
  const proofs = useProofFields([{ value: '', label: m.keepMethod }]);
  const before = { account: line.account, batch_account: line.batch_account ?? '' };
  const change = async (body: Schemas['AccountPatch']) => {
    await told(api.PATCH('/api/v1/organization/cluster/{cluster}/lines/{line}', { params: { path: { cluster: cluster.id, line: line.id } }, body }));
    await fresh();
  };
  const differs = (values: Values): Schemas['AccountPatch'] =>
    Object.fromEntries((['account', 'batch_account'] as const).map((name) => [name, String(values[name]).trim()] as const).filter(([name, value]) => value !== before[name]));
  return (
    <FormDialog
      title={m.changeAccount(line.account)}
      fields={[{ name: 'account', label: w.account, help: w.accountHelp, required: true }, { name: 'batch_account', label: `${w.batchAccount} (${w.optional})` }, ...proofs]}
      start={{ ...before, method: '' }}
      yes={m.save}
      onClose={onClose}
      effect={(values) => {
        const body = differs(values);
        return (
          <>
            {body.account !== undefined && through > 0 && <Note tone="warn">{m.held(through, f.number(through))}</Note>}
            {body.batch_account && <p className="t2">{m.charges}</p>}
            {values.method && <p className="t2">{m.reconnects}</p>}
            <Concerned cluster={cluster.name} />
          </>
        );
      }}
      act={async (values) => {
        const body = differs(values);
        const auth = values.method ? proofOf(values) : null;
        if (auth || Object.keys(body).length > 0) await change({ ...body, auth });
        done(m.changed(String(values.account).trim()), auth ? undefined : () => change(before));
      }}
    />
  );
}

function AddAccount({ cluster, onClose, fresh }: { cluster: Cluster; onClose: () => void; fresh: () => Promise<unknown> }) {
  const w = useWords(words);
  const m = useWords(manage);
  const [once] = useState(onceKey);
  const proofs = useProofFields();
  return (
    <FormDialog
      title={m.addTitle(cluster.name)}
      fields={[
        { name: 'account', label: w.account, help: w.accountHelp, required: true },
        { name: 'batch_account', label: `${w.batchAccount} (${w.optional})` },
        ...proofs,
      ]}
      intro={w.keyText}
      yes={m.addYes}
      onClose={onClose}
      act={async (values) => {
        const body = { account: String(values.account).trim(), batch_account: String(values.batch_account).trim() || null, auth: proofOf(values) };
        await told(api.POST('/api/v1/organization/cluster/{cluster}/lines', { params: { path: { cluster: cluster.id } }, body, headers: { 'Idempotency-Key': once } }));
        await fresh();
        done(m.added(body.account));
      }}
    />
  );
}
