/** A table of rows: cards on a small screen, an empty word where there is nothing, and the way to the next page. */
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { may, useMe } from '@/api/session';
import { useWords } from '@/i18n';
import { History, type Trace } from './History';
import type { DocsPage } from './Docs';
import { Empty } from './Note';
import './kit.css';
import { words } from './words';

export type Column<T> = { head: string; cell: (row: T) => ReactNode; num?: boolean; hide?: boolean; unseen?: boolean; className?: string };

type Props<T> = {
  caption: string;
  columns: Column<T>[];
  rows: T[];
  keyOf: (row: T) => string;
  acts?: (row: T) => ReactNode;
  /** Where the record tells of a row, for whoever may read it. */
  trace?: (row: T) => Trace;
  on?: (row: T) => boolean;
  empty: { title: string; text?: ReactNode; action?: ReactNode; docs?: DocsPage };
  /** Filters are set: what is missing may be there all the same. */
  filtered?: () => void;
  foot?: ReactNode;
};

export function DataTable<T>({ caption, columns, rows, keyOf, acts, trace, on, empty, filtered, foot }: Props<T>) {
  const w = useWords(words);
  const traced = may(useMe(), 'audit.read') ? trace : undefined;
  if (rows.length === 0 && filtered)
    return (
      <Empty
        title={w.noMatch}
        action={
          <button type="button" className="btn" onClick={filtered}>
            {w.clearFilters}
          </button>
        }
      >
        {w.noMatchText}
      </Empty>
    );
  if (rows.length === 0)
    return (
      <Empty title={empty.title} action={empty.action} docs={empty.docs}>
        {empty.text}
      </Empty>
    );
  const [first, ...others] = columns as [Column<T>, ...Column<T>[]];
  return (
    <div className="scroll">
      <table className="table flush stackable">
        <caption className="sr">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.head} scope="col" className={classOf(column)}>
                {column.unseen ? <span className="sr">{column.head}</span> : column.head}
              </th>
            ))}
            {(acts ?? traced) && (
              <th scope="col">
                <span className="sr">{w.moreActions}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className={on?.(row) ? 'on' : undefined}>
              <th scope="row">{first.cell(row)}</th>
              {others.map((column) => (
                <td key={column.head} data-l={column.head} className={classOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
              {(acts ?? traced) && (
                <td className="num act">
                  <span className="row-acts">
                    {acts?.(row)}
                    {traced && <History {...traced(row)} />}
                  </span>
                </td>
              )}
            </tr>
          ))}
        </tbody>
        {foot && <tfoot className="not-s">{foot}</tfoot>}
      </table>
    </div>
  );
}

function classOf<T>(column: Column<T>): string | undefined {
  return [column.num ? 'num' : '', column.hide ? 'wide' : '', column.className ?? ''].filter(Boolean).join(' ') || undefined;
}

/** The way on in a list too long for one page; the place is in the address. */
export function Pager({ next, after, count, size }: { next: string | null; after?: string; count: number; size: number }) {
  const w = useWords(words);
  const navigate = useNavigate();
  const go = (cursor: string | undefined) => void navigate({ to: '.', search: (old: object) => ({ ...old, after: cursor }) } as never);
  if (!next && !after) return null;
  return (
    <div className="page-foot">
      {after && (
        <button type="button" className="btn small" onClick={() => go(undefined)}>
          {w.fromStart}
        </button>
      )}
      {next && count > 0 && (
        <button type="button" className="btn small end" onClick={() => go(next)}>
          {w.next(size)}
        </button>
      )}
    </div>
  );
}
