/** What was charged in a month: day by day, split by cluster or project, and by the lines of the prices. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNamesOf } from '@/api/names';
import { Loaded } from '@/components/Loaded';
import { Meter } from '@/components/Meter';
import { RunOne } from '@/components/Next';
import { Empty } from '@/components/Note';
import { Section } from '@/components/Page';
import { Bars, Key, Plotted, type Bar, type Figures } from '@/components/Plot';
import { roundUp } from '@/components/RangeBar';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { lastDays, mainCurrency, OTHERS, seriesOf, type Month } from './months';
import { itemsQuery, sumsQuery, type Item, type Sum } from './queries';
import './billing.css';
import { words } from './words';

const LATELY_DAYS = 30;

/** For the home page of those who keep the money. */
export function ChargedLately() {
  const [days] = useState(() => lastDays(LATELY_DAYS, Date.now()));
  return <Charged month={days} split="cluster" />;
}

export type Split = 'cluster' | 'project';

export function Charged({ month, split }: { month: Month; split: Split }) {
  const w = useWords(words);
  const days = useQuery(sumsQuery(`day_${split}`, month.since, month.until));
  const items = useQuery(itemsQuery(month.since, month.until));
  return (
    <Loaded query={days} rows={6}>
      {({ rows }) => {
        const currency = mainCurrency(rows);
        return currency === undefined ? (
          <Empty title={w.noSums} action={<RunOne />} docs="guides/budgets-and-tariffs">
            {w.noSumsText}
          </Empty>
        ) : (
          <div className="two charged">
            <ByDay rows={rows} month={month} split={split} currency={currency} />
            <Loaded query={items} rows={4}>
              {(found) => <Items rows={found.rows.filter((one) => one.currency === currency)} currency={currency} />}
            </Loaded>
          </div>
        );
      }}
    </Loaded>
  );
}

function ByDay({ rows, month, split, currency }: { rows: Sum[]; month: Month; split: Split; currency: string }) {
  const w = useWords(words);
  const f = useFormats();
  const found = seriesOf(rows, currency);
  const known = useNamesOf(found.map((one) => one.key), true);
  const name = (key: string) => (key === OTHERS ? w.others : key === 'storage' ? w.items.gb_month : key === '' ? w.unknownOwner : (known?.get(key)?.name ?? key));
  const bars: Bar[] = month.days.map((day) => {
    const parts = found.map((one, at) => ({ colour: at, value: one.days.get(day) ?? 0 }));
    return { key: day, label: String(Number(day.slice(8))), said: `${f.day(day)}: ${f.money(parts.reduce((all, one) => all + one.value, 0), currency)}`, parts, now: day === month.today };
  });
  const top = roundUp(Math.max(...bars.map((bar) => bar.parts.reduce((all, one) => all + one.value, 0)), 0.01));
  const figures: Figures = {
    columns: [{ name: w.days }, { name: w.splits[split] }, { name: w.charged, number: true }],
    rows: month.days.flatMap((day) =>
      found.flatMap((one) => {
        const amount = one.days.get(day);
        return amount === undefined ? [] : [{ text: [f.day(day), name(one.key), f.money(amount, currency)], value: [day, name(one.key), amount] }];
      }),
    ),
  };
  return (
    <Plotted title={w.byDay[split]} file={`charged-${month.name}`} figures={figures} note={<Key names={found.map((one) => name(one.key))} />}>
      <Bars bars={bars} top={top} marks={[f.roughMoney(top, currency), f.roughMoney(top / 2, currency), '0']} label={`${w.byDay[split]}: ${bars.filter((bar) => bar.parts.some((one) => one.value)).map((bar) => bar.said).join(', ')}`} />
    </Plotted>
  );
}

function Items({ rows, currency }: { rows: Item[]; currency: string }) {
  const w = useWords(words);
  const f = useFormats();
  const total = rows.reduce((all, one) => all + Number(one.amount), 0);
  const share = (one: Item) => Number(one.amount) / (total || 1);
  const named = w.items as Record<string, string>;
  return (
    <Section title={w.priceLines} aside={<span className="end t3 xs">{w.sumIsSpent}</span>}>
      <table className="table flush lines">
        <caption className="sr">{w.priceLines}</caption>
        <tbody>
          {[...rows]
            .sort((a, b) => Number(b.amount) - Number(a.amount))
            .map((one) => (
              <tr key={one.item}>
                <th scope="row">{named[one.item] ?? one.item}</th>
                <td>{share(one) > 0 && <Meter thin parts={[{ share: share(one) }]} label={f.percent(share(one))} />}</td>
                <td className="num t2">{f.percent(share(one))}</td>
                <td className="num">{f.money(one.amount, currency)}</td>
              </tr>
            ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{w.spent}</th>
            <td />
            <td />
            <td className="num">{f.money(total, currency)}</td>
          </tr>
        </tfoot>
      </table>
    </Section>
  );
}
