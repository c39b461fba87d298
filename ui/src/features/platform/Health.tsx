import { useQuery } from '@tanstack/react-query';
import { DataTable } from '@/components/DataTable';
import { Loaded } from '@/components/Loaded';
import { Meter } from '@/components/Meter';
import { FigureStrip, Section } from '@/components/Page';
import { Status } from '@/components/Status';
import { Moment, told } from '@/components/Exact';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { healthQuery, workQuery } from './queries';
import { words } from './words';

export function Health() {
  const w = useWords(words);
  const f = useFormats();
  const query = useQuery(healthQuery);
  const work = useQuery(workQuery);
  const failing = (work.data ?? []).reduce((all, one) => all + one.failing, 0);
  return (
    <Loaded query={query} rows={4}>
      {(now) => (
        <div className="stack">
          <FigureStrip
            figures={[
              { label: w.version, value: now.version },
              { label: w.disk, value: f.percent(now.disk_free_bytes / now.disk_total_bytes), note: w.free(f.bytes(now.disk_free_bytes), f.bytes(now.disk_total_bytes)), mid: <Meter thin parts={[{ share: 1 - now.disk_free_bytes / now.disk_total_bytes }]} label={w.free(f.bytes(now.disk_free_bytes), f.bytes(now.disk_total_bytes))} /> },
              { label: w.tabs.work, value: failing === 0 ? w.allWell : w.troubled(failing) },
            ]}
          />
          <Section title={w.tabs.health} aside={<span className="end t3 xs">{told(w.checked, <Moment at={now.at} seconds />)}</span>}>
            <DataTable
              caption={w.tabs.health}
              rows={now.parts}
              keyOf={(one) => one.name}
              columns={[
                { head: w.part, cell: (one) => (w.parts as Record<string, string>)[one.name] ?? one.name },
                {
                  head: w.state,
                  cell: (one) => (
                    <Status tone={one.ok ? 'ok' : 'bad'} glyph={one.ok ? 'ok' : 'bad'}>
                      {one.ok ? w.works : w.broken}
                    </Status>
                  ),
                },
                { head: w.found, cell: (one) => <span className="t2">{(w.facts as Record<string, string>)[one.fact] ?? one.fact}</span> },
              ]}
              empty={{ title: w.noRows }}
            />
          </Section>
        </div>
      )}
    </Loaded>
  );
}
