import { useQueryClient } from '@tanstack/react-query';
import { api, onceKey, told } from '@/api/client';
import { Moment, told as sentence } from '@/components/Exact';
import { Meter } from '@/components/Meter';
import { Empty, Failure, Note } from '@/components/Note';
import { Section } from '@/components/Page';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { useSaid } from '@/i18n/said';
import { useState } from 'react';
import { alike, counted, freeOf, worstFirst } from './figures';
import type { Finding, Report } from './queries';
import { Verdict } from './states';
import { words } from './words';

/** The checks, worst first, each with what was found and what to do; it fills while the check goes on. */
export function Compliance({ cluster, report, mayCheck }: { cluster: string; report: Report | null; mayCheck: boolean }) {
  const w = useWords(words);
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const going = report !== null && report.state !== 'DONE';
  const again = async () => {
    setBusy(true);
    setError(null);
    try {
      await told(api.POST('/api/v1/organization/cluster/{cluster}/check', { params: { path: { cluster } }, body: { patience_s: 600 }, headers: { 'Idempotency-Key': onceKey() } }));
      await client.invalidateQueries({ queryKey: ['cluster', cluster, 'report'] });
    } catch (caught) {
      setError(caught);
    }
    setBusy(false);
  };
  const button = mayCheck && (
    <button type="button" className="btn small" aria-busy={busy || going} onClick={() => !going && !busy && void again()}>
      {going ? w.checking : w.checkAgain}
    </button>
  );
  const found = report?.findings ?? [];
  const { ok, warn, fail } = counted(found);
  const all = Math.max(1, found.length);
  return (
    <Section
      title={w.report}
      aside={
        <>
          {found.length > 0 && (
            <span className="row comp">
              <Meter parts={[{ share: ok / all, kind: 'ok' }, { share: warn / all, kind: 'warn' }, { share: fail / all, kind: 'bad' }]} label={w.counts(ok, warn, fail)} />
              <span className="num t2 xs">{w.passed(ok, found.length)}</span>
            </span>
          )}
          <span className="end">{button}</span>
        </>
      }
    >
      {error !== null && <Failure error={error} />}
      {report && report.waiting_for.length > 0 && <Note>{w.waitingFor(report.waiting_for.join(', '))}</Note>}
      {found.length === 0 ? <Empty title={going ? w.checking : w.noReport}>{going ? undefined : w.noReportText}</Empty> : <Findings found={found} />}
    </Section>
  );
}

function Findings({ found: told }: { found: Finding[] }) {
  const w = useWords(words);
  const own = useSaid('findings');
  const f = useFormats();
  const found = told.map((one) => {
    const { answer, cure } = own(one.code ?? (one.answer === 'no quota command' ? 'no_quota' : null), one.facts, {});
    return { ...one, answer: answer ?? one.answer, cure: cure ?? one.cure };
  });
  const said = (one: Finding) => {
    const free = one.check === 'disk' ? freeOf(one.answer) : null;
    if (free !== null) return w.free(f.bytes(free));
    if (one.check === 'clock' && /^\d{9,}/.test(one.answer)) return sentence(w.agrees, <Moment at={new Date(Number.parseFloat(one.answer) * 1000)} still />);
    const line = one.answer.split('\n').find((piece) => /\p{L}{2}/u.test(piece)) ?? one.answer.split('\n')[0] ?? '';
    if (!/[\p{L}\d]/u.test(line)) return w.answers;
    return line.replace(/walltime (\d+) s/, (_, seconds: string) => f.duration(Number(seconds)));
  };
  const named = (check: string) => (w.checks as Record<string, string>)[check] ?? check.replaceAll('_', ' ');
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={w.report}>
      <table className="table flush stackable">
        <thead>
          <tr>
            <th scope="col">{w.result}</th>
            <th scope="col">{w.check}</th>
            <th scope="col">{w.found}</th>
            <th scope="col">{w.toDo}</th>
          </tr>
        </thead>
        <tbody>
          {alike(worstFirst(found)).map(({ one, queues }, at) => (
            <tr key={at}>
              <td>
                <Verdict verdict={one.verdict} />
              </td>
              <th scope="row">
                {named(one.check)}
                {queues.length > 0 && <span className="mono t3 meta">{queues.join(', ')}</span>}
              </th>
              <td data-l={w.found} className="t2">
                <details>
                  <summary className="cut2 answer">{said(one)}</summary>
                  <p className="mono answer">{one.command}</p>
                  {one.answer.includes('\n') && <p className="xs answer">{one.answer}</p>}
                </details>
              </td>
              <td data-l={w.toDo} className={one.cure ? 'cure' : 'off'}>
                {one.cure}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
