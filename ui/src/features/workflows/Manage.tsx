/** What publishers do: publish a folder, open a workflow to all or to a few, share it, take it off the list. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Ellipsis, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { api, onceKey, page, told } from '@/api/client';
import { projectsQuery, useNames, usersQuery } from '@/api/people';
import { may, myProjects, owns, useMe } from '@/api/session';
import { Dialog, Question } from '@/components/Dialog';
import { DataTable } from '@/components/DataTable';
import { done, refused } from '@/components/Done';
import { Day } from '@/components/Exact';
import { FormDialog } from '@/components/FormDialog';
import { Icon } from '@/components/Icon';
import { Loaded } from '@/components/Loaded';
import { Menu } from '@/components/Menu';
import { Failure } from '@/components/Note';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { withdrawnQuery, type Workflow } from './queries';
import { words } from './words';

type Grant = { kind: 'organization' | 'project' | 'user' | 'everyone'; id: string | null };

const path = (one: Workflow) => ({ path: { wtid: one.id } });

function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await client.invalidateQueries({ queryKey: ['workflows'] });
    await client.invalidateQueries({ queryKey: ['workflow'] });
  };
}

/** The menu of one workflow, for publishers of the organization that it belongs to. */
export function ManageWorkflow({ workflow }: { workflow: Workflow }) {
  const w = useWords(words);
  const me = useMe();
  const refresh = useRefresh();
  const [asked, setAsked] = useState<'open' | 'share' | 'withdraw' | null>(null);
  if (!may(me, 'workflow.publish') || !owns(me, workflow)) return null;
  const name = workflow.title || workflow.name;
  const restricted = workflow.visibility === 'restricted';
  const close = () => setAsked(null);
  const show = (visibility: 'organization' | 'restricted') => told(api.PATCH('/api/v1/organization/workflow/template/{wtid}', { params: path(workflow), body: { visibility } })).then(refresh);
  const choices = [
    { key: 'open', label: restricted ? w.openToAll : w.restrict, act: () => setAsked('open') },
    { key: 'share', label: w.share, act: () => setAsked('share') },
    { key: 'withdraw', label: w.withdraw, act: () => setAsked('withdraw'), danger: true },
  ];
  return (
    <>
      <Menu className="icon" label={w.manage(name)} choices={choices}>
        <Icon of={Ellipsis} />
      </Menu>
      {asked === 'open' && (
        <Question
          title={restricted ? w.openTitle(name) : w.restrictTitle(name)}
          yes={restricted ? w.openToAll : w.restrict}
          act={async () => {
            await show(restricted ? 'organization' : 'restricted');
            done(restricted ? w.opened(name) : w.nowRestricted(name), () => show(restricted ? 'restricted' : 'organization'));
          }}
          onClose={close}
        >
          {restricted ? w.openText : w.restrictText}
        </Question>
      )}
      {asked === 'share' && <Shares workflow={workflow} onClose={close} />}
      {asked === 'withdraw' && (
        <Question
          title={w.withdrawTitle(name)}
          yes={w.withdraw}
          danger
          act={async () => {
            await told(api.DELETE('/api/v1/organization/workflow/template/{wtid}', { params: path(workflow) }));
            await refresh();
            done(w.withdrawn(name), () => putBack(workflow).then(refresh));
          }}
          onClose={close}
        >
          {w.withdrawText}
        </Question>
      )}
    </>
  );
}

const putBack = (workflow: Workflow) => told(api.POST('/api/v1/organization/workflow/template/{wtid}/restore', { params: path(workflow) }));

/** What the own organization took off the list, and the way back. */
export function Withdrawn() {
  const w = useWords(words);
  const query = useQuery(withdrawnQuery);
  const refresh = useRefresh();
  const back = (one: Workflow) =>
    putBack(one).then(
      () => refresh().then(() => done(w.putBack(one.title || one.name), () => told(api.DELETE('/api/v1/organization/workflow/template/{wtid}', { params: path(one) })).then(refresh))),
      refused,
    );
  return (
    <Loaded query={query} rows={3}>
      {({ rows }) => (
        <DataTable
          caption={w.gone}
          rows={rows}
          keyOf={(one) => one.id}
          columns={[
            {
              head: w.title,
              cell: (one) => (
                <>
                  {one.title || one.name} <span className="t3">{w.version(one.version)}</span>
                  <span className="t2 meta cut2">{one.description}</span>
                </>
              ),
            },
            { head: w.published, num: true, cell: (one) => <Day at={one.published_at} /> },
          ]}
          trace={(one) => ({ name: one.title || one.name, subject: one.id })}
          acts={(one) => (
            <button type="button" className="btn small" aria-label={w.backOf(one.title || one.name)} onClick={() => void back(one)}>
              {w.back}
            </button>
          )}
          empty={{ title: w.noneGone, text: w.noneGoneText }}
        />
      )}
    </Loaded>
  );
}

function Shares({ workflow, onClose }: { workflow: Workflow; onClose: () => void }) {
  const w = useWords(words);
  const client = useQueryClient();
  const names = useNames();
  const [adding, setAdding] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const key = ['workflow', workflow.id, 'shares'];
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => page(api.GET('/api/v1/organization/workflow/template/{wtid}/shares', { params: { ...path(workflow), query: { limit: 1000 } }, signal })) });
  const refresh = () => client.invalidateQueries({ queryKey: key });
  const give = (one: Grant) => told(api.POST('/api/v1/organization/workflow/template/{wtid}/shares', { params: path(workflow), body: one, headers: { 'Idempotency-Key': onceKey() } })).then(refresh);
  const take = (one: Grant) => told(api.DELETE('/api/v1/organization/workflow/template/{wtid}/shares', { params: { ...path(workflow), query: { kind: one.kind, id: one.id ?? undefined } } })).then(refresh);
  const called = ({ kind, id }: Grant) => (kind === 'everyone' ? w.kinds.everyone : `${w.kinds[kind]} ${kind === 'project' ? names.project(id) : kind === 'user' ? names.user(id) : id}`);
  if (adding) return <NewShare workflow={workflow} give={give} take={take} called={called} onClose={() => setAdding(false)} />;
  return (
    <Dialog
      title={w.shareTitle(workflow.title || workflow.name)}
      onClose={onClose}
      actions={
        <button type="button" className="btn primary" onClick={() => setAdding(true)}>
          {w.shareWith}
        </button>
      }
    >
      <Loaded query={query} rows={2}>
        {({ rows }) =>
          rows.length === 0 ? (
            <p className="t2">{w.sharedWithNobody}</p>
          ) : (
            <ul className="shares">
              {(rows as Grant[]).map((one) => (
                <li key={`${one.kind} ${one.id}`}>
                  <b>{called(one)}</b>
                  <button
                    type="button"
                    className="btn small end"
                    aria-label={w.unshareNamed(called(one))}
                    onClick={() => {
                      setError(null);
                      take(one).then(() => done(w.unshared(called(one)), () => give(one)), setError);
                    }}
                  >
                    {w.unshare}
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {error !== null && <Failure error={error} />}
    </Dialog>
  );
}

type NewShareProps = { workflow: Workflow; give: (one: Grant) => Promise<unknown>; take: (one: Grant) => Promise<unknown>; called: (one: Grant) => string; onClose: () => void };

function NewShare({ workflow, give, take, called, onClose }: NewShareProps) {
  const w = useWords(words);
  const me = useMe();
  const reads = may(me, 'user.read');
  const users = useQuery({ ...usersQuery, enabled: reads });
  const projects = useQuery({ ...projectsQuery, enabled: reads });
  const known = [...new Map([...myProjects(me), ...(projects.data?.rows ?? [])].map((one) => [one.id, one.name]))];
  const kinds = (['project', ...(reads ? (['user'] as const) : []), 'organization', 'everyone'] as const).filter((kind) => kind !== 'project' || known.length > 0);
  return (
    <FormDialog
      title={w.shareTitle(workflow.title || workflow.name)}
      intro={w.shareText}
      fields={[
        { name: 'kind', label: w.shareWith, kind: 'select', options: kinds.map((kind) => ({ value: kind, label: w.kinds[kind] })) },
        { name: 'project', label: w.kinds.project, kind: 'select', options: known.map(([value, label]) => ({ value, label })), when: ({ kind }) => kind === 'project' },
        { name: 'user', label: w.kinds.user, kind: 'select', options: (users.data?.rows ?? []).map((one) => ({ value: one.id, label: one.username })), when: ({ kind }) => kind === 'user' },
        { name: 'organization', label: w.kinds.organization, help: w.organizationHelp, required: true, pointer: 'id', when: ({ kind }) => kind === 'organization' },
      ]}
      yes={w.share}
      onClose={onClose}
      act={async (values) => {
        const kind = values.kind as Grant['kind'];
        const one: Grant = { kind, id: kind === 'everyone' ? null : String(values[kind] ?? '') };
        await give(one);
        done(w.shared(called(one)), () => take(one));
      }}
    />
  );
}

/** A folder of this computer becomes the next version of the workflow that its `workflow.yaml` names. */
export function Publish() {
  const w = useWords(words);
  const me = useMe();
  const [files, setFiles] = useState<Record<string, string> | null>(null);
  const input = useRef<HTMLInputElement>(null);
  if (!may(me, 'workflow.publish')) return null;
  const read = async (chosen: FileList | null) => {
    if (!chosen || chosen.length === 0) return;
    const found = await Promise.all([...chosen].map(async (file) => [file.webkitRelativePath.split('/').slice(1).join('/') || file.name, await file.text()] as const));
    setFiles(Object.fromEntries(found.filter(([name]) => !name.split('/').some((part) => part.startsWith('.') || part === '__pycache__'))));
  };
  return (
    <>
      <input ref={input} type="file" hidden multiple data-publish="" {...{ webkitdirectory: '' }} onChange={(event) => void read(event.target.files).then(() => (event.target.value = ''))} />
      <button type="button" className="btn" onClick={() => input.current?.click()}>
        <Icon of={Upload} />
        {w.publish}
      </button>
      {files && <PublishDialog files={files} onClose={() => setFiles(null)} />}
    </>
  );
}

function PublishDialog({ files, onClose }: { files: Record<string, string>; onClose: () => void }) {
  const w = useWords(words);
  const f = useFormats();
  const refresh = useRefresh();
  const [key] = useState(onceKey);
  const names = Object.keys(files).sort();
  const size = names.reduce((sum, name) => sum + (files[name]?.length ?? 0), 0);
  return (
    <FormDialog
      title={w.publishTitle}
      intro={names.includes('workflow.yaml') ? w.publishText(f.number(names.length), f.bytes(size)) : w.publishNoFile}
      fields={[
        { name: 'message', label: w.publishMessage, help: w.publishMessageHelp },
        { name: 'visibility', label: w.visibility, kind: 'select', options: [{ value: '', label: w.publishAsBefore }, ...(['organization', 'restricted'] as const).map((one) => ({ value: one, label: w.visibilities[one] }))] },
      ]}
      yes={w.publish}
      onClose={onClose}
      effect={() => <p className="mono t2 xs published-files">{names.join('\n')}</p>}
      act={async ({ message, visibility }) => {
        const body = { files, message: String(message), ...(visibility ? { visibility: visibility as 'organization' } : {}) };
        const made = await told(api.POST('/api/v1/organization/workflow/template', { body: body as never, headers: { 'Idempotency-Key': key } as never }));
        await refresh();
        done(w.publishedAs(made.title || made.name, w.version(made.version)));
      }}
    />
  );
}
