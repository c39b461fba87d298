/** How somebody wants to hear of the end of a run: in the page, through the browser, by mail. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { canPush, hereQuery } from '@/api/push';
import { canTell, mayTell, WAYS, type Way, type Wish } from '@/api/wish';
import { catalogue, useWords } from '@/i18n';
import { Untaken, useTaking } from './Browsers';

const words = catalogue(
  {
    ways: { page: 'In the page', browser: 'Through the browser', mail: (address: string) => `By mail${address ? ` to ${address}` : ''}` },
    refused: 'Your browser does not allow it: allow notices for this page in its settings.',
    whileOpen: 'The browser tells it while a page of HEROES is open, also in another tab.',
    whileClosed: 'This browser tells it also when all pages of HEROES are closed.',
    noAddress: 'You have no e-mail address; an administrator can add it.',
    noServer: 'This platform has no mail server: no mail is sent.',
  },
  {
    ways: { page: 'Auf der Seite', browser: 'Durch den Browser', mail: (address: string) => `Per E-Mail${address ? ` an ${address}` : ''}` },
    refused: 'Ihr Browser erlaubt es nicht: Erlauben Sie Mitteilungen für diese Seite in seinen Einstellungen.',
    whileOpen: 'Der Browser meldet es, solange eine Seite von HEROES offen ist, auch in einem anderen Tab.',
    whileClosed: 'Dieser Browser meldet es auch, wenn alle Seiten von HEROES geschlossen sind.',
    noAddress: 'Sie haben keine E-Mail-Adresse; die Verwaltung kann sie eintragen.',
    noServer: 'Diese Plattform hat keinen Mailserver: Es geht keine E-Mail hinaus.',
  },
);

export function Ways({ legend, chosen, wish, change }: { legend: string; chosen: readonly Way[]; wish: Wish; change: (ways: Way[]) => Promise<void> | void }) {
  const w = useWords(words);
  const [refused, setRefused] = useState(false);
  const [asked, setAsked] = useState<Way[] | null>(null); // shown until it is kept, or could not be
  const shown = asked ?? chosen;
  const here = useQuery(hereQuery).data ?? null;
  const { take, taking, fault } = useTaking();
  const toggle = async (way: Way, on: boolean) => {
    const may = !(on && way === 'browser') || canTell() || (await mayTell());
    setRefused(!may);
    if (!may) return;
    const next = WAYS.filter((one) => (one === way ? on : shown.includes(one)));
    setAsked(next);
    await change(next);
    setAsked(null);
    if (on && way === 'browser' && canPush() && here === null) await take();
  };
  return (
    <fieldset className="ways">
      <legend className="sr">{legend}</legend>
      {WAYS.map((way) => (
        <label key={way} className="row">
          <input type="checkbox" checked={shown.includes(way)} onChange={(event) => void toggle(way, event.target.checked)} />
          {way === 'mail' ? w.ways.mail(wish.address) : w.ways[way]}
        </label>
      ))}
      {refused && (
        <p className="warn" role="status">
          {w.refused}
        </p>
      )}
      {shown.includes('browser') && <p className="t3 xs">{!canTell() ? w.refused : here === null || taking ? w.whileOpen : w.whileClosed}</p>}
      <Untaken fault={fault} />
      {shown.includes('mail') && !(wish.server && wish.address) && (
        <p className="warn" role="status">
          {wish.server ? w.noAddress : w.noServer}
        </p>
      )}
    </fieldset>
  );
}
