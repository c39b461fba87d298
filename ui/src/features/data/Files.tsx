/** The rows of a folder; only those in sight are in the document, however many there are. */
import { Link } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp, File as FileIcon, FileSpreadsheet, FileText, Folder, Image } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useNamesOf } from '@/api/names';
import { Icon } from '@/components/Icon';
import { kindOf } from '@/components/Preview';
import { Moment } from '@/components/Exact';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { lastOf, madeBy, type Item } from './queries';
import { words } from './words';

export type Sort = 'name' | '-name' | 'size' | '-size' | 'changed' | '-changed';

type Props = {
  rows: Item[];
  total: number;
  where: string;
  sort: Sort;
  chosen: string[];
  choose: (names: string[]) => void;
  resort: (sort: Sort) => void;
  /** The address of a folder. */
  openFolder: (one: Item) => string;
  more?: () => void;
  loading: boolean;
};

const ROW = 36;

export function sorted(rows: Item[], sort: Sort): Item[] {
  if (sort === 'name') return rows;
  if (sort === '-name') return [...rows].reverse();
  const sign = sort.startsWith('-') ? -1 : 1;
  const of = (one: Item) => (sort.endsWith('size') ? one.size : Date.parse(one.last_modified));
  return [...rows].sort((a, b) => sign * (of(a) - of(b)));
}

export function Files({ rows, total, where, sort, chosen, choose, resort, openFolder, more, loading }: Props) {
  const w = useWords(words);
  const f = useFormats();
  const box = useRef<HTMLTableSectionElement>(null);
  const [margin, setMargin] = useState(0);
  const shown = useMemo(() => sorted(rows, sort), [rows, sort]);
  useEffect(() => {
    if (box.current) setMargin(box.current.getBoundingClientRect().top + scrollY);
  }, []);
  const virtual = useWindowVirtualizer({ count: shown.length, estimateSize: () => ROW, overscan: 12, scrollMargin: margin });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const runs = useRuns(items.flatMap(({ index }) => shown[index] ?? []));
  useEffect(() => {
    if (more && !loading && last >= shown.length - 40) more();
  }, [more, loading, last, shown.length]);
  const before = items[0] ? items[0].start - margin : 0;
  const below = virtual.getTotalSize() - ((items.at(-1)?.end ?? margin) - margin);
  const toggle = (name: string) => choose(chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name]);
  const all = shown.length > 0 && shown.every((one) => chosen.includes(lastOf(one.object_name)));
  return (
    <>
      {more && sort !== 'name' && <p className="t3 xs pad-line">{w.partSort(f.number(rows.length), f.number(total))}</p>}
      <div className="scroll">
        <table className="table file-table" aria-rowcount={total + 1}>
          <caption className="sr">{w.filesIn(where)}</caption>
          <thead>
            <tr>
              <th scope="col" className="ck">
                <input type="checkbox" aria-label={w.selectAll} checked={all} onChange={() => choose(all ? [] : shown.slice(0, 1000).map((one) => lastOf(one.object_name)))} />
              </th>
              <Head label={w.name} by="name" sort={sort} resort={resort} />
              <Head label={w.size} by="size" sort={sort} resort={resort} className="num sz" />
              <Head label={w.changed} by="changed" sort={sort} resort={resort} className="num off" />
            </tr>
          </thead>
          <tbody ref={box}>
            {before > 0 && (
              <tr aria-hidden="true" className="gap-row">
                <td colSpan={4} style={{ height: before }} />
              </tr>
            )}
            {items.map(({ index }) => {
              const one = shown[index];
              if (!one) return null;
              const name = lastOf(one.object_name);
              const on = chosen.includes(name);
              return (
                <tr key={one.object_name} className={on ? 'on' : undefined} aria-rowindex={index + 2}>
                  <td className="ck">
                    <input type="checkbox" aria-label={w.select(name)} checked={on} onChange={() => toggle(name)} />
                  </td>
                  <th scope="row">
                    <span className="row nm">
                      <Icon of={one.is_dir ? Folder : iconOf(name)} />
                      {one.is_dir ? (
                        <>
                          <Link className="name cut" to={openFolder(one)}>
                            {name}
                          </Link>
                          {runs?.has(name) && <span className="t3 cut">{runs.get(name)?.name}</span>}
                        </>
                      ) : (
                        <button type="button" className="link name cut" aria-pressed={on && chosen.length === 1} onClick={() => choose(on && chosen.length === 1 ? [] : [name])}>
                          {name}
                        </button>
                      )}
                    </span>
                  </th>
                  <td className="num sz">{one.is_dir ? '' : f.bytes(one.size)}</td>
                  <td className="num t2 off"><Moment at={one.last_modified} /></td>
                </tr>
              );
            })}
            {below > 0 && (
              <tr aria-hidden="true" className="gap-row">
                <td colSpan={4} style={{ height: below }} />
              </tr>
            )}
          </tbody>
        </table>
      </div>
      {loading && <p className="t3 pad-line">{w.loadingMore}</p>}
    </>
  );
}

/** The runs whose own folders these are, by their ids. */
function useRuns(rows: Item[]): ReturnType<typeof useNamesOf> {
  const ids = rows.map((one) => lastOf(one.object_name)).filter((id, at) => madeBy(rows[at]?.object_name ?? '') === id);
  return useNamesOf(ids, true);
}

function Head({ label, by, sort, resort, className }: { label: string; by: 'name' | 'size' | 'changed'; sort: Sort; resort: (sort: Sort) => void; className?: string }) {
  const now = sort === by ? 'ascending' : sort === `-${by}` ? 'descending' : undefined;
  return (
    <th scope="col" className={className} aria-sort={now}>
      <button type="button" className="sort" onClick={() => resort(now === 'ascending' ? `-${by}` : by)}>
        {label}
        {now && <Icon of={now === 'ascending' ? ArrowUp : ArrowDown} />}
      </button>
    </th>
  );
}

function iconOf(name: string) {
  const kind = kindOf(name);
  return kind === 'csv' ? FileSpreadsheet : kind === 'image' || kind === 'svg' ? Image : kind === 'text' ? FileText : FileIcon;
}
