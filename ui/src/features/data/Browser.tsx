/* eslint complexity: ["error", 37] -- the one page that joins all parts of the browser */
/** Files and folders of one place: look, add, move, rename, delete, share; path and selection are in the address. */
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ChevronRight, FolderPlus, Search, Upload } from 'lucide-react';
import { Fragment, useEffect, useMemo, useState, type DragEvent } from 'react';
import { may, useMe } from '@/api/session';
import { Allowed } from '@/components/Allowed';
import { done } from '@/components/Done';
import { CopyAs } from '@/components/CopyAs';
import { copies } from '@/components/copies';
import { Icon } from '@/components/Icon';
import { Loading } from '@/components/Loading';
import { RunOne } from '@/components/Next';
import { Empty, Failure } from '@/components/Note';
import { words as shared } from '@/components/words';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { BucketMenu } from './BucketMenu';
import { Conflicts, DeleteDialog, MoveDialog, NewFolder, RenameDialog, type After } from './dialogs';
import './data.css';
import { Files } from './Files';
import { Inspector } from './Inspector';
import { useMaker } from './Maker';
import { Places, placeName } from './Places';
import { bucketsQuery, changed, downloadAddress, existing, folderQuery, join, lastOf, plain, type Bucket, type Item } from './queries';
import { Tray } from './Tray';
import { chosen, dropped, send, whenArrived, type Wanted } from './uploads';
import { UploadButton } from './UploadButton';
import { UseIn } from './UseIn';
import { words } from './words';

const ROUTE = '/o/$org/data/$bucket/$';

export function Browser() {
  const w = useWords(words);
  return (
    <Allowed needs={['data.read', 'data.manage']} title={w.title}>
      <Inside />
    </Allowed>
  );
}

type Asked = 'folder' | 'rename' | 'move' | 'delete' | 'use' | null;

function Inside() {
  const w = useWords(words);
  const f = useFormats();
  const me = useMe();
  const client = useQueryClient();
  const { org, bucket, _splat } = useParams({ from: ROUTE });
  const folder = plain(_splat ?? '');
  const search = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const buckets = useQuery(bucketsQuery);
  const here = buckets.data?.rows.find((one) => (bucket === 'home' ? one.home : one.name === bucket));
  const query = useInfiniteQuery(folderQuery(bucket, folder, search.q ?? ''));
  const [asked, setAsked] = useState<Asked>(null);
  const [conflict, setConflict] = useState<{ wanted: Wanted[]; taken: string[] } | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [over, setOver] = useState(false);
  const rows = useMemo(() => query.data?.pages.flatMap((one) => one.rows) ?? [], [query.data]);
  const total = query.data?.pages[0]?.total ?? rows.length;
  const selected = rows.filter((row) => search.sel?.includes(lastOf(row.object_name)));
  const name = here ? placeName(here, w.home) : bucket === 'home' ? w.home : bucket;
  const where = folder ? lastOf(folder) : name;
  const writes = may(me, 'data.write');
  useEffect(() => whenArrived(() => changed(client)), [client]);
  useEffect(() => {
    document.title = `${where} · HEROES`;
  }, [where]);

  const select = (names: string[]) => void navigate({ search: (old) => ({ ...old, sel: names.length > 0 ? names : undefined }), replace: true });
  const add = async (wanted: Wanted[]) => {
    setFailed(null);
    try {
      const placed = wanted.map((one) => ({ ...one, path: join(folder, one.path) }));
      const taken: string[] = [];
      for (let at = 0; at < placed.length; at += 1000) taken.push(...(await existing(bucket, placed.slice(at, at + 1000).map((one) => one.path))).taken);
      if (taken.length > 0) setConflict({ wanted: placed, taken });
      else send(bucket, placed, 'replace');
    } catch (caught) {
      setFailed(caught);
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (writes) void dropped(event.dataTransfer).then(add);
  };
  const after = (text: string, undo?: () => Promise<unknown>) => {
    changed(client);
    select([]);
    done(text, undo && (() => undo().then(() => changed(client))));
  };
  return (
    <div className="data" onDragOver={(event) => event.preventDefault()} onDragEnter={() => setOver(true)} onDrop={drop}>
      <div className="top">
        <div>
          <nav className="crumbs" aria-label={w.folder}>
            <Crumbs org={org} bucket={bucket} folder={folder} name={name} />
          </nav>
          <p className="sub num">
            {query.data ? w.items(total, f.number(total)) : ' '}
            <Written folder={folder} />
          </p>
        </div>
        <div className="actions">
          <div className="search find-here">
            <Icon of={Search} />
            <input
              className="input"
              type="search"
              aria-label={w.find}
              placeholder={w.findShort}
              value={search.q ?? ''}
              onChange={(event) => void navigate({ search: (old) => ({ ...old, q: event.target.value || undefined, sel: undefined }), replace: true })}
            />
          </div>
          {writes && (
            <>
              <button type="button" className="btn" onClick={() => setAsked('folder')}>
                <Icon of={FolderPlus} />
                {w.newFolder}
              </button>
              <UploadButton choose={(files) => void add(chosen(files))} />
            </>
          )}
          <span className="not-s">
            <CopyAs small forms={() => copies.files(bucket, folder)} />
          </span>
          {here && <BucketMenu bucket={here} />}
        </div>
      </div>
      {failed !== null && <Failure error={failed} />}
      <div className={selected.length === 1 ? 'dgrid with-prev' : 'dgrid'}>
        <Places here={bucket} buckets={buckets.data?.rows ?? []} bucket={here} />
        <section className={over ? 'files over' : 'files'} aria-label={w.files} onDragLeave={(event) => event.currentTarget === event.target && setOver(false)}>
          {selected.length > 0 && (
            <Selection
              bucket={bucket}
              selected={selected}
              writes={writes}
              ask={setAsked}
              copy={() => {
                void navigator.clipboard.writeText(selected.map((one) => `${bucket}:${plain(one.object_name)}`).join('\n'));
                done(w.copied);
              }}
            />
          )}
          {query.isError && !query.data ? (
            <Failure error={query.error} retry={() => void query.refetch()} />
          ) : !query.data ? (
            <Loading rows={8} />
          ) : rows.length === 0 ? (
            <div className="pad">
              {search.q ? <NoMatch clear={() => void navigate({ search: (old) => ({ ...old, q: undefined }) })} /> : <NothingYet writes={writes} />}
            </div>
          ) : (
            <Files
              rows={rows}
              total={total}
              where={where}
              sort={search.sort ?? 'name'}
              chosen={search.sel ?? []}
              choose={select}
              resort={(sort) => void navigate({ search: (old) => ({ ...old, sort: sort === 'name' ? undefined : sort }), replace: true })}
              openFolder={(one) => `/o/${org}/data/${encodeURIComponent(bucket)}/${plain(one.object_name).split('/').map(encodeURIComponent).join('/')}`}
              more={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
              loading={query.isFetchingNextPage}
            />
          )}
          {writes && query.data && rows.length < 60 && (
            <p className="drop not-s">
              <Icon of={Upload} />
              {w.drop(where)}
            </p>
          )}
        </section>
        {selected.length === 1 && selected[0] && <Inspector key={selected[0].object_name} bucket={bucket} item={selected[0]} writes={writes} close={() => select([])} after={after} />}
      </div>
      <Tray />
      <Asking asked={asked} bucket={bucket} folder={folder} where={where} selected={selected} buckets={buckets.data?.rows ?? []} after={after} onClose={() => setAsked(null)} />
      {conflict && (
        <Conflicts
          taken={conflict.taken}
          onClose={() => setConflict(null)}
          choose={(how) => {
            const taken = new Set(conflict.taken);
            if (how === 'skip') send(bucket, conflict.wanted.filter((one) => !taken.has(one.path)), 'replace');
            else send(bucket, conflict.wanted, how);
            setConflict(null);
          }}
        />
      )}
    </div>
  );
}

type AskingProps = { asked: Asked; bucket: string; folder: string; where: string; selected: Item[]; buckets: Bucket[]; after: After; onClose: () => void };

/** What is asked before something is done with this folder or what is selected in it. */
function Asking({ asked, bucket, folder, where, selected, buckets, after, onClose }: AskingProps) {
  const [first] = selected;
  return (
    <>
      {asked === 'folder' && <NewFolder bucket={bucket} folder={folder} where={where} after={after} onClose={onClose} />}
      {asked === 'rename' && first && <RenameDialog bucket={bucket} item={first} after={after} onClose={onClose} />}
      {asked === 'move' && selected.length > 0 && <MoveDialog bucket={bucket} items={selected} buckets={buckets} after={after} onClose={onClose} />}
      {asked === 'use' && first && <UseIn bucket={bucket} item={first} onClose={onClose} />}
      {asked === 'delete' && selected.length > 0 && <DeleteDialog bucket={bucket} items={selected} after={after} onClose={onClose} />}
    </>
  );
}

/** Of what a run brought home: which run. */
function Written({ folder }: { folder: string }) {
  const w = useWords(words);
  const link = useMaker(folder);
  return link && <>, {w.writtenBy} {link}</>;
}

function NothingYet({ writes }: { writes: boolean }) {
  const w = useWords(words);
  return (
    <Empty title={w.empty} action={writes && <RunOne />} docs="guides/data">
      {writes ? w.emptyText : w.emptyReadOnly}
    </Empty>
  );
}

function NoMatch({ clear }: { clear: () => void }) {
  const s = useWords(shared);
  return (
    <Empty
      title={s.noMatch}
      action={
        <button type="button" className="btn" onClick={clear}>
          {s.clearFilters}
        </button>
      }
    >
      {s.noMatchText}
    </Empty>
  );
}

function Crumbs({ org, bucket, folder, name }: { org: string; bucket: string; folder: string; name: string }) {
  const parts = folder ? folder.split('/') : [];
  if (parts.length === 0) return <h1 tabIndex={-1}>{name}</h1>;
  return (
    <>
      <Link to={ROUTE} params={{ org, bucket, _splat: '' }}>
        {name}
      </Link>
      {parts.map((part, at) => (
        <Fragment key={at}>
          <Icon of={ChevronRight} />
          {at === parts.length - 1 ? (
            <h1 tabIndex={-1}>{part}</h1>
          ) : (
            <Link to={ROUTE} params={{ org, bucket, _splat: parts.slice(0, at + 1).join('/') }}>
              {part}
            </Link>
          )}
        </Fragment>
      ))}
    </>
  );
}

function Selection({ bucket, selected, writes, ask, copy }: { bucket: string; selected: Item[]; writes: boolean; ask: (what: Asked) => void; copy: () => void }) {
  const w = useWords(words);
  const f = useFormats();
  const me = useMe();
  const size = selected.reduce((all, one) => all + one.size, 0);
  const download = () => {
    for (const one of selected) {
      const link = document.createElement('a');
      link.href = downloadAddress(bucket, plain(one.object_name));
      link.download = '';
      link.click();
    }
  };
  return (
    <div className="selbar">
      <b className="num">{w.selected(selected.length)}</b>
      {size > 0 && <span className="t3 num not-s">{f.bytes(size)}</span>}
      <span className="actions end">
        {selected.length === 1 && may(me, 'workflow.run') && (
          <button type="button" className="btn small" onClick={() => ask('use')}>
            {w.use}
          </button>
        )}
        <button type="button" className="btn small" onClick={download}>
          {w.download}
        </button>
        {writes && selected.length === 1 && (
          <button type="button" className="btn small" onClick={() => ask('rename')}>
            {w.rename}
          </button>
        )}
        {writes && (
          <button type="button" className="btn small" onClick={() => ask('move')}>
            {w.move}
          </button>
        )}
        <button type="button" className="btn small" onClick={copy}>
          {w.copyPath}
        </button>
        {writes && (
          <button type="button" className="btn small danger" onClick={() => ask('delete')}>
            {w.remove}
          </button>
        )}
      </span>
    </div>
  );
}
