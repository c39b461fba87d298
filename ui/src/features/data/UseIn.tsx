/** Which workflow a file or folder goes into: its form opens with it filled in. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Dialog } from '@/components/Dialog';
import { Loaded } from '@/components/Loaded';
import { useWords } from '@/i18n';
import { lastOf, plain, takersQuery, type Item } from './queries';
import { words } from './words';

export function UseIn({ bucket, item, onClose }: { bucket: string; item: Item; onClose: () => void }) {
  const w = useWords(words);
  const { org } = useParams({ from: '/o/$org' });
  const takes = item.is_dir ? 'folder' : 'file';
  const path = plain(item.object_name);
  return (
    <Dialog title={w.useOf(lastOf(path))} onClose={onClose}>
      <Loaded query={useQuery(takersQuery(takes))} rows={3}>
        {({ rows }) =>
          rows.length === 0 ? (
            <p className="t2">{item.is_dir ? w.noTakerFolder : w.noTaker}</p>
          ) : (
            <>
              <p className="t2">{w.useText}</p>
              <ul className="palette scroll-y">
                {rows.map((one) => (
                  <li key={one.id}>
                    <Link className="pick-file" to="/o/$org/run/$workflow" params={{ org, workflow: one.id }} search={{ [takes]: `${bucket}:${path}` }}>
                      <span className="cut">{one.title || one.name}</span>
                      <span className="t3">{w.versionOf(one.version)}</span>
                    </Link>
                  </li>
                ))}
              </ul>
            </>
          )
        }
      </Loaded>
    </Dialog>
  );
}
