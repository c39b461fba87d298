/** Where files lie: one's own, those of projects and of the organization; what is on its way; the trash. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Box, HardDrive, History, Trash2, Users } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { Icon } from '@/components/Icon';
import { Meter } from '@/components/Meter';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { operationsQuery, trashQuery, type Bucket } from './queries';
import { onUploads, uploads } from './uploads';
import { words } from './words';

export function placeName(bucket: Bucket, home: string): string {
  return bucket.home ? home : (bucket.project ?? bucket.name);
}

export function Places({ here, buckets, bucket }: { here: string; buckets: Bucket[]; bucket?: Bucket }) {
  const w = useWords(words);
  const { org } = useParams({ from: '/o/$org' });
  const moving = useQuery(operationsQuery).data?.rows.length ?? 0;
  const sending = useSyncExternalStore(onUploads, uploads).filter((one) => one.state !== 'done').length;
  const trash = useQuery(trashQuery()).data?.total ?? 0;
  const ordered = [...buckets].sort((a, b) => Number(b.home) - Number(a.home) || a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name));
  const count = moving + sending;
  return (
    <nav className="places" aria-label={w.places}>
      <ul>
        {ordered.map((one) => (
          <li key={one.name}>
            <Link to="/o/$org/data/$bucket/$" params={{ org, bucket: one.home ? 'home' : one.name, _splat: '' }} aria-current={one.name === bucket?.name ? 'true' : undefined} activeOptions={{ exact: true }}>
              <Icon of={one.home ? HardDrive : one.kind === 'project' ? Box : Users} />
              <span className="cut">{placeName(one, w.home)}</span>
            </Link>
          </li>
        ))}
        <li>
          <Link to="/o/$org/data" params={{ org }} search={{ view: 'transfers' }} aria-current={here === ':transfers' ? 'true' : undefined} activeOptions={{ exact: true, includeSearch: true }}>
            <Icon of={History} />
            {w.transfers}
            {count > 0 && <span className="count">{count}</span>}
          </Link>
        </li>
        <li>
          <Link to="/o/$org/data" params={{ org }} search={{ view: 'trash' }} aria-current={here === ':trash' ? 'true' : undefined} activeOptions={{ exact: true, includeSearch: true }}>
            <Icon of={Trash2} />
            {w.trash}
            {trash > 0 && <span className="count">{trash}</span>}
          </Link>
        </li>
      </ul>
      {bucket && <Quota bucket={bucket} />}
    </nav>
  );
}

function Quota({ bucket }: { bucket: Bucket }) {
  const w = useWords(words);
  const f = useFormats();
  const used = f.bytes(bucket.used_bytes);
  const quota = bucket.quota_bytes;
  return (
    <div className="quota not-s">
      <p className="row wrap">
        <b className="num">{used}</b>
        <span className="t3 num">{quota === null ? w.noQuota : w.of(f.bytes(quota))}</span>
      </p>
      {quota !== null && <Meter thin parts={[{ share: quota > 0 ? bucket.used_bytes / quota : 1 }]} label={w.quotaLabel(used, f.bytes(quota))} />}
    </div>
  );
}
