import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { api, onceKey, told } from '@/api/client';
import { Failure } from '@/components/Note';
import { Section } from '@/components/Page';
import { useWords } from '@/i18n';
import { sharesQuery } from './queries';
import { words } from './words';

/** To whom a cluster is open, and opening and closing it. */
export function Shares({ cluster }: { cluster: string }) {
  const w = useWords(words);
  const client = useQueryClient();
  const shares = useQuery(sharesQuery(cluster));
  const [name, setName] = useState('');
  const [error, setError] = useState<unknown>(null);
  const act = async (doing: Promise<unknown>) => {
    setError(null);
    try {
      await doing;
      setName('');
      await client.invalidateQueries({ queryKey: ['cluster', cluster, 'shares'] });
    } catch (caught) {
      setError(caught);
    }
  };
  const path = { cluster };
  const open = (event: FormEvent) => {
    event.preventDefault();
    void act(told(api.POST('/api/v1/organization/cluster/{cluster}/shares', { params: { path }, body: { organization: name.trim() || null, account: false }, headers: { 'Idempotency-Key': onceKey() } })));
  };
  const shut = (organization: string | null) => void act(told(api.DELETE('/api/v1/organization/cluster/{cluster}/shares', { params: { path, query: { organization: organization ?? undefined } } })));
  const rows = shares.data?.rows ?? [];
  return (
    <Section title={w.shares}>
      {rows.length === 0 && <p className="t2 gap-top">{w.noShares}</p>}
      {rows.length > 0 && (
        <table className="table flush">
          <tbody>
            {rows.map((one) => (
              <tr key={one.organization_id ?? ''}>
                <th scope="row">{one.organization_id ? <span className="mono">{one.organization_id}</span> : w.everyone}</th>
                <td className="t2">{one.account ? w.withAccount : w.ownAccount}</td>
                <td className="num">
                  <button type="button" className="btn small" aria-label={w.unshare(one.organization_id ?? w.everyone)} onClick={() => shut(one.organization_id)}>
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
        <input className="input" aria-label={w.shareName} placeholder={w.shareName} value={name} onChange={(event) => setName(event.target.value)} />
        <button type="submit" className="btn">
          {w.shareYes}
        </button>
      </form>
    </Section>
  );
}
