/** What one file or folder is: a look into it, its versions, its facts. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Download, X } from 'lucide-react';
import { Copyable } from '@/components/Copy';
import { Icon } from '@/components/Icon';
import { Loaded } from '@/components/Loaded';
import { Preview } from '@/components/Preview';
import { Moment } from '@/components/Exact';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import type { After } from './dialogs';
import { useMaker } from './Maker';
import { changed, downloadAddress, lastOf, plain, restoreVersion, sizeQuery, usesQuery, versionsQuery, type Item } from './queries';
import { words } from './words';

export function Inspector({ bucket, item, writes, close, after }: { bucket: string; item: Item; writes: boolean; close: () => void; after: After }) {
  const w = useWords(words);
  const f = useFormats();
  const path = plain(item.object_name);
  const name = lastOf(path);
  return (
    <aside className="prev" aria-label={name}>
      <div className="row">
        <h2 className="cut">{name}</h2>
        {!item.is_dir && (
          <a className="icon end" href={downloadAddress(bucket, path)} download aria-label={w.openAlone} title={w.openAlone}>
            <Icon of={Download} />
          </a>
        )}
        <button type="button" className={item.is_dir ? 'icon end' : 'icon'} aria-label={w.close} onClick={close}>
          <Icon of={X} />
        </button>
      </div>
      {item.is_dir ? (
        <>
          <Holds bucket={bucket} path={path} />
          <dl className="kv">
            <MadeBy path={path} />
            <UsedBy bucket={bucket} path={path} />
          </dl>
        </>
      ) : (
        <>
          <div className="look">
            <Preview name={name} size={item.size} address={downloadAddress(bucket, path, item.version_id ?? undefined)} />
          </div>
          <dl className="kv">
            <dt>{w.size}</dt>
            <dd>{f.bytes(item.size)}</dd>
            <dt>{w.changed}</dt>
            <dd><Moment at={item.last_modified} /></dd>
            <MadeBy path={path} />
            <UsedBy bucket={bucket} path={path} />
            {item.etag && (
              <>
                <dt>{w.sha}</dt>
                <dd>
                  <Copyable text={item.etag} shown={`${item.etag.slice(0, 8)}…`} />
                </dd>
              </>
            )}
          </dl>
          <Versions bucket={bucket} path={path} name={name} writes={writes} after={after} />
        </>
      )}
      <p className="xs t3">
        {w.path} <Copyable text={`${bucket}:${path}`} />
      </p>
    </aside>
  );
}

/** The runs that took it as input, and the way to them; nothing where none did. */
function UsedBy({ bucket, path }: { bucket: string; path: string }) {
  const w = useWords(words);
  const f = useFormats();
  const { org } = useParams({ from: '/o/$org' });
  const uses = useQuery(usesQuery(bucket, [path])).data;
  if (!uses) return null;
  return (
    <>
      <dt>{w.usedBy}</dt>
      <dd>
        <Link to="/o/$org/executions" params={{ org }} search={{ takes: `${bucket}:${path}` }}>
          {w.nExecutions(uses, f.number(uses))}
        </Link>
      </dd>
    </>
  );
}

function MadeBy({ path }: { path: string }) {
  const w = useWords(words);
  const link = useMaker(path);
  if (!link) return null;
  return (
    <>
      <dt>{w.madeBy}</dt>
      <dd>{link}</dd>
    </>
  );
}

function Holds({ bucket, path }: { bucket: string; path: string }) {
  const w = useWords(words);
  const f = useFormats();
  return (
    <Loaded query={useQuery(sizeQuery(bucket, path))} rows={2}>
      {(size) => (
        <p>
          {w.holds} {w.deleteHolds(w.nFiles(size.files, f.number(size.files)), w.nFolders(size.folders - 1, f.number(size.folders - 1)), f.bytes(size.bytes))}
        </p>
      )}
    </Loaded>
  );
}

function Versions({ bucket, path, name, writes, after }: { bucket: string; path: string; name: string; writes: boolean; after: After }) {
  const w = useWords(words);
  const f = useFormats();
  const client = useQueryClient();
  const query = useQuery(versionsQuery(bucket, path));
  if ((query.data?.rows.length ?? 0) < 2) return null;
  const restore = async (version: string, number: number, current: string) => {
    await restoreVersion(bucket, path, version);
    after(w.restored(number), () => restoreVersion(bucket, path, current));
    changed(client);
  };
  const current = query.data?.rows.find((one) => one.is_latest)?.version_id ?? '';
  return (
    <section aria-label={w.versions}>
      <h3>{w.versions}</h3>
      <ul className="versions">
        {query.data?.rows.map((one) => {
          const number = Number(one.metadata.number);
          return (
            <li key={one.version_id}>
              <a href={downloadAddress(bucket, path, one.version_id ?? undefined)} download>
                {w.version(number)}
              </a>
              <Moment className="t3 num" at={one.last_modified} />
              <span className="num t2">{f.bytes(one.size)}</span>
              {one.is_latest ? (
                <span className="t3 xs">{w.current}</span>
              ) : (
                writes && (
                  <button type="button" className="btn small" aria-label={w.restoreOf(number, name)} onClick={() => void restore(one.version_id ?? '', number, current)}>
                    {w.restore}
                  </button>
                )
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
