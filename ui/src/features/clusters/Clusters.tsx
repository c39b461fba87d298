import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { clustersQuery } from '@/api/clusters';
import { may, useMe } from '@/api/session';
import { Moment } from '@/components/Exact';
import { CopyAs } from '@/components/CopyAs';
import { copies } from '@/components/copies';
import { Icon } from '@/components/Icon';
import { Loaded } from '@/components/Loaded';
import { Empty } from '@/components/Note';
import { Top } from '@/components/Page';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import type { Cluster } from './queries';
import { ClusterStatus, Verdict } from './states';
import { words } from './words';

export function Clusters() {
  const w = useWords(words);
  const f = useFormats();
  const me = useMe();
  const { org } = useParams({ from: '/o/$org' });
  const query = useQuery(clustersQuery);
  const total = query.data?.total;
  const enrol = may(me, 'cluster.manage') && (
    <Link className="btn primary" to="/o/$org/clusters/new" params={{ org }}>
      <Icon of={Plus} />
      {w.enrol}
    </Link>
  );
  return (
    <>
      <Top title={w.title} sub={total !== undefined && total !== null ? w.sub(f.number(total)) : ' '} actions={<><CopyAs small forms={() => copies.clusters()} />{enrol}</>} />
      <Loaded query={query} rows={4}>
        {({ rows }) => (rows.length === 0 ? <Empty title={w.none} action={enrol} docs="guides/enrol-a-cluster">{w.noneText}</Empty> : <Table rows={rows} />)}
      </Loaded>
    </>
  );
}

function Table({ rows }: { rows: Cluster[] }) {
  const w = useWords(words);
  return (
    <div className="scroll">
      <table className="table flush stackable">
        <thead>
          <tr>
            <th scope="col">{w.cluster}</th>
            <th scope="col">{w.state}</th>
            <th scope="col">{w.report}</th>
            <th scope="col">{w.kind}</th>
            <th scope="col">{w.where}</th>
            <th scope="col" className="num">
              {w.checked}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <Row key={one.id} one={one} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ one }: { one: Cluster }) {
  const w = useWords(words);
  const { org } = useParams({ from: '/o/$org' });
  return (
    <tr>
      <th scope="row">
        <Link className="name" to="/o/$org/clusters/$cluster" params={{ org, cluster: one.name }}>
          {one.name}
        </Link>
        {one.title && one.title !== one.name && <span className="t2 meta">{one.title}</span>}
      </th>
      <td data-l={w.state}>
        <ClusterStatus cluster={one} />
      </td>
      <td data-l={w.report}>{one.verdict ? <Verdict verdict={one.verdict} /> : <span className="t3">{w.never}</span>}</td>
      <td data-l={w.kind} className="t2">
        {(w.kinds as Record<string, string>)[one.kind] ?? one.kind}
      </td>
      <td data-l={w.where} className="t2">
        {one.host ?? (w.kinds as Record<string, string>).local}
      </td>
      <td data-l={w.checked} className="num t2">
        {one.checked_at ? <Moment at={one.checked_at} /> : <span className="t3">{w.never}</span>}
      </td>
    </tr>
  );
}
