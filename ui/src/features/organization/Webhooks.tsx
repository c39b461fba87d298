import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { DataTable } from '@/components/DataTable';
import { Dialog, Question } from '@/components/Dialog';
import { done, refused } from '@/components/Done';
import { Moment, told } from '@/components/Exact';
import { FormDialog, type Field, type Values } from '@/components/FormDialog';
import { Loaded } from '@/components/Loaded';
import { Menu } from '@/components/Menu';
import { Note } from '@/components/Note';
import { OnceShown } from '@/components/OnceShown';
import { Status } from '@/components/Status';
import { useWords } from '@/i18n';
import { useSaid } from '@/i18n/said';
import { useFormats } from '@/i18n/format';
import { change, create, deadQuery, remove, renew, resend, test, typesOf, webhooksQuery, type DeadLetter, type Untold, type Webhook } from './webhooks';
import { words } from './webhookWords';

type Asked = { what: 'change' | 'off' | 'secret' | 'remove' | 'dead'; webhook: Webhook };

/** What somebody calls it: what it is for, else the machine it goes to. */
function called({ title, url }: Pick<Webhook, 'title' | 'url'>): string {
  return title || (URL.parse(url)?.host ?? url);
}

export function Webhooks() {
  const w = useWords(words);
  const client = useQueryClient();
  const query = useQuery(webhooksQuery);
  const [adding, setAdding] = useState(false);
  const said = useSaid('deliveries');
  const [asked, setAsked] = useState<Asked | null>(null);
  const [secret, setSecret] = useState<{ name: string; secret: string } | null>(null);
  const [untold, setUntold] = useState<(Untold & { name: string }) | null>(null);
  const fresh = () => Promise.all([client.invalidateQueries({ queryKey: ['webhooks'] }), client.invalidateQueries({ queryKey: ['audit'] })]);
  const put = (webhook: Webhook, active: boolean) => change(webhook.id, { active }).then(fresh);
  const switchOn = (webhook: Webhook) =>
    put(webhook, true).then(
      () => done(w.switchedOn(called(webhook)), () => put(webhook, false)),
      refused,
    );
  const tryOut = async (webhook: Webhook) => {
    setUntold(null);
    done(w.testing(called(webhook)));
    try {
      const tried = await test(webhook.id);
      await fresh();
      if (tried.arrived) done(w.arrived(called(webhook)));
      else {
        setUntold({ name: called(webhook), ...tried });
        done(`${w.notArrived(called(webhook))}.`);
      }
    } catch (caught) {
      refused(caught);
    }
  };
  const choices = (webhook: Webhook) => [
    ...(webhook.active ? [{ key: 'test', label: w.test, act: () => void tryOut(webhook) }] : []),
    { key: 'change', label: w.change, act: () => setAsked({ what: 'change', webhook }) },
    { key: 'secret', label: w.newSecret, act: () => setAsked({ what: 'secret', webhook }) },
    webhook.active ? { key: 'off', label: w.switchOff, act: () => setAsked({ what: 'off', webhook }) } : { key: 'on', label: w.on, act: () => void switchOn(webhook) },
    { key: 'remove', label: w.remove, act: () => setAsked({ what: 'remove', webhook }), danger: true },
  ];
  return (
    <>
      <div className="tools">
        <span className="t2">{w.intro}</span>
        <button type="button" className="btn primary end" onClick={() => setAdding(true)}>
          {w.add}
        </button>
      </div>
      {untold && (
        <Note tone="warn" title={`${w.notArrived(untold.name)}.`}>
          {untold.trouble === null ? w.notYet : said(untold.trouble_why?.code, untold.trouble_why?.facts, untold.trouble)}
        </Note>
      )}
      <Loaded query={query} rows={3}>
        {({ rows }) => (
          <DataTable
            caption={w.intro}
            rows={rows}
            keyOf={(one) => one.id}
            columns={[
              {
                head: w.address,
                cell: (one) => (
                  <>
                    {called(one)}
                    <span className="t3 meta mono wrap-any">{one.url}</span>
                  </>
                ),
              },
              { head: w.types, cell: (one) => (one.types.length > 0 ? <span className="mono xs">{one.types.join(', ')}</span> : <span className="t2">{w.all}</span>) },
              { head: w.state, cell: (one) => <State one={one} open={() => setAsked({ what: 'dead', webhook: one })} /> },
              { head: w.delivered, num: true, cell: (one) => (one.delivered_at ? <Moment at={one.delivered_at} /> : <span className="t3">{w.never}</span>) },
            ]}
            trace={(one) => ({ name: called(one), subject: one.id })}
            acts={(one) => (
              <Menu className="btn small" label={w.acts(called(one))} choices={choices(one)}>
                {w.change}
              </Menu>
            )}
            empty={{
              title: w.none,
              text: w.noneText,
              action: (
                <button type="button" className="btn" onClick={() => setAdding(true)}>
                  {w.add}
                </button>
              ),
            }}
          />
        )}
      </Loaded>
      {adding && (
        <Form
          title={w.add}
          yes={w.add}
          onClose={() => setAdding(false)}
          act={async (body) => {
            const made = await create(body);
            await fresh();
            setSecret({ name: called(made), secret: made.secret });
          }}
        />
      )}
      {asked && asked.what === 'dead' && <Dead webhook={asked.webhook} onClose={() => setAsked(null)} fresh={fresh} />}
      {asked && asked.what !== 'dead' && <Ask asked={asked} onClose={() => setAsked(null)} fresh={fresh} show={setSecret} />}
      {secret && (
        <OnceShown title={w.secretOf(secret.name)} secret={secret.secret} onClose={() => setSecret(null)}>
          <p className="t2">{w.secretText}</p>
        </OnceShown>
      )}
    </>
  );
}

function State({ one, open }: { one: Webhook; open: () => void }) {
  const w = useWords(words);
  const said = useSaid('deliveries');
  const f = useFormats();
  const dead = useQuery(deadQuery(one.id)).data?.total ?? 0;
  const failing = one.active && one.attempts > 0;
  return (
    <>
      {!one.active ? (
        <Status tone={one.trouble ? 'bad' : 'idle'} glyph={one.trouble ? 'bad' : 'stop'}>
          {w.off}
        </Status>
      ) : failing ? (
        <Status tone="warn" glyph="warn">
          {one.next_attempt_at ? told(w.tries, <Moment at={one.next_attempt_at} />) : w.failing}
        </Status>
      ) : (
        <Status tone={one.delivered_at ? 'ok' : 'idle'} glyph={one.delivered_at ? 'ok' : 'wait'}>
          {one.delivered_at ? w.works : w.waits}
        </Status>
      )}
      {one.trouble && <span className="t3 meta trouble">{said(one.trouble_why?.code, one.trouble_why?.facts, one.trouble)}</span>}
      {dead > 0 && (
        <button type="button" className="link" onClick={open}>
          {w.undelivered(dead, f.number(dead))}
        </button>
      )}
    </>
  );
}

type Body = { url: string; title: string; types: string[] };

function Form({ title, yes, webhook, act, onClose }: { title: string; yes: string; webhook?: Webhook; act: (body: Body) => Promise<unknown>; onClose: () => void }) {
  const w = useWords(words);
  const fields: Field[] = [
    { name: 'url', label: w.address, help: w.addressHelp, required: true },
    { name: 'title', label: w.title },
    { name: 'types', label: w.types, help: w.typesHelp, kind: 'area' },
  ];
  const bodyOf = (values: Values): Body => ({ url: String(values.url).trim(), title: String(values.title).trim(), types: typesOf(String(values.types)) });
  return (
    <FormDialog
      title={title}
      fields={fields}
      start={webhook && { url: webhook.url, title: webhook.title, types: webhook.types.join(', ') }}
      yes={yes}
      onClose={onClose}
      effect={
        webhook &&
        ((values) => {
          const body = bodyOf(values);
          return (
            <>
              {body.url !== webhook.url && <p className="t2">{w.moved}</p>}
              {body.types.join() !== webhook.types.join() && <p className="t2">{w.narrowed}</p>}
            </>
          );
        })
      }
      act={(values) => act(bodyOf(values))}
    />
  );
}

function Ask({ asked: { what, webhook }, onClose, fresh, show }: { asked: Asked; onClose: () => void; fresh: () => Promise<unknown>; show: (shown: { name: string; secret: string }) => void }) {
  const w = useWords(words);
  const f = useFormats();
  const name = called(webhook);
  const dead = useQuery(deadQuery(webhook.id)).data?.total ?? 0;
  if (what === 'change')
    return (
      <Form
        title={w.changeOf(name)}
        yes={w.save}
        webhook={webhook}
        onClose={onClose}
        act={async (body) => {
          await change(webhook.id, body);
          await fresh();
          const { url, title, types } = webhook;
          done(w.saved(called(body)), () => change(webhook.id, { url, title, types }).then(fresh));
        }}
      />
    );
  if (what === 'off')
    return (
      <Question
        title={w.switchOffOf(name)}
        yes={w.switchOff}
        onClose={onClose}
        act={async () => {
          await change(webhook.id, { active: false });
          await fresh();
          done(w.switchedOff(name), () => change(webhook.id, { active: true }).then(fresh));
        }}
      >
        {w.switchOffText}
      </Question>
    );
  if (what === 'secret')
    return (
      <Question
        title={w.newSecretOf(name)}
        yes={w.newSecret}
        onClose={onClose}
        act={async () => {
          const made = await renew(webhook.id);
          await fresh();
          show({ name, secret: made.secret });
        }}
      >
        {w.newSecretText}
      </Question>
    );
  return (
    <Question
      title={w.removeOf(name)}
      yes={w.remove}
      danger
      onClose={onClose}
      act={async () => {
        await remove(webhook.id);
        await fresh();
        done(w.removed(name));
      }}
    >
      {w.removeText}
      {dead > 0 && <Note tone="warn">{w.removeDead(dead, f.number(dead))}</Note>}
    </Question>
  );
}

function Dead({ webhook, onClose, fresh }: { webhook: Webhook; onClose: () => void; fresh: () => Promise<unknown> }) {
  const w = useWords(words);
  const said = useSaid('deliveries');
  const f = useFormats();
  const query = useQuery(deadQuery(webhook.id));
  const again = (letters: DeadLetter[]) => Promise.all(letters.map((one) => resend(webhook.id, one.id))).then(fresh, refused);
  const rows = query.data?.rows.filter((one) => !one.sending) ?? [];
  return (
    <Dialog
      wide
      title={w.deadOf(called(webhook))}
      onClose={onClose}
      actions={
        <>
          <button type="button" className="btn" onClick={onClose}>
            {w.close}
          </button>
          {rows.length > 0 && (
            <button type="button" className="btn primary" onClick={() => void again(rows)}>
              {w.allAgain(rows.length, f.number(rows.length))}
            </button>
          )}
        </>
      }
    >
      <Loaded query={query} rows={3}>
        {(data) => (
          <DataTable
            caption={w.deadOf(called(webhook))}
            rows={data.rows}
            keyOf={(one) => one.id}
            columns={[
              { head: w.event, cell: (one) => <span className="mono">{one.type}</span> },
              { head: w.why, cell: (one) => <span className="t2">{said(one.trouble_why?.code, one.trouble_why?.facts, one.trouble)}</span> },
              { head: w.attempts, num: true, cell: (one) => f.number(one.attempts) },
              { head: w.since, num: true, cell: (one) => <Moment at={one.created_at} /> },
            ]}
            acts={(one) =>
              one.sending ? (
                <span className="t3">{w.sending}</span>
              ) : (
                <button type="button" className="btn small" aria-label={w.againOf(one.type)} onClick={() => void again([one])}>
                  {w.again}
                </button>
              )
            }
            empty={{ title: w.noDead }}
          />
        )}
      </Loaded>
    </Dialog>
  );
}
