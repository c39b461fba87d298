/** Asking for the end of one execution, or of several: the question names them and says what is still charged. */
import { useQueryClient } from '@tanstack/react-query';
import { api, told } from '@/api/client';
import { may, type Me } from '@/api/session';
import { Question } from '@/components/Dialog';
import { useWords } from '@/i18n';
import { shortId } from './figures';
import { hasEnded, type Execution } from './queries';
import { words } from './words';

/** Whether somebody may still end it: one's own, or everybody's with the right to. */
export function mayCancel(me: Me, one: Execution): boolean {
  const mine = one.owner.user === me.preferred_username;
  return !hasEnded(one.status) && one.status !== 'CANCEL_IN_PROGRESS' && may(me, mine ? 'execution.cancel' : 'execution.cancel_all');
}

export function Cancelling({ rows, onClose }: { rows: Execution[]; onClose: () => void }) {
  const w = useWords(words);
  const client = useQueryClient();
  const name = rows.length === 1 ? `${rows[0]?.configuration.name}` : w.executions(rows.length);
  const cancel = async () => {
    const answers = await Promise.allSettled(rows.map(({ wid }) => told(api.DELETE('/api/v1/organization/workflow/{wid}', { params: { path: { wid } } }))));
    await Promise.all([...rows.map(({ wid }) => client.invalidateQueries({ queryKey: ['execution', wid] })), client.invalidateQueries({ queryKey: ['executions'] })]);
    const refused = answers.find((one) => one.status === 'rejected');
    if (refused) throw refused.reason;
  };
  return (
    <Question title={w.cancelTitle(name)} yes={w.cancelYes(name)} danger act={cancel} onClose={onClose}>
      {rows.length > 1 && (
        <ul className="cancelling">
          {rows.map((one) => (
            <li key={one.wid}>
              {one.configuration.name} <span className="mono t3">{shortId(one.wid)}</span> <span className="t3">{one.configuration.cluster}</span>
            </li>
          ))}
        </ul>
      )}
      <p>{w.cancelText}</p>
    </Question>
  );
}
