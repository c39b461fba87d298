import { useQueryClient } from '@tanstack/react-query';
import { api, onceKey, told } from '@/api/client';
import { may, type Me } from '@/api/session';
import { Question } from '@/components/Dialog';
import { done } from '@/components/Done';
import { useWords } from '@/i18n';
import type { Execution } from './queries';
import { words } from './words';

export function mayRestart(me: Me, execution: Execution): boolean {
  const mine = execution.owner.user === me.preferred_username;
  return ['FAILED', 'CANCELED'].includes(execution.status) && may(me, 'workflow.run') && (mine || may(me, 'execution.cancel_all'));
}

/** Run what failed once more; what finished is kept. */
export function Restarting({ execution, onClose }: { execution: Execution; onClose: () => void }) {
  const w = useWords(words);
  const client = useQueryClient();
  const { wid, configuration } = execution;
  return (
    <Question
      title={w.restartOf(configuration.name)}
      yes={w.restart}
      onClose={onClose}
      act={async () => {
        await told(api.POST('/api/v1/organization/workflow/{wid}/restart', { params: { path: { wid } }, headers: { 'Idempotency-Key': onceKey() } }));
        await Promise.all([client.invalidateQueries({ queryKey: ['execution', wid] }), client.invalidateQueries({ queryKey: ['executions'] })]);
        done(w.restarted(configuration.name));
      }}
    >
      {w.restartText}
    </Question>
  );
}
