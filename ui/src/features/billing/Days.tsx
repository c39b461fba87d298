/** What was charged day by day and by project: as bars, as a table, as CSV, all with the same figures. */
import { useQuery } from '@tanstack/react-query';
import { useState, type CSSProperties } from 'react';
import { useNames } from '@/api/people';
import { DataTable } from '@/components/DataTable';
import { Loaded } from '@/components/Loaded';
import { Meter } from '@/components/Meter';
import { Empty } from '@/components/Note';
import { Section } from '@/components/Page';
import '@/components/plot.css';
import { roundUp } from '@/components/RangeBar';
import { words as shared } from '@/components/words';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { saveCsv } from '@/components/csv';
import { sumsQuery, type Sum } from './queries';
import { words } from './words';

const DAYS = 30;

export function Days() {
  const w = useWords(words);
  const since = useState(() => new Date(Date.now() - (DAYS - 1) * 86_400_000).toISOString().slice(0, 10) + 'T00:00:00Z')[0];
  const days = useQuery(sumsQuery('day', since));
  const projects = useQuery(sumsQuery('project', since));
  return (
    <div className="two">
      <Loaded query={days} rows={6}>
        {({ rows }) => (rows.length === 0 ? <Empty title={w.noSums}>{w.noSumsText}</Empty> : <ByDay rows={rows} since={since} />)}
      </Loaded>
      <Loaded query={projects} rows={4}>
        {({ rows }) => (rows.length === 0 ? null : <ByProject rows={rows} />)}
      </Loaded>
    </div>
  );
}

function ByDay({ rows, since }: { rows: Sum[]; since: string }) {
  const w = useWords(words);
  const s = useWords(shared);
  const f = useFormats();
  const [table, setTable] = useState(false);
  const currency = rows[0]?.currency ?? 'EUR';
  const same = rows.filter((one) => one.currency === currency);
  const byDay = new Map(same.map((one) => [one.key.slice(0, 10), one]));
  const all = Array.from({ length: DAYS }, (_, at) => new Date(Date.parse(since) + at * 86_400_000).toISOString().slice(0, 10));
  const top = roundUp(Math.max(...same.map((one) => Number(one.charged)), 0.01));
  const charged = (day: string) => Number(byDay.get(day)?.charged ?? 0);
  return (
    <Section
      title={w.byDay}
      aside={
        <span className="row end">
          <button type="button" className="btn small quiet" onClick={() => setTable(!table)}>
            {table ? s.showPlot : s.showTable}
          </button>
          <button type="button" className="btn small quiet" onClick={() => saveCsv('days.csv', ['day', 'charged', 'currency', 'jobs'], same.map((one) => [one.key, one.charged, one.currency, String(one.attempts)]))}>
            {s.csv}
          </button>
        </span>
      }
    >
      {table ? (
        <DataTable
          caption={w.byDay}
          rows={same}
          keyOf={(one) => one.key}
          columns={[
            { head: w.days, cell: (one) => f.day(one.key) },
            { head: w.charged, num: true, cell: (one) => f.money(one.charged, one.currency) },
            { head: w.runs, num: true, cell: (one) => f.number(one.attempts) },
          ]}
          empty={{ title: w.noSums }}
        />
      ) : (
        <div className="days">
          <div className="ya num" aria-hidden="true">
            <span>{f.money(top, currency)}</span>
            <span>{f.money(top / 2, currency)}</span>
            <span>0</span>
          </div>
          <div className="dl" role="img" aria-label={`${w.byDay}: ${same.map((one) => `${f.day(one.key)} ${f.money(one.charged, currency)}`).join(', ')}`}>
            {all.map((day, at) => (
              <div key={day} title={`${f.day(day)}: ${f.money(charged(day), currency)}`}>
                <i className="c1" style={{ '--h': `${(100 * charged(day)) / top}%` } as CSSProperties} />
                <span>{at % 7 === 1 ? Number(day.slice(8)) : ''}</span>
              </div>
            ))}
          </div>
        </div>
      )}
    </Section>
  );
}

function ByProject({ rows }: { rows: Sum[] }) {
  const w = useWords(words);
  const f = useFormats();
  const names = useNames();
  const most = Math.max(...rows.map((one) => Number(one.charged)), 0.01);
  return (
    <Section title={w.ofProject} aside={<span className="end t3 xs">{w.spans['30']}</span>}>
      <table className="table flush lines">
        <caption className="sr">{w.ofProject}</caption>
        <tbody>
          {[...rows]
            .sort((a, b) => Number(b.charged) - Number(a.charged))
            .slice(0, 12)
            .map((one) => (
              <tr key={`${one.key} ${one.currency}`}>
                <th scope="row">{names.project(one.key)}</th>
                <td>
                  <Meter thin parts={[{ share: Number(one.charged) / most }]} label={f.money(one.charged, one.currency)} />
                </td>
                <td className="num">{f.money(one.charged, one.currency)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </Section>
  );
}
