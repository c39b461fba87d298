/** What to do where there is nothing yet: the ways on from an empty place. */
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { may, useMe } from '@/api/session';
import { useWords } from '@/i18n';
import { words } from './words';

export function Next({ to, children }: { to: string; children: ReactNode }) {
  const { org } = useParams({ from: '/o/$org' });
  return (
    <Link className="btn" to={`/o/$org/${to}` as '/o/$org/workflows'} params={{ org }}>
      {children}
    </Link>
  );
}

/** To the workflows, for whoever may run one. */
export function RunOne() {
  const w = useWords(words);
  return may(useMe(), 'workflow.run') ? <Next to="workflows">{w.runOne}</Next> : null;
}
