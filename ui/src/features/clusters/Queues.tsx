import { Moment } from '@/components/Exact';
import { Meter } from '@/components/Meter';
import { Chip } from '@/components/Status';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { busyShare, priceOf } from './figures';
import { PriceWords } from './Price';
import type { Queue, Tariff } from './queries';
import { words } from './words';

/** The queues of a cluster with their price, and how full and how well each was when it was last looked at. */
export function Queues({ rows, tariffs }: { rows: Queue[]; tariffs: Tariff[] }) {
  const w = useWords(words);
  const f = useFormats();
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={w.queuesTitle}>
      <table className="table flush stackable">
        <thead>
          <tr>
            <th scope="col">{w.queue}</th>
            <th scope="col" className="num">
              {w.nodes}
            </th>
            <th scope="col" className="num wide">
              {w.maxTime}
            </th>
            <th scope="col" className="num">
              {w.price}
            </th>
            <th scope="col">{w.busy}</th>
            <th scope="col" className="num">
              {w.jobs}
            </th>
            <th scope="col">{w.health}</th>
            <th scope="col" className="num">
              {w.seen}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.id}>
              <th scope="row" className="mono">
                {one.name}
              </th>
              <td data-l={w.nodes} className="num">
                {w.nodesOf(f.number(one.nodes_total), f.number(one.cores_per_node))}
                {one.gpus_per_node > 0 && w.gpus(f.number(one.gpus_per_node))}
              </td>
              <td data-l={w.maxTime} className="num wide">
                {one.max_walltime_s ? f.duration(one.max_walltime_s) : w.noLimit}
              </td>
              <td data-l={w.price} className="num">
                <PriceWords tariff={priceOf(tariffs, one.name)} />
              </td>
              <td data-l={w.busy}>
                <span className="pg">
                  <Meter thin parts={[{ share: busyShare(one) }]} label={f.percent(busyShare(one))} />
                  <span className="num">{f.percent(busyShare(one))}</span>
                </span>
              </td>
              <td data-l={w.jobs} className="num t2">
                {w.jobsText(f.number(one.running_jobs), f.number(one.pending_jobs))}
              </td>
              <td data-l={w.health}>
                {one.down_nodes > 0 ? (
                  <Chip tone="warn" glyph="warn">
                    {w.down(one.down_nodes)}
                  </Chip>
                ) : (
                  <Chip tone="ok" glyph="ok">
                    {w.verdicts.ok}
                  </Chip>
                )}
              </td>
              <td data-l={w.seen} className="num t3">
                <Moment at={one.sighted_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
