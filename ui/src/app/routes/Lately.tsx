/** What ended last, and its cost beside the range that was shown before the run. */
import { useQuery } from '@tanstack/react-query';
import { may, useMe } from '@/api/session';
import { RangeBar, roundUp } from '@/components/RangeBar';
import { Chip } from '@/components/Status';
import { Named } from '@/features/executions/ExecutionTable';
import { seconds } from '@/features/executions/figures';
import type { Execution } from '@/features/executions/queries';
import { ExecutionStatus } from '@/features/executions/states';
import { newestJudgedQuery, type Judged } from '@/features/insights/queries';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { words } from './homeWords';

export function Lately({ rows }: { rows: Execution[] }) {
  const w = useWords(words);
  const f = useFormats();
  const me = useMe();
  const sees = may(me, 'cost.read');
  const judged = useQuery({ ...newestJudgedQuery, enabled: sees });
  const costs = new Map(judged.data?.rows.map((one) => [one.execution, one]));
  return (
    <div className="scroll">
      <table className="table flush stackable lately">
        <thead>
          <tr>
            <th scope="col">{w.state}</th>
            <th scope="col">{w.execution}</th>
            <th scope="col" className="wide">
              {w.cluster}
            </th>
            {sees && <th scope="col">{w.cost}</th>}
            {sees && <th scope="col">{w.against}</th>}
            <th scope="col" className="num">
              {w.time}
            </th>
            <th scope="col" className="num">
              {w.ended}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.wid}>
              <td data-l={w.state}>
                <ExecutionStatus status={one.status} />
              </td>
              <th scope="row">
                <Named execution={one} />
              </th>
              <td data-l={w.cluster} className="t2 wide">
                {one.configuration.cluster ?? '–'}
              </td>
              {sees && (
                <td data-l={w.cost} className="rg">
                  <Cost of={costs.get(one.wid)} />
                </td>
              )}
              {sees && (
                <td data-l={w.against} className="t2">
                  <Against of={costs.get(one.wid)} />
                </td>
              )}
              <td data-l={w.time} className="num">
                {f.duration(seconds(one.submit_time, one.end_time))}
              </td>
              <td data-l={w.ended} className="num t2">
                {f.when(one.end_time ?? one.submit_time)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cost({ of: judged }: { of: Judged | undefined }) {
  const f = useFormats();
  if (!judged || judged.cost.actual === null) return '–';
  const { low80, high80, actual } = judged.cost;
  return (
    <span className="rc">
      <span className="num">{f.money(actual, judged.currency)}</span>
      {low80 !== null && high80 !== null && <RangeBar range={{ low: low80, high: high80, at: actual }} top={roundUp(Math.max(high80, actual) * 1.3)} />}
    </span>
  );
}

function Against({ of: judged }: { of: Judged | undefined }) {
  const w = useWords(words);
  const f = useFormats();
  if (!judged || judged.cost.actual === null) return '–';
  const { low80, high80, actual } = judged.cost;
  if (low80 === null || high80 === null) return w.notPredicted;
  const money = (amount: number) => f.money(amount, judged.currency);
  if (within(actual, low80, high80)) return w.asPredicted;
  if (actual > high80)
    return (
      <Chip tone="warn" glyph="warn">
        {w.dearer(money(actual - high80))}
      </Chip>
    );
  return w.cheaper(money(low80 - actual));
}

/** A hundredth beyond the range, or what no price would show, is not worth a word. */
export function within(actual: number, low: number, high: number): boolean {
  const shy = Math.max(0.000_05, actual / 100);
  return actual >= low - shy && actual <= high + shy;
}
