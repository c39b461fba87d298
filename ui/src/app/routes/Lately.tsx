/** What ended last: its cost and its time beside the ranges that were shown before the run. */
import type { ReactNode } from 'react';
import { RangeBar, roundUp } from '@/components/RangeBar';
import { sureOf } from '@/components/Confidence';
import { Chip } from '@/components/Status';
import { chargedOf, seconds } from '@/features/executions/figures';
import type { Execution } from '@/features/executions/queries';
import { useEndReason } from '@/features/executions/saidWords';
import { Untold } from '@/features/executions/Untold';
import { Moment } from '@/components/Exact';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { words } from './homeWords';
import { Rows } from './Rows';

type Promised = NonNullable<NonNullable<Execution['figures']>['cost']>;

export function Lately({ rows }: { rows: Execution[] }) {
  const w = useWords(words);
  const f = useFormats();
  return (
    <Rows
      rows={rows}
      heads={
        <>
          <th scope="col">{w.cost}</th>
          <th scope="col">{w.time}</th>
          <th scope="col">{w.against}</th>
          <th scope="col" className="num">
            {w.ended}
          </th>
        </>
      }
      cells={(one) => (
        <>
          <td data-l={w.cost} className="rg">
            <Beside actual={chargedOf(one)} none={<Untold />} promised={well(one) ? one.figures?.cost : null} show={(amount) => f.money(amount, one.figures?.currency ?? 'EUR')} />
          </td>
          <td data-l={w.time} className="rg">
            <Beside actual={seconds(one.submit_time, one.end_time)} promised={well(one) ? one.figures?.time : null} show={f.duration} />
          </td>
          <td data-l={w.against} className="t2 vs">
            <Against of={one} />
          </td>
          <td data-l={w.ended} className="num t2">
            <Moment at={one.end_time ?? one.submit_time} />
          </td>
        </>
      )}
    />
  );
}

const well = (one: Execution): boolean => one.status === 'FINISHED';

function Beside({ actual, none = '–', promised, show }: { actual: number | null; none?: ReactNode; promised: Promised | null | undefined; show: (value: number) => string }) {
  const sure = sureOf(promised?.confidence ?? 'none');
  return (
    <span className="rc">
      <span className="num">{actual === null ? none : show(actual)}</span>
      {promised && actual !== null && <RangeBar range={{ low: promised.low80, high: promised.high80, at: actual }} top={roundUp(Math.max(promised.high80, actual) * 1.3)} sure={sure === 'none' ? 'low' : sure} />}
    </span>
  );
}

/** Both figures beside their ranges, in words; of what ended badly, why. */
function Against({ of: one }: { of: Execution }) {
  const w = useWords(words);
  const f = useFormats();
  const endReason = useEndReason();
  if (!well(one)) return <span className="cut2" title={endReason(one) ?? undefined}>{endReason(one) ?? '–'}</span>;
  const { cost, time, currency } = one.figures ?? {};
  const charged = chargedOf(one);
  if (!cost && !time) return w.notPredicted;
  const money = (amount: number) => f.money(amount, currency ?? 'EUR');
  const told = [time && apart(seconds(one.submit_time, one.end_time), time, 1, w.slower, w.faster, f.duration), cost && charged !== null && apart(charged, cost, 0.000_05, w.dearer, w.cheaper, money)].filter((said) => !!said);
  const worse = told.find((said) => said.worse);
  if (worse)
    return (
      <Chip tone="warn" glyph="warn">
        {worse.text}
      </Chip>
    );
  return told[0]?.text ?? w.asPredicted;
}

/** A hundredth beyond the range, or what no price or clock would show, is not worth a word. */
function apart(actual: number, { low80, high80 }: Promised, least: number, above: (by: string) => string, below: (by: string) => string, show: (value: number) => string): { worse: boolean; text: string } | null {
  const shy = Math.max(least, actual / 100);
  if (actual > high80 + shy) return { worse: true, text: above(show(actual - high80)) };
  if (actual < low80 - shy) return { worse: false, text: below(show(low80 - actual)) };
  return null;
}
