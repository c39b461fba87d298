import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { api, told, type Schemas } from '@/api/client';
import { useNames, usersQuery } from '@/api/people';
import { useMe } from '@/api/session';
import { Copyable } from '@/components/Copy';
import { CopyAs } from '@/components/CopyAs';
import { copies } from '@/components/copies';
import { DataTable } from '@/components/DataTable';
import { Question } from '@/components/Dialog';
import { done } from '@/components/Done';
import { Day, Moment, told as whenUsed } from '@/components/Exact';
import { FormDialog } from '@/components/FormDialog';
import { Loaded } from '@/components/Loaded';
import { OnceShown } from '@/components/OnceShown';
import { Section } from '@/components/Page';
import { useMeaning, usePermissions } from '@/components/permissions';
import { shortId } from '@/components/value';
import { useWords } from '@/i18n';
import { changed, keysQuery, once, programsQuery, tokensQuery } from './queries';
import { words } from './words';

type Asked = { kind: 'token' | 'key' | 'program' } | { revoke: string; used: string | null; act: () => Promise<unknown> } | { change: Changing };
/** What is renamed; a program has addresses besides. */
type Changing = { name: string; redirects?: string[]; put: (name: string, redirects: string[]) => Promise<unknown> };
type Shown = { title: string; secret: string; more?: ReactNode };

export function Credentials() {
  const w = useWords(words);
  const meaning = useMeaning();
  const names = useNames();
  const client = useQueryClient();
  const tokens = useQuery(tokensQuery(true));
  const keys = useQuery(keysQuery(true));
  const programs = useQuery(programsQuery);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const used = (at: string | null) => (at ? <Moment at={at} /> : <span className="t3">{w.neverUsed}</span>);
  const revoke = (name: string, used: string | null, act: () => Promise<unknown>) => (
    <button type="button" className="btn small danger" aria-label={w.revokeOf(name)} onClick={() => setAsked({ revoke: name, used, act })}>
      {w.revoke}
    </button>
  );
  const change = (changing: Changing) => (
    <button type="button" className="btn small" aria-label={w.editOf(changing.name)} onClick={() => setAsked({ change: changing })}>
      {w.edit}
    </button>
  );
  const button = (kind: 'token' | 'key' | 'program', label: string) => (
    <button type="button" className="btn" onClick={() => setAsked({ kind })}>
      {label}
    </button>
  );
  const make = (kind: 'token' | 'key' | 'program', label: string) => (
    <span className="row end">
      <CopyAs small forms={copies[`${kind}s`]} />
      {button(kind, label)}
    </span>
  );
  return (
    <div className="stack">
      <Section title={w.tokens} aside={make('token', w.newToken)}>
        <p className="t2 quiet">{w.tokensText}</p>
        <Loaded query={tokens} rows={3}>
          {({ rows }) => (
            <DataTable
              caption={w.tokens}
              rows={rows}
              keyOf={(one) => one.id}
              columns={[
                { head: w.name, cell: (one) => one.name },
                { head: w.owner, cell: (one) => names.user(one.user_id) },
                { head: w.scope, cell: (one) => <span className="t2">{one.actions ? <span title={one.actions.join(', ')}>{one.actions.map(meaning).join('; ')}</span> : w.allOwner}</span> },
                { head: w.lastUsed, num: true, cell: (one) => used(one.last_used_at) },
                { head: w.ends, num: true, cell: (one) => (one.expires_at ? <Day at={one.expires_at} /> : w.never) },
              ]}
              trace={(one) => ({ name: one.name, subject: one.id })}
              acts={(one) => (
                <>
                  {change({ name: one.name, put: (name) => told(api.PATCH('/api/v1/organization/auth/token/{token_id}', { params: { path: { token_id: one.id } }, body: { name } })) })}
                  {revoke(one.name, one.last_used_at, () => told(api.DELETE('/api/v1/organization/auth/token/{token_id}', { params: { path: { token_id: one.id } } })))}
                </>
              )}
              empty={{ title: w.noTokens, text: w.noTokensText, action: button('token', w.newToken) }}
            />
          )}
        </Loaded>
      </Section>
      <Section title={w.keys} aside={make('key', w.newKey)}>
        <p className="t2 quiet">{w.keysText}</p>
        <Loaded query={keys} rows={3}>
          {({ rows }) => (
            <DataTable
              caption={w.keys}
              rows={rows}
              keyOf={(one) => one.id}
              columns={[
                { head: w.keyTitle, cell: (one) => one.title || one.id },
                { head: w.owner, cell: (one) => names.user(one.user_id) },
                { head: w.publicKey, cell: (one) => <Copyable text={one.public_key} shown={one.fingerprint.slice(0, 22)} /> },
                { head: w.lastUsed, num: true, cell: (one) => used(one.last_used_at) },
              ]}
              trace={(one) => ({ name: one.title || one.id, subject: one.id })}
              acts={(one) => (
                <>
                  {change({ name: one.title || one.id, put: (title) => told(api.PATCH('/api/v1/organization/credential/{credential_id}', { params: { path: { credential_id: one.id } }, body: { title } })) })}
                  {revoke(one.title || one.id, one.last_used_at, () => told(api.DELETE('/api/v1/organization/credential/{credential_id}', { params: { path: { credential_id: one.id } } })))}
                </>
              )}
              empty={{ title: w.noKeys, text: w.noKeysText, action: button('key', w.newKey) }}
            />
          )}
        </Loaded>
      </Section>
      <Section title={w.programs} aside={make('program', w.newProgram)}>
        <p className="t2 quiet">{w.programsText}</p>
        <Loaded query={programs} rows={3}>
          {({ rows }) => (
            <DataTable
              caption={w.programs}
              rows={rows}
              keyOf={(one) => one.client_id}
              columns={[
                { head: w.programName, cell: (one) => one.name },
                { head: w.programId, cell: (one) => <Copyable text={one.client_id} shown={shortId(one.client_id)} /> },
                { head: w.programUser, cell: (one) => names.user(one.user_id) },
                { head: w.redirects, cell: (one) => <span className="t2">{one.redirect_uris.join(', ') || '–'}</span> },
                { head: w.lastUsed, num: true, cell: (one) => used(one.last_used_at) },
              ]}
              trace={(one) => ({ name: one.name, subject: one.client_id })}
              acts={(one) => (
                <>
                  {change({ name: one.name, redirects: one.redirect_uris, put: (name, redirect_uris) => told(api.PATCH('/api/v1/organization/admin/clients/{client_id}', { params: { path: { client_id: one.client_id } }, body: { name, redirect_uris } })) })}
                  {revoke(one.name, one.last_used_at, () => told(api.DELETE('/api/v1/organization/admin/clients/{client_id}', { params: { path: { client_id: one.client_id } } })))}
                </>
              )}
              empty={{ title: w.noPrograms, text: w.noProgramsText, action: button('program', w.newProgram) }}
            />
          )}
        </Loaded>
      </Section>
      {asked && 'revoke' in asked && (
        <Question
          title={w.revokeOf(asked.revoke)}
          yes={w.revoke}
          danger
          onClose={() => setAsked(null)}
          act={async () => {
            await asked.act();
            changed(client);
            done(w.revoked(asked.revoke));
          }}
        >
          {asked.used ? whenUsed(w.revokeUsed, <Moment at={asked.used} />) : w.revokeUnused} {w.revokeText}
        </Question>
      )}
      {asked && 'change' in asked && <Change what={asked.change} onClose={() => setAsked(null)} />}
      {asked && 'kind' in asked && <Make kind={asked.kind} onClose={() => setAsked(null)} show={setShown} />}
      {shown && (
        <OnceShown title={shown.title} secret={shown.secret} onClose={() => setShown(null)}>
          {shown.more}
        </OnceShown>
      )}
    </div>
  );
}

function Change({ what: { name, redirects, put }, onClose }: { what: Changing; onClose: () => void }) {
  const w = useWords(words);
  const client = useQueryClient();
  const listed = (typed: unknown) => String(typed).split(/\s+/).filter(Boolean);
  return (
    <FormDialog
      title={w.editOf(name)}
      fields={[{ name: 'name', label: w.name, required: true, pointer: redirects ? undefined : 'title' }, ...(redirects ? [{ name: 'redirects', label: w.redirects, help: w.redirectsHelp, kind: 'area' as const, pointer: 'redirect_uris' }] : [])]}
      start={{ name, redirects: redirects?.join('\n') ?? '' }}
      yes={w.save}
      effect={(values) => {
        const gone = redirects?.filter((one) => !listed(values.redirects).includes(one)) ?? [];
        return gone.length > 0 ? <p className="effect warn">{w.redirectsGone(gone.join(', '))}</p> : null;
      }}
      onClose={onClose}
      act={async (values) => {
        await put(String(values.name).trim(), listed(values.redirects));
        changed(client);
        done(w.saved(String(values.name).trim()), () => put(name, redirects ?? []).then(() => changed(client)));
      }}
    />
  );
}

function Make({ kind, onClose, show }: { kind: 'token' | 'key' | 'program'; onClose: () => void; show: (shown: Shown) => void }) {
  const w = useWords(words);
  const me = useMe();
  const choices = usePermissions();
  const client = useQueryClient();
  const services = (useQuery(usersQuery).data?.rows ?? []).filter((one) => one.service);
  const made = (name: string, secret: string | null, more?: ReactNode) => {
    changed(client);
    done(w.made(name));
    if (secret) show({ title: name, secret, more });
  };
  if (kind === 'token')
    return (
      <FormDialog
        title={w.newToken}
        wide
        fields={[
          { name: 'name', label: w.tokenName, required: true },
          { name: 'expires', label: w.expires, unit: w.days, kind: 'number', pointer: 'expires_in_days' },
          { name: 'actions', label: w.scope, kind: 'checks', help: w.scopeHelp, options: choices(me.actions) },
        ]}
        start={{ expires: '90' }}
        yes={w.newToken}
        onClose={onClose}
        act={async ({ name, expires, actions }) => {
          const chosen = Array.isArray(actions) && actions.length > 0 ? (actions as Schemas['Action'][]) : null;
          const answer = await told(api.POST('/api/v1/organization/auth/token', { body: { name: String(name), actions: chosen, expires_in_days: expires ? Number(expires) : null }, headers: once() }));
          made(answer.name, answer.token);
        }}
      />
    );
  if (kind === 'key')
    return (
      <FormDialog
        title={w.newKey}
        fields={[{ name: 'title', label: w.keyTitle, required: true }]}
        yes={w.newKey}
        onClose={onClose}
        act={async ({ title }) => {
          const answer = await told(api.POST('/api/v1/organization/credential', { body: { title: String(title), metadata: {} }, headers: once() }));
          made(answer.title, answer.token, <Copyable text={answer.public_key} />);
        }}
      />
    );
  return (
    <FormDialog
      title={w.newProgram}
      fields={[
        { name: 'name', label: w.programName, required: true },
        { name: 'user', label: w.programUser, kind: 'select', options: [{ value: '', label: w.programNobody }, ...services.map((one) => ({ value: one.username, label: one.username }))] },
        { name: 'redirects', label: w.redirects, help: w.redirectsHelp, kind: 'area', pointer: 'redirect_uris' },
        { name: 'public', label: w.public, kind: 'check' },
      ]}
      yes={w.newProgram}
      onClose={onClose}
      act={async (values) => {
        const redirect_uris = String(values.redirects).split(/\s+/).filter(Boolean);
        const answer = await told(api.POST('/api/v1/organization/admin/clients', { body: { name: String(values.name), user: String(values.user) || null, redirect_uris, public: values.public === true }, headers: once() }));
        made(answer.name, answer.client_secret, <Copyable text={answer.client_id} />);
      }}
    />
  );
}
