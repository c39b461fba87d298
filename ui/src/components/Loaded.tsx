/** What a query has come to: grey lines, a failure with a way to try again, or what is to be shown. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Loading } from './Loading';
import { Failure } from './Note';
import { Top } from './Page';

/** `page`: all of a page hangs on it, which has this title as long as it cannot be shown. */
export function Loaded<T>({ query, rows, page, children }: { query: UseQueryResult<T>; rows?: number; page?: string; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (!query.isError) return <Loading rows={rows} />;
  return (
    <>
      {page && <Top title={page} />}
      <Failure error={query.error} retry={() => void query.refetch()} />
    </>
  );
}
