import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { api, onceKey, told } from '@/api/client';
import { Failure } from '@/components/Note';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { costOf, SAMPLES } from '@/components/samples';
import { priceOf, RATES, ratesOf, type Rate } from './figures';
import type { Queue, Tariff } from './queries';
import { words } from './words';

/** A price as one reads it: `€0.021 /core-h + €0.50 /job`. */
export function PriceWords({ tariff }: { tariff: Tariff | undefined }) {
  const w = useWords(words);
  const f = useFormats();
  if (!tariff) return <span className="t3">{w.noPrice}</span>;
  const rates = ratesOf(tariff);
  if (rates.length === 0) return <>{f.money(0, tariff.currency)}</>;
  return (
    <>
      {rates.map(({ rate, amount }, at) => (
        <span key={rate} className="nowrap">
          {at > 0 && ' + '}
          {f.money(amount, tariff.currency)} <span className="unit">{w.per + w.rates[rate]}</span>
        </span>
      ))}
    </>
  );
}

/** A new price, with what it changes for three sample runs before it is set. */
export function PriceForm({ cluster, tariffs, queues, onDone }: { cluster: string; tariffs: Tariff[]; queues: Queue[]; onDone: () => void }) {
  const w = useWords(words);
  const f = useFormats();
  const client = useQueryClient();
  const [queue, setQueue] = useState('');
  const before = priceOf(tariffs, queue || (queues[0]?.name ?? ''));
  const [title, setTitle] = useState(before?.title ?? '');
  const [currency, setCurrency] = useState(before?.currency ?? 'EUR');
  const [from, setFrom] = useState('');
  const [rates, setRates] = useState<Record<Rate, string>>(() => Object.fromEntries(RATES.map((rate) => [rate, before?.[rate] ?? '0'])) as Record<Rate, string>);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const perNode = (queues.find((one) => one.name === queue) ?? queues[0])?.cores_per_node ?? 1;
  const set = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      const body = { ...rates, cluster, queue: queue || null, title: title || cluster, currency, valid_from: from ? new Date(from).toISOString() : null, charges_node_failures: before?.charges_node_failures ?? false };
      await told(api.POST('/api/v1/organization/tariff', { body, headers: { 'Idempotency-Key': onceKey() } }));
      await client.invalidateQueries({ queryKey: ['cluster', cluster, 'tariffs'] });
      onDone();
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };
  return (
    <form className="stack-3" onSubmit={(event) => void set(event)}>
      <div className="form-grid">
        <label className="field">
          {w.priceQueue}
          <select className="select" value={queue} onChange={(event) => setQueue(event.target.value)}>
            <option value="">{w.all}</option>
            {queues.map((one) => (
              <option key={one.id}>{one.name}</option>
            ))}
          </select>
        </label>
        <label className="field">
          {w.priceName}
          <input className="input" value={title} onChange={(event) => setTitle(event.target.value)} />
        </label>
        <label className="field">
          {w.currency}
          <input className="input" required pattern="[A-Z]{3}" value={currency} onChange={(event) => setCurrency(event.target.value.toUpperCase())} />
        </label>
        <label className="field">
          {w.validFrom} ({w.now}: –)
          <input className="input" type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />
        </label>
        {RATES.map((rate) => (
          <label key={rate} className="field">
            {w.rateNames[rate]}
            <input className="input num" inputMode="decimal" required pattern="[0-9]+([.][0-9]+)?" value={rates[rate]} onChange={(event) => setRates({ ...rates, [rate]: event.target.value.replace(',', '.') })} />
          </label>
        ))}
      </div>
      <div>
        <h3>{w.preview}</h3>
        <p className="t3 xs">{w.previewText}</p>
        <table className="table flush">
          <thead>
            <tr>
              <th scope="col">{w.sample}</th>
              <th scope="col" className="num">
                {w.before}
              </th>
              <th scope="col" className="num">
                {w.then}
              </th>
              <th scope="col" className="num">
                {w.change}
              </th>
            </tr>
          </thead>
          <tbody>
            {SAMPLES.map((sample) => {
              const old = before && costOf(before, sample, perNode);
              const next = costOf(rates, sample, perNode);
              return (
                <tr key={sample.key}>
                  <th scope="row">{w.samples[sample.key]}</th>
                  <td className="num">{old === undefined ? <span className="t3">{w.unpriced}</span> : f.money(old, before?.currency)}</td>
                  <td className="num">{f.money(next, currency)}</td>
                  <td className="num">{old ? `${next > old ? '+' : ''}${f.percent((next - old) / old)}` : '–'}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {error !== null && <Failure error={error} />}
      <div className="row">
        <button type="submit" className="btn primary end" aria-busy={busy}>
          {w.save}
        </button>
      </div>
    </form>
  );
}
