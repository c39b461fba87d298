/** The browsers that take notices while no page is open, and whether this is one of them. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, told } from '@/api/client';
import { isProblem } from '@/api/problem';
import { browsersQuery, canPush, forget, hereQuery, takeHere, type Browser } from '@/api/push';
import { canTell, mayTell } from '@/api/wish';
import { Moment } from './Exact';
import { catalogue, useWords } from '@/i18n';
import { useSaid } from '@/i18n/said';
import { DataTable } from './DataTable';
import { done, refused } from './Done';
import { Failure } from './Note';

export const words = catalogue(
  {
    browsers: 'Browsers that are told',
    browser: 'Browser',
    through: 'Brought by',
    last: 'Last notice',
    never: 'None yet',
    here: 'this browser',
    add: 'Tell this browser too',
    adding: 'Asking the browser…',
    off: 'This browser is told only while a page of HEROES is open.',
    none: 'No browser is told while all pages are closed',
    tryIt: 'Send a test',
    tryOf: (name: string) => `Send a test to ${name}`,
    tried: 'A notice is on its way.',
    forget: 'Remove',
    forgetOf: (name: string) => `Remove ${name}`,
    forgotten: (name: string) => `${name} is told nothing more.`,
    cannot: 'This browser tells nothing while all pages are closed: it has no push, or this address is neither https nor this machine.',
    unreached: 'The push service of this browser did not answer. It is told only while a page of HEROES is open.',
    named: (browser: string, system: string) => `${browser} on ${system}`,
    anyBrowser: 'A browser',
    anySystem: 'this system',
  },
  {
    browsers: 'Browser, die es erfahren',
    browser: 'Browser',
    through: 'Überbracht von',
    last: 'Letzte Mitteilung',
    never: 'Noch keine',
    here: 'dieser Browser',
    add: 'Auch diesem Browser mitteilen',
    adding: 'Der Browser wird gefragt…',
    off: 'Dieser Browser erfährt es nur, solange eine Seite von HEROES offen ist.',
    none: 'Kein Browser erfährt es, wenn alle Seiten geschlossen sind',
    tryIt: 'Probe senden',
    tryOf: (name: string) => `Probe an ${name} senden`,
    tried: 'Eine Mitteilung ist unterwegs.',
    forget: 'Entfernen',
    forgetOf: (name: string) => `${name} entfernen`,
    forgotten: (name: string) => `${name} erfährt nichts mehr.`,
    cannot: 'Dieser Browser meldet nichts, wenn alle Seiten geschlossen sind: Er kennt kein Push, oder diese Adresse ist weder https noch diese Maschine.',
    unreached: 'Der Push-Dienst dieses Browsers hat nicht geantwortet. Er erfährt es nur, solange eine Seite von HEROES offen ist.',
    named: (browser: string, system: string) => `${browser} unter ${system}`,
    anyBrowser: 'Ein Browser',
    anySystem: 'diesem System',
  },
);

const BROWSERS = [['Edg', 'Edge'], ['OPR', 'Opera'], ['Firefox', 'Firefox'], ['Chrom', 'Chrome'], ['Safari', 'Safari']] as const;
const SYSTEMS = [['Android', 'Android'], ['iPhone', 'iPhone'], ['iPad', 'iPad'], ['Windows', 'Windows'], ['Mac OS', 'macOS'], ['CrOS', 'ChromeOS'], ['Linux', 'Linux']] as const;

function titleHere(w: { named: (browser: string, system: string) => string; anyBrowser: string; anySystem: string }): string {
  const said = navigator.userAgent;
  const browser = BROWSERS.find(([mark]) => said.includes(mark))?.[1] ?? w.anyBrowser;
  return w.named(browser, SYSTEMS.find(([mark]) => said.includes(mark))?.[1] ?? w.anySystem);
}

/** What it takes to let this browser be told; the fault, if it could not. */
export function useTaking(): { take: () => Promise<boolean>; taking: boolean; fault: unknown } {
  const w = useWords(words);
  const client = useQueryClient();
  const [taking, setTaking] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  const take = async () => {
    setTaking(true);
    setFault(null);
    try {
      await takeHere(titleHere(w));
      return true;
    } catch (caught) {
      setFault(caught);
      return false;
    } finally {
      setTaking(false);
      await Promise.all([client.invalidateQueries({ queryKey: browsersQuery.queryKey }), client.invalidateQueries({ queryKey: hereQuery.queryKey })]);
    }
  };
  return { take, taking, fault };
}

/** Why this browser is not told: what the platform said, or that its push service did not answer. */
export function Untaken({ fault }: { fault: unknown }) {
  const w = useWords(words);
  if (fault === null) return null;
  if (isProblem(fault)) return <Failure error={fault} />;
  return (
    <p className="warn" role="status">
      {w.unreached}
    </p>
  );
}

export function Browsers() {
  const w = useWords(words);
  const said = useSaid('deliveries');
  const client = useQueryClient();
  const rows = useQuery(browsersQuery).data;
  const here = useQuery(hereQuery).data;
  const { take, taking, fault } = useTaking();
  if (!rows || here === undefined) return null;
  const mine = rows.some((one) => one.mark === here);
  const name = (one: Browser) => one.title || one.service;
  const act = async (did: Promise<unknown>, text: string) => {
    try {
      await did;
      done(text);
    } catch (caught) {
      refused(caught);
    }
    await client.invalidateQueries({ queryKey: browsersQuery.queryKey });
    await client.invalidateQueries({ queryKey: hereQuery.queryKey });
  };
  const add = async () => {
    if (canTell() || (await mayTell())) await take();
  };
  return (
    <div className="stack browsers">
      <DataTable
        caption={w.browsers}
        rows={rows}
        keyOf={(one) => one.id}
        columns={[
          { head: w.browser, cell: (one) => <>{name(one)} {one.mark === here && <span className="chip">{w.here}</span>}</> },
          { head: w.through, cell: (one) => <span className="t2">{one.service}</span> },
          { head: w.last, cell: (one) => (one.trouble ? <span className="warn">{said(one.trouble_why?.code, one.trouble_why?.facts, one.trouble)}</span> : one.delivered_at ? <Moment at={one.delivered_at} /> : <span className="t3">{w.never}</span>) },
        ]}
        acts={(one) => (
          <>
            <button type="button" className="btn small" aria-label={w.tryOf(name(one))} onClick={() => void act(told(api.POST('/api/v1/organization/notice/browser/{browser}/test', { params: { path: { browser: one.id } } })), w.tried)}>
              {w.tryIt}
            </button>
            <button type="button" className="btn small danger" aria-label={w.forgetOf(name(one))} onClick={() => void act(forget(one), w.forgotten(name(one)))}>
              {w.forget}
            </button>
          </>
        )}
        empty={{ title: w.none }}
      />
      {!mine && (
        <p className="t2 row">
          {canPush() ? w.off : w.cannot}
          {canPush() && (
            <button type="button" className="btn small" disabled={taking} onClick={() => void add()}>
              {taking ? w.adding : w.add}
            </button>
          )}
        </p>
      )}
      <Untaken fault={fault} />
    </div>
  );
}
