import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { api, onceKey, told } from '@/api/client';
import { done } from '@/components/Done';
import { Failure } from '@/components/Note';
import { Section } from '@/components/Page';
import { useWords } from '@/i18n';
import { sharesQuery, type Share } from './queries';
import { words } from './words';

/** To whom a cluster is open, and opening and closing it. */
export function Shares({ cluster }: { cluster: string }) {
  const w = useWords(words);
  const client = useQueryClient();
  const shares = useQuery(sharesQuery(cluster));
  const [name, setName] = useState('');
  const [error, setError] = useState<unknown>(null);
  const path = { cluster };
  const put = (organization: string | null) => told(api.POST('/api/v1/organization/cluster/{cluster}/shares', { params: { path }, body: { organization, account: false }, headers: { 'Idempotency-Key': onceKey() } }));
  const take = (organization: string | null) => told(api.DELETE('/api/v1/organization/cluster/{cluster}/shares', { params: { path, query: { organization: organization ?? undefined } } }));
  const again = () => client.invalidateQueries({ queryKey: ['cluster', cluster, 'shares'] });
  const act = async (doing: () => Promise<unknown>, said: string, undo?: () => Promise<unknown>) => {
    setError(null);
    try {
      await doing();
      setName('');
      await again();
      done(said, undo && (() => undo().then(again)));
    } catch (caught) {
      setError(caught);
    }
  };
  const open = (event: FormEvent) => {
    event.preventDefault();
    const to = name.trim() || null;
    void act(() => put(to), w.sharedNow(to ?? w.everyone), () => take(to));
  };
  const called = (one: Share) => one.organization ?? one.organization_id ?? w.everyone;
  const shut = (one: Share) => void act(() => take(one.organization_id), w.closedNow(called(one)), one.account ? undefined : () => put(one.organization_id)); // an account is opened with the consent of both only
  const rows = shares.data?.rows ?? [];
  return (
    <Section title={w.shares}>
      {rows.length === 0 && <p className="t2 gap-top">{w.noShares}</p>}
      {rows.length > 0 && (
        <table className="table flush">
          <tbody>
            {rows.map((one) => (
              <tr key={one.organization_id ?? ''}>
                <th scope="row">{called(one)}</th>
                <td className="t2">{one.account ? w.withAccount : w.ownAccount}</td>
                <td className="num">
                  <button type="button" className="btn small" aria-label={w.unshare(called(one))} onClick={() => shut(one)}>
                    {w.close}
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {error !== null && <Failure error={error} />}
      <form className="row wrap gap-top" onSubmit={open}>
        <input className="input" aria-label={w.shareName} aria-describedby="share-help" placeholder={w.shareName} value={name} onChange={(event) => setName(event.target.value)} />
        <button type="submit" className="btn">
          {w.shareYes}
        </button>
        <span id="share-help" className="t3 xs">
          {w.shareHelp}
        </span>
      </form>
    </Section>
  );
}
