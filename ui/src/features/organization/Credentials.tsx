import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { api, told, type Schemas } from '@/api/client';
import { useNames, usersQuery } from '@/api/people';
import { useMe } from '@/api/session';
import { Copyable } from '@/components/Copy';
import { DataTable } from '@/components/DataTable';
import { Question } from '@/components/Dialog';
import { done } from '@/components/Done';
import { Day, Moment } from '@/components/Exact';
import { FormDialog } from '@/components/FormDialog';
import { Loaded } from '@/components/Loaded';
import { OnceShown } from '@/components/OnceShown';
import { Section } from '@/components/Page';
import { shortId } from '@/components/value';
import { useWords } from '@/i18n';
import { changed, keysQuery, once, programsQuery, tokensQuery } from './queries';
import { words } from './words';

type Asked = { kind: 'token' | 'key' | 'program' } | { revoke: string; act: () => Promise<unknown> };
type Shown = { title: string; secret: string; more?: ReactNode };

export function Credentials() {
  const w = useWords(words);
  const names = useNames();
  const client = useQueryClient();
  const tokens = useQuery(tokensQuery(true));
  const keys = useQuery(keysQuery(true));
  const programs = useQuery(programsQuery);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const used = (at: string | null) => (at ? <Moment at={at} /> : <span className="t3">{w.neverUsed}</span>);
  const revoke = (name: string, act: () => Promise<unknown>) => (
    <button type="button" className="btn small danger" aria-label={w.revokeOf(name)} onClick={() => setAsked({ revoke: name, act })}>
      {w.revoke}
    </button>
  );
  const make = (kind: 'token' | 'key' | 'program', label: string) => (
    <button type="button" className="btn end" onClick={() => setAsked({ kind })}>
      {label}
    </button>
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
                { head: w.scope, cell: (one) => <span className="t2">{one.actions ? one.actions.join(', ') : w.allOwner}</span> },
                { head: w.lastUsed, num: true, cell: (one) => used(one.last_used_at) },
                { head: w.ends, num: true, cell: (one) => (one.expires_at ? <Day at={one.expires_at} /> : w.never) },
              ]}
              acts={(one) => revoke(one.name, () => told(api.DELETE('/api/v1/organization/auth/token/{token_id}', { params: { path: { token_id: one.id } } })))}
              empty={{ title: w.noTokens, text: w.noTokensText }}
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
              acts={(one) => revoke(one.title || one.id, () => told(api.DELETE('/api/v1/organization/credential/{credential_id}', { params: { path: { credential_id: one.id } } })))}
              empty={{ title: w.noKeys, text: w.noKeysText }}
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
              acts={(one) => revoke(one.name, () => told(api.DELETE('/api/v1/organization/admin/clients/{client_id}', { params: { path: { client_id: one.client_id } } })))}
              empty={{ title: w.noPrograms, text: w.noProgramsText }}
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
          {w.revokeText}
        </Question>
      )}
      {asked && 'kind' in asked && <Make kind={asked.kind} onClose={() => setAsked(null)} show={setShown} />}
      {shown && (
        <OnceShown title={shown.title} secret={shown.secret} onClose={() => setShown(null)}>
          {shown.more}
        </OnceShown>
      )}
    </div>
  );
}

function Make({ kind, onClose, show }: { kind: 'token' | 'key' | 'program'; onClose: () => void; show: (shown: Shown) => void }) {
  const w = useWords(words);
  const me = useMe();
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
          { name: 'actions', label: w.scope, kind: 'checks', help: w.scopeHelp, options: me.actions.map((one) => ({ value: one, label: one })) },
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
