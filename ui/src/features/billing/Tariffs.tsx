/** What clusters cost, from when to when; a new price shows on runs of the past what it would have changed. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { clustersQuery } from '@/api/clusters';
import { useNamesOf } from '@/api/names';
import { may, owns, useMe } from '@/api/session';
import { DataTable } from '@/components/DataTable';
import { Question } from '@/components/Dialog';
import { done } from '@/components/Done';
import { Moment, told } from '@/components/Exact';
import { FormDialog, type Field, type Values } from '@/components/FormDialog';
import { Loaded } from '@/components/Loaded';
import { Loading } from '@/components/Loading';
import { Section } from '@/components/Page';
import { Failure } from '@/components/Note';
import { Status } from '@/components/Status';
import { costOf, SAMPLES } from '@/components/samples';
import { shortId } from '@/components/value';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { effectQuery, endTariff, makeTariff, queuesQuery, tariffsQuery, type Tariff, type TariffIn } from './queries';
import { words } from './words';

export const RATES = ['fixed', 'core_hour', 'node_hour', 'gpu_hour', 'gb_moved', 'gb_month', 'kwh'] as const;
type Stage = 'inForce' | 'coming' | 'ended';

export function stageOf(tariff: Pick<Tariff, 'valid_from' | 'valid_until'>, now: number): Stage {
  if (tariff.valid_until !== null && Date.parse(tariff.valid_until) <= now) return 'ended';
  return Date.parse(tariff.valid_from) > now ? 'coming' : 'inForce';
}

export function Tariffs() {
  const w = useWords(words);
  const me = useMe();
  const { closed } = useSearch({ from: '/o/$org/billing/{-$tab}' });
  const navigate = useNavigate({ from: '/o/$org/billing/{-$tab}' });
  const query = useQuery(tariffsQuery);
  const clusters = useQuery(clustersQuery).data?.rows ?? [];
  const [setting, setSetting] = useState<Partial<Tariff> | null>(null);
  const [ending, setEnding] = useState<Tariff | null>(null);
  const manages = may(me, 'tariff.manage');
  const mine = clusters.filter((one) => owns(me, one));
  const own = new Set(mine.map((one) => one.id));
  const nameOf = (id: string) => clusters.find((one) => one.id === id)?.name ?? id;
  const now = query.dataUpdatedAt;
  const glyph = { inForce: ['ok', 'ok'], coming: ['info', 'wait'], ended: ['idle', 'stop'] } as const;
  return (
    <Section
      title={w.tabs.tariffs}
      aside={
        <span className="row end">
          <button type="button" className="filter" aria-pressed={closed ?? false} onClick={() => void navigate({ search: (old) => ({ ...old, closed: closed ? undefined : true }), replace: true })}>
            {w.history}
          </button>
          {manages && mine.length > 0 && (
            <button type="button" className="btn primary" onClick={() => setSetting({})}>
              {w.newTariff}
            </button>
          )}
        </span>
      }
    >
      <Loaded query={query} rows={4}>
        {({ rows }) => (
          <DataTable
            caption={w.tabs.tariffs}
            rows={rows.filter((one) => closed || stageOf(one, now) !== 'ended')}
            keyOf={(one) => one.id}
            columns={[
              { head: w.cluster, cell: (one) => nameOf(one.cluster) },
              { head: w.queue, cell: (one) => <QueueName cluster={one.cluster} queue={one.queue} /> },
              { head: w.price, cell: (one) => <Price tariff={one} /> },
              {
                head: w.state,
                cell: (one) => {
                  const stage = stageOf(one, now);
                  return (
                    <Status tone={glyph[stage][0]} glyph={glyph[stage][1]}>
                      {w[stage]}
                    </Status>
                  );
                },
              },
              {
                head: w.from,
                num: true,
                cell: (one) => (
                  <>
                    <Moment at={one.valid_from} />
                    {one.valid_until && <span className="t3 meta">{told(w.until, <Moment at={one.valid_until} />)}</span>}
                  </>
                ),
              },
            ]}
            trace={(one) => ({ name: nameOf(one.cluster), subject: one.id })}
            acts={
              manages
                ? (one) =>
                    own.has(one.cluster) && stageOf(one, now) !== 'ended' ? (
                      <>
                        <button type="button" className="btn small" aria-label={w.successorOf(nameOf(one.cluster))} onClick={() => setSetting(one)}>
                          {w.successor}
                        </button>
                        <button type="button" className="btn small danger" aria-label={w.endOf(nameOf(one.cluster))} onClick={() => setEnding(one)}>
                          {w.end}
                        </button>
                      </>
                    ) : null
                : undefined
            }
            empty={{
              title: w.noTariffs,
              text: w.noTariffsText,
              action: manages && mine.length > 0 && (
                <button type="button" className="btn" onClick={() => setSetting({})}>
                  {w.newTariff}
                </button>
              ),
            }}
          />
        )}
      </Loaded>
      {setting && <SetPrice from={setting} clusters={mine} onClose={() => setSetting(null)} />}
      {ending && <EndPrice tariff={ending} name={nameOf(ending.cluster)} onClose={() => setEnding(null)} />}
    </Section>
  );
}

function QueueName({ cluster, queue }: { cluster: string; queue: string | null }) {
  const w = useWords(words);
  const found = useQuery({ ...queuesQuery(cluster), enabled: queue !== null });
  return <span className="t2">{queue === null ? w.allQueues : (found.data?.rows.find((one) => one.id === queue)?.name ?? '…')}</span>;
}

function Price({ tariff }: { tariff: Tariff }) {
  const w = useWords(words);
  const f = useFormats();
  const parts = RATES.filter((one) => Number(tariff[one]) > 0).map((one) => `${f.money(tariff[one], tariff.currency)} ${w.units[one]}`);
  return <span className="num">{parts.join(' + ') || w.free}</span>;
}

const figure = (typed: unknown): string => String(typed ?? '').trim().replace(',', '.') || '0';

function bodyOf(values: Values): TariffIn {
  const rates = Object.fromEntries(RATES.map((one) => [one, figure(values[one])]));
  const power = String(values.node_power_w ?? '').trim();
  return {
    cluster: String(values.cluster),
    queue: String(values.queue) || undefined,
    currency: String(values.currency).toUpperCase(),
    ...rates,
    node_power_w: power ? figure(power) : undefined,
    valid_from: values.valid_from ? new Date(String(values.valid_from)).toISOString() : undefined,
  } as TariffIn;
}

function SetPrice({ from, clusters, onClose }: { from: Partial<Tariff>; clusters: { id: string; name: string }[]; onClose: () => void }) {
  const w = useWords(words);
  const client = useQueryClient();
  const [cluster, setCluster] = useState(from.cluster ?? clusters[0]?.id ?? '');
  const queues = useQuery({ ...queuesQuery(cluster), enabled: cluster !== '' }).data?.rows ?? [];
  const fields: Field[] = [
    { name: 'cluster', label: w.cluster, kind: 'select', options: clusters.map((one) => ({ value: one.id, label: one.name })) },
    { name: 'queue', label: w.queue, kind: 'select', options: [{ value: '', label: w.allQueues }, ...queues.map((one) => ({ value: one.id, label: one.name }))] },
    { name: 'currency', label: w.currency, required: true },
    ...RATES.map((one): Field => ({ name: one, label: w.fields[one], kind: 'number' })),
    { name: 'node_power_w', label: w.fields.node_power_w, unit: 'W', kind: 'number', help: w.powerHelp, when: ({ kwh }) => Number(figure(kwh)) > 0 },
    { name: 'valid_from', label: w.effective, kind: 'date', help: w.effectiveHelp },
  ];
  const start: Values = {
    cluster,
    queue: from.queue ?? '',
    currency: from.currency ?? 'EUR',
    node_power_w: from.node_power_w ?? '',
    ...Object.fromEntries(RATES.map((one) => [one, from[one] && Number(from[one]) > 0 ? String(Number(from[one])) : ''])),
  };
  const name = (id: unknown) => clusters.find((one) => one.id === id)?.name ?? String(id);
  return (
    <FormDialog
      title={from.id ? w.successorOf(name(from.cluster)) : w.newTariff}
      wide
      fields={fields}
      start={start}
      yes={w.tariffYes}
      effect={(values) => <Effect values={values} before={from} queues={queues} tell={setCluster} />}
      onClose={onClose}
      act={async (values) => {
        const made = await makeTariff(bodyOf(values));
        const again = () => client.invalidateQueries({ queryKey: ['tariffs'] });
        void again();
        done(w.tariffMade(name(values.cluster)), () => endTariff(made.id).then(again));
      }}
    />
  );
}

type Queue = { id: string; cores_per_node: number };

function Effect({ values, before: replaced, queues, tell }: { values: Values; before: Partial<Tariff>; queues: Queue[]; tell: (cluster: string) => void }) {
  const w = useWords(words);
  const f = useFormats();
  const { org } = useParams({ from: '/o/$org' });
  const [settled, setSettled] = useState(() => JSON.stringify({ ...bodyOf(values), valid_from: undefined }));
  const now = JSON.stringify({ ...bodyOf(values), valid_from: undefined });
  useEffect(() => {
    tell(String(values.cluster));
  }, [values.cluster, tell]);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(now), 500);
    return () => clearTimeout(timer);
  }, [now]);
  const query = useQuery(effectQuery(JSON.parse(settled) as TariffIn));
  const names = useNamesOf(query.data?.samples.map((one) => one.execution) ?? [], query.isSuccess);
  if (query.isError) return <Failure error={query.error} />;
  if (!query.data) return <Loading rows={3} />;
  const { currency, runs, before, after, samples } = query.data;
  if (runs === 0)
    return (
      <div className="effect" role="status">
        <p className="t3">{w.effectNone}</p>
        <Samples values={values} before={replaced.id && replaced.currency === values.currency ? replaced : null} coresPerNode={(queues.find((one) => one.id === values.queue) ?? queues[0])?.cores_per_node ?? 1} />
      </div>
    );
  const change = (was: string, is: string) => (Number(was) > 0 ? `${Number(is) >= Number(was) ? '+' : ''}${f.percent(Number(is) / Number(was) - 1, 1)}` : '–');
  return (
    <div className="effect" role="status">
      <h3>
        {w.effectHead}: <span className="t2">{w.effectRuns(runs)}</span>
      </h3>
      <table className="table flush">
        <thead>
          <tr>
            <th scope="col">{w.execution}</th>
            <th scope="col" className="num">
              {w.before}
            </th>
            <th scope="col" className="num">
              {w.after}
            </th>
            <th scope="col" className="num" />
          </tr>
        </thead>
        <tbody>
          {samples.map((one) => (
            <tr key={one.execution}>
              <th scope="row">
                {names?.get(one.execution)?.name}{' '}
                <Link className="mono" to="/o/$org/executions/$execution/{-$tab}" params={{ org, execution: one.execution, tab: 'cost' }} target="_blank">
                  {shortId(one.execution)}
                </Link>
              </th>
              <td className="num">{f.money(one.before, currency)}</td>
              <td className="num">{f.money(one.after, currency)}</td>
              <td className="num t2">{change(one.before, one.after)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{w.all}</th>
            <td className="num">{f.money(before, currency)}</td>
            <td className="num">{f.money(after, currency)}</td>
            <td className="num">{change(before, after)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

/** What three sample runs cost at the price that is replaced, and at this one. */
function Samples({ values, before, coresPerNode }: { values: Values; before: Partial<Tariff> | null; coresPerNode: number }) {
  const w = useWords(words);
  const f = useFormats();
  const terms = bodyOf(values);
  return (
    <table className="table flush">
      <thead>
        <tr>
          <th scope="col">{w.sample}</th>
          {before && (
            <th scope="col" className="num">
              {w.before}
            </th>
          )}
          <th scope="col" className="num">
            {w.after}
          </th>
        </tr>
      </thead>
      <tbody>
        {SAMPLES.map((one) => (
          <tr key={one.key}>
            <th scope="row">{w.samples[one.key]}</th>
            {before && <td className="num">{f.money(costOf(before, one, coresPerNode), before.currency)}</td>}
            <td className="num">{f.money(costOf(terms, one, coresPerNode), String(values.currency).toUpperCase())}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function EndPrice({ tariff, name, onClose }: { tariff: Tariff; name: string; onClose: () => void }) {
  const w = useWords(words);
  const client = useQueryClient();
  return (
    <Question
      title={w.endOf(name)}
      yes={w.endYes}
      danger
      onClose={onClose}
      act={async () => {
        await endTariff(tariff.id);
        const again = () => client.invalidateQueries({ queryKey: ['tariffs'] });
        void again();
        const body = { cluster: tariff.cluster, queue: tariff.queue, currency: tariff.currency, title: tariff.title, node_power_w: tariff.node_power_w, charges_node_failures: tariff.charges_node_failures, ...Object.fromEntries(RATES.map((one) => [one, tariff[one]])) } as TariffIn;
        done(w.endedIt(name), () => makeTariff(body).then(again));
      }}
    >
      {w.endText}
    </Question>
  );
}
