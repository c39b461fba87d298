/** What can be done with a whole place: share it, bound it, remove it, make another. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { api, onceKey, told } from '@/api/client';
import { may, myProjects, useMe } from '@/api/session';
import { Dialog, Question } from '@/components/Dialog';
import { done } from '@/components/Done';
import { FormDialog } from '@/components/FormDialog';
import { Icon } from '@/components/Icon';
import { Loaded } from '@/components/Loaded';
import { Menu } from '@/components/Menu';
import { Failure } from '@/components/Note';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { placeName } from './Places';
import { changed, sharesQuery, type Bucket } from './queries';
import { words } from './words';

const GB = 1e9;

export function BucketMenu({ bucket }: { bucket: Bucket }) {
  const w = useWords(words);
  const me = useMe();
  const [asked, setAsked] = useState<'share' | 'quota' | 'drop' | 'new' | null>(null);
  const manages = may(me, 'data.manage');
  const choices = [
    ...(bucket.home || may(me, 'data.share') ? [{ key: 'share', label: w.share, act: () => setAsked('share') }] : []),
    ...(manages && !bucket.home ? [{ key: 'quota', label: w.quota, act: () => setAsked('quota') }] : []),
    ...(manages ? [{ key: 'new', label: w.newBucket, act: () => setAsked('new') }] : []),
    ...(manages && !bucket.home && bucket.kind !== 'user' ? [{ key: 'drop', label: w.dropBucket, act: () => setAsked('drop'), danger: true }] : []),
  ];
  if (choices.length === 0) return null;
  const close = () => setAsked(null);
  return (
    <>
      <Menu className="icon" label={w.more} choices={choices}>
        <Icon of={Ellipsis} />
      </Menu>
      {asked === 'share' && <Shares bucket={bucket} onClose={close} />}
      {asked === 'quota' && <Quota bucket={bucket} onClose={close} />}
      {asked === 'new' && <NewBucket onClose={close} />}
      {asked === 'drop' && <Drop bucket={bucket} onClose={close} />}
    </>
  );
}

type Share = { kind: 'user' | 'project' | 'organization'; name: string; right: 'read' | 'write' };

function share(bucket: string, asked: Share) {
  return told(api.PUT('/api/v1/organization/data/bucket/{bucket}/share', { params: { path: { bucket } }, body: asked }));
}

function unshare(bucket: string, { kind, name }: Share) {
  return told(api.DELETE('/api/v1/organization/data/bucket/{bucket}/share', { params: { path: { bucket }, query: { kind, name } } }));
}

function Shares({ bucket, onClose }: { bucket: Bucket; onClose: () => void }) {
  const w = useWords(words);
  const client = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const query = useQuery(sharesQuery(bucket.name));
  const named = (one: { kind: string; name: string | null }) => (one.kind === 'organization' ? w.everybody : (one.name ?? ''));
  const end = async (one: Share) => {
    try {
      await unshare(bucket.name, one);
      changed(client);
      done(w.unshared(named(one)), () => share(bucket.name, one).then(() => changed(client)));
    } catch (caught) {
      setError(caught);
    }
  };
  if (adding) return <NewShare bucket={bucket} onClose={() => setAdding(false)} />;
  return (
    <Dialog
      title={w.shareTitle(placeName(bucket, w.home))}
      onClose={onClose}
      actions={
        <button type="button" className="btn primary" onClick={() => setAdding(true)}>
          {w.share}
        </button>
      }
    >
      <p className="t2">{w.shareText}</p>
      <Loaded query={query} rows={2}>
        {({ rows }) =>
          rows.length === 0 ? (
            <p>{w.shareNone}</p>
          ) : (
            <ul className="shares">
              {rows.map((one) => {
                const held: Share = { kind: one.kind as Share['kind'], name: one.name ?? '', right: one.right as Share['right'] };
                return (
                  <li key={`${one.kind} ${one.name}`}>
                    <b>{named(one)}</b>
                    <span className="t2">{w.rights[held.right]}</span>
                    <button type="button" className="btn small end" aria-label={w.shareEndWith(named(one))} onClick={() => void end(held)}>
                      {w.shareEnd}
                    </button>
                  </li>
                );
              })}
            </ul>
          )
        }
      </Loaded>
      {error !== null && <Failure error={error} />}
    </Dialog>
  );
}

function NewShare({ bucket, onClose }: { bucket: Bucket; onClose: () => void }) {
  const w = useWords(words);
  const client = useQueryClient();
  return (
    <FormDialog
      title={w.shareTitle(placeName(bucket, w.home))}
      intro={w.shareText}
      fields={[
        { name: 'kind', label: w.shareWith, kind: 'select', options: (['user', 'project', 'organization'] as const).map((one) => ({ value: one, label: w.kinds[one] })) },
        { name: 'name', label: w.who, help: w.whoHelp, required: true, when: ({ kind }) => kind !== 'organization' },
        { name: 'right', label: w.right, kind: 'select', options: (['read', 'write'] as const).map((one) => ({ value: one, label: w.rights[one] })) },
      ]}
      yes={w.shareYes}
      onClose={onClose}
      act={async (values) => {
        const asked = { kind: values.kind, name: values.kind === 'organization' ? '' : values.name, right: values.right } as Share;
        await share(bucket.name, asked);
        changed(client);
        done(w.shared(asked.kind === 'organization' ? w.everybody : asked.name), () => unshare(bucket.name, asked).then(() => changed(client)));
      }}
    />
  );
}

function setQuota(bucket: string, quota_bytes: number | null) {
  return told(api.PATCH('/api/v1/organization/data/bucket/{bucket}', { params: { path: { bucket } }, body: { quota_bytes } }));
}

function Quota({ bucket, onClose }: { bucket: Bucket; onClose: () => void }) {
  const w = useWords(words);
  const f = useFormats();
  const client = useQueryClient();
  const read = (typed: unknown) => (String(typed).trim() === '' ? null : Math.round(Number(String(typed).replace(',', '.')) * GB));
  return (
    <FormDialog
      title={w.quotaTitle(placeName(bucket, w.home))}
      fields={[{ name: 'quota', label: w.quotaField, unit: 'GB', kind: 'number', help: w.quotaHelp, pointer: 'quota_bytes' }]}
      start={{ quota: bucket.quota_bytes === null ? '' : String(bucket.quota_bytes / GB) }}
      yes={w.quotaYes}
      effect={({ quota }) => {
        const bytes = read(quota);
        return bytes !== null && bytes < bucket.used_bytes ? <p className="warn">{w.quotaOver(f.bytes(bucket.used_bytes))}</p> : null;
      }}
      onClose={onClose}
      act={async ({ quota }) => {
        await setQuota(bucket.name, read(quota));
        changed(client);
        done(w.quotaSet, () => setQuota(bucket.name, bucket.quota_bytes).then(() => changed(client)));
      }}
    />
  );
}

function NewBucket({ onClose }: { onClose: () => void }) {
  const w = useWords(words);
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  return (
    <FormDialog
      title={w.bucketTitle}
      fields={[
        { name: 'name', label: w.bucketName, required: true },
        { name: 'project', label: w.bucketOf, kind: 'select', options: [{ value: '', label: w.kinds.organization }, ...myProjects(me).map((one) => ({ value: one.name, label: one.name }))] },
      ]}
      yes={w.bucketYes}
      onClose={onClose}
      act={async ({ name, project }) => {
        const made = await told(api.POST('/api/v1/organization/data/bucket', { body: { name: String(name), project: String(project) || null }, headers: { 'Idempotency-Key': onceKey() } }));
        changed(client);
        done(w.bucketMade(made.name));
        void navigate({ to: '/o/$org/data/$bucket/$', params: { org: me.organization, bucket: made.name, _splat: '' } });
      }}
    />
  );
}

function Drop({ bucket, onClose }: { bucket: Bucket; onClose: () => void }) {
  const w = useWords(words);
  const client = useQueryClient();
  const navigate = useNavigate();
  const { org } = useParams({ from: '/o/$org' });
  return (
    <Question
      title={w.dropTitle(bucket.name)}
      yes={w.dropYes}
      danger
      onClose={onClose}
      act={async () => {
        await told(api.DELETE('/api/v1/organization/data/bucket/{bucket}', { params: { path: { bucket: bucket.name } } }));
        changed(client);
        done(w.dropped(bucket.name));
        void navigate({ to: '/o/$org/data/$bucket/$', params: { org, bucket: 'home', _splat: '' } });
      }}
    >
      {w.dropText}
    </Question>
  );
}
