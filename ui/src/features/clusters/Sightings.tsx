import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Moment } from '@/components/Exact';
import { Loading } from '@/components/Loading';
import { Bars, Plotted, type Figures } from '@/components/Plot';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { pieces } from './figures';
import { sightingsQuery, type Queue } from './queries';
import { words } from './words';

const HOURS = 24;
const HOUR = 3_600_000;

/** How full the queues were, hour by hour; an hour in which nobody looked is a gap. */
export function Sightings({ cluster, queues }: { cluster: string; queues: Queue[] }) {
  const w = useWords(words);
  const f = useFormats();
  const seen = useQuery(sightingsQuery(cluster, HOURS));
  const [chosen, setChosen] = useState('');
  const queue = queues.find((one) => one.name === chosen) ?? queues[0];
  if (!queue) return null;
  if (!seen.data) return <Loading rows={4} />;
  const to = Math.ceil((seen.dataUpdatedAt || 0) / HOUR) * HOUR;
  const hours = pieces(
    seen.data.rows.filter((one) => one.queue_id === queue.id),
    to - HOURS * HOUR,
    to,
    HOURS,
  );
  const busy = (share: number | null) => (share === null ? w.noSight : f.percent(share));
  const figures: Figures = {
    columns: [{ name: w.time }, { name: w.busyShare, number: true }, { name: w.pendingMean, number: true }],
    rows: hours.map((one) => ({
      text: [<Moment key={one.at} at={new Date(one.at)} />, busy(one.busy), one.pending === null ? '' : f.number(one.pending, 1)],
      value: [new Date(one.at).toISOString(), one.busy, one.pending],
    })),
  };
  return (
    <Plotted
      title={w.sightings}
      file={`${cluster}-${queue.name}`}
      figures={figures}
      note={
        queues.length > 1 && (
          <select className="select" aria-label={w.queue} value={queue.name} onChange={(event) => setChosen(event.target.value)}>
            {queues.map((one) => (
              <option key={one.id}>{one.name}</option>
            ))}
          </select>
        )
      }
    >
      {hours.every((one) => one.busy === null) ? (
        <p className="t3 gap-top">{w.noSightings}</p>
      ) : (
        <Bars
          label={w.sightLabel(queue.name)}
          top={1}
          marks={[f.percent(1), f.percent(0.5), f.percent(0)]}
          bars={hours.map((one) => ({
            key: String(one.at),
            label: f.clock(new Date(one.at)),
            said: `${f.clock(new Date(one.at))}: ${busy(one.busy)}`,
            parts: [{ colour: 0, value: one.busy ?? 0 }],
            gap: one.busy === null,
          }))}
        />
      )}
    </Plotted>
  );
}
