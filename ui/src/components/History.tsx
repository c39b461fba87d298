/** The way from something to all that was ever done to it, for whoever may read the record. */
import { Link } from '@tanstack/react-router';
import { History as HistoryIcon } from 'lucide-react';
import { may, useMe } from '@/api/session';
import { useWords } from '@/i18n';
import { Icon } from './Icon';
import { words } from './words';

/** Told of one thing by its id, else of a kind of action. */
export type Trace = { name: string; subject?: string; action?: string };

export function History({ name, subject, action }: Trace) {
  const w = useWords(words);
  const me = useMe();
  if (!may(me, 'audit.read')) return null;
  return (
    <Link className="icon" to="/o/$org/organization/{-$tab}" params={{ org: me.organization, tab: 'audit' }} search={{ subject, action }} aria-label={w.historyOf(name)} title={w.historyOf(name)}>
      <Icon of={HistoryIcon} />
    </Link>
  );
}
