import type { ReactNode } from 'react';
import { Empty } from '@/components/Note';
import { FigureStrip, Section } from '@/components/Page';
import { Energy, Moment, told } from '@/components/Exact';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { DiscardedList, Why } from './Beside';
import { chosenOf } from './figures';
import type { Candidate, Decision, Discarded } from './queries';
import { RangeKey, RankingTable } from './RankingTable';
import { words } from './words';

/** What was proposed and chosen, and what came of it. */
export function DecisionView({ decision }: { decision: Decision | null }) {
  const w = useWords(words);
  const f = useFormats();
  if (!decision) return <Empty title={w.noOutcome}>{w.noOutcomeText}</Empty>;
  const candidates = decision.candidates as unknown as Candidate[];
  const chosen = chosenOf(decision);
  const { outcome } = decision;
  const said = (value: number | null, show: (value: number) => ReactNode) => (value === null ? <span className="t3">{w.notMeasured}</span> : show(value));
  return (
    <div className="stack decided">
      <p className="t2">
        {told((at) => w.decided(decision.user, at), <Moment at={decision.created_at} />)}: <b>{decision.cluster}</b>, {decision.rank === 1 ? w.asProposed : w.overridden(decision.rank)}.
        {decision.because && <> {w.because(decision.because)}</>}
      </p>
      {outcome.jobs > 0 && (
        <FigureStrip
          figures={[
            { label: w.ran, value: said(outcome.run_s, f.duration), note: chosen && <Verdict actual={outcome.run_s} low={chosen.time.low80} high={chosen.time.high80} show={f.duration} /> },
            { label: w.waited, value: said(outcome.wait_s, f.duration), note: chosen && <Verdict actual={outcome.wait_s} low={chosen.wait.low80} high={chosen.wait.high80} show={f.duration} /> },
            { label: w.handled, value: said(outcome.handled_s, f.duration), note: chosen?.handling && <Verdict actual={outcome.handled_s} low={chosen.handling.low80} high={chosen.handling.high80} show={f.duration} /> },
            { label: w.energy, value: said(outcome.energy_j, (value) => <Energy joules={value} />), note: chosen && <Verdict actual={outcome.energy_j} low={chosen.energy.low80} high={chosen.energy.high80} show={f.energy} /> },
            { label: w.memory, value: said(outcome.memory_bytes, f.bytes) },
          ]}
        />
      )}
      <Section title={w.rank}>
        <RankingTable candidates={candidates} policy={decision.policy.name} chosen={chosen} />
        <RangeKey />
      </Section>
      <div className="two">
        <DiscardedList discarded={decision.discarded as unknown as Discarded[]} />
        <Why candidates={candidates} order={decision.order} file={`${decision.execution}-order`} />
      </div>
    </div>
  );
}

/** Whether what happened lies in the range that was shown, in words. */
export function Verdict({ actual, low, high, show }: { actual: number | null; low: number | null | undefined; high: number | null | undefined; show: (value: number) => string }) {
  const w = useWords(words);
  if (actual === null || low === null || low === undefined || high === null || high === undefined) return null;
  if (actual > high) return <span className="chip warn">{w.above(show(actual - high))}</span>;
  if (actual < low) return <span className="chip info">{w.below(show(low - actual))}</span>;
  return <>{w.asPredicted}</>;
}
