/** What happened, likely why, what can be done, and the last lines that tell it; with all ids for whoever is asked. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Note } from '@/components/Note';
import { adviceFor, lastLinesQuery } from '@/features/executions/failure';
import type { Execution, Job } from '@/features/executions/queries';
import { useEndReason, useJobText } from '@/features/executions/saidWords';
import { words } from '@/features/executions/words';
import { useWords } from '@/i18n';

const ROUTE = '/o/$org/executions/$execution/{-$tab}';

export function ExecutionFailed({ execution, failed }: { execution: Execution; failed: Job[] }) {
  const w = useWords(words);
  const { org } = useParams({ from: '/o/$org' });
  const jobText = useJobText();
  const endReason = useEndReason();
  const [copied, setCopied] = useState(false);
  const first = failed[0];
  const tail = useQuery({ ...lastLinesQuery(execution.wid, first?.step ?? '', first?.index ?? 0), enabled: first !== undefined }).data ?? [];
  if (!first && execution.status !== 'FAILED') return null;
  const reason = first ? jobText(first) || endReason(execution) : endReason(execution);
  const told = [first ? w.failedAt(first.title || first.step) : '', reason, ...tail, '', execution.wid, first?.id, first?.cluster, first?.site_id, location.href];
  const ask = () => void navigator.clipboard.writeText(told.filter((one) => one !== null && one !== undefined).join('\n')).then(() => setCopied(true));
  return (
    <Note
      tone="bad"
      title={first ? w.failedAt(first.title || first.step) : undefined}
      actions={
        <>
          {first && (
            <Link to={ROUTE} params={{ org, execution: execution.wid, tab: 'logs' }} search={{ step: first.step, index: first.index, stream: 'stderr' }}>
              {w.firstFailure}
            </Link>
          )}
          <Link to="/o/$org/run/$workflow" params={{ org, workflow: execution.configuration.wtid }} search={{ again: execution.wid }}>
            {w.mendInputs}
          </Link>
          <button type="button" className="link" onClick={ask}>
            {copied ? w.helpCopied : w.askHelp}
          </button>
        </>
      }
    >
      {reason} {first && w.advice[adviceFor(first.code)]}
      {tail.length > 0 && (
        <code className="excerpt" aria-label={w.lastLines}>
          {tail.join('\n')}
        </code>
      )}
    </Note>
  );
}
