/** The way from a result to the run that made it. */
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useNamesOf } from '@/api/names';
import { shortId } from '@/components/value';
import { madeBy } from './queries';

/** A link to the execution that wrote what lies at this path; null: none did, or it may not be seen. */
export function useMaker(path: string): ReactNode {
  const { org } = useParams({ from: '/o/$org' });
  const id = madeBy(path);
  const name = useNamesOf(id ? [id] : [], id !== undefined)?.get(id ?? '');
  if (!id || !name) return null;
  return (
    <Link to="/o/$org/executions/$execution/{-$tab}" params={{ org, execution: id, tab: 'overview' }}>
      {name.name} <span className="mono">{shortId(id)}</span>
    </Link>
  );
}
