/** The trash, and all that is on its way, as pages beside the places. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Navigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useNames } from '@/api/people';
import { Allowed } from '@/components/Allowed';
import { DataTable, Pager } from '@/components/DataTable';
import { Question } from '@/components/Dialog';
import { done } from '@/components/Done';
import { FormDialog } from '@/components/FormDialog';
import { Loaded } from '@/components/Loaded';
import { Next } from '@/components/Next';
import { Empty } from '@/components/Note';
import { Top } from '@/components/Page';
import { isProblem } from '@/api/problem';
import { useDetail } from '@/components/said';
import { Day, Moment } from '@/components/Exact';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import './data.css';
import { Places } from './Places';
import { bucketsQuery, changed, deleteForGood, lastOf, recover, trashQuery, type Trashed } from './queries';
import { Lines, useTransfers } from './Tray';
import { words } from './words';

export function Shelf() {
  const w = useWords(words);
  const { org } = useParams({ from: '/o/$org' });
  const { view } = useSearch({ from: '/o/$org/data' });
  const buckets = useQuery(bucketsQuery);
  if (!view) return <Navigate to="/o/$org/data/$bucket/$" params={{ org, bucket: 'home', _splat: '' }} replace />;
  return (
    <Allowed needs={['data.read', 'data.manage']} title={w.title}>
      <div className="data">
        <Top title={view === 'trash' ? w.trash : w.transfers} sub={view === 'trash' ? w.trashText : w.tray} />
        <div className="dgrid">
          <Places here={`:${view}`} buckets={buckets.data?.rows ?? []} />
          <section className="files pad" aria-label={view === 'trash' ? w.trash : w.transfers}>
            {view === 'trash' ? <Trash /> : <Transfers />}
          </section>
        </div>
      </div>
    </Allowed>
  );
}

function Transfers() {
  const w = useWords(words);
  const { count } = useTransfers();
  if (count === 0) return <Empty title={w.noTransfers} action={<Next to="data/home/">{w.toFiles}</Next>}>{w.noTransfersText}</Empty>;
  return (
    <div className="tray wide-tray">
      <Lines most={500} />
    </div>
  );
}

function Trash() {
  const w = useWords(words);
  const detail = useDetail();
  const f = useFormats();
  const client = useQueryClient();
  const names = useNames();
  const { after } = useSearch({ from: '/o/$org/data' });
  const query = useQuery(trashQuery(after));
  const [place, setPlace] = useState<Trashed | null>(null);
  const [ending, setEnding] = useState<Trashed | null>(null);
  const [failed, setFailed] = useState<{ id: string; why: string } | null>(null);
  const back = async (one: Trashed) => {
    setFailed(null);
    try {
      await recover(one.id);
      changed(client);
      done(w.broughtBack(lastOf(one.path)));
    } catch (caught) {
      if (isProblem(caught) && caught.code === 'exists') setPlace(one);
      else setFailed({ id: one.id, why: isProblem(caught) ? detail(caught) : '' });
    }
  };
  return (
    <>
      <Loaded query={query} rows={4}>
        {({ rows, next }) => (
          <>
            <DataTable
              caption={w.trash}
              rows={rows}
              keyOf={(one) => one.id}
              columns={[
                {
                  head: w.name,
                  cell: (one) => (
                    <>
                      {lastOf(one.path)}
                      {one.is_dir ? '/' : ''}
                      <span className="t3 meta">
                        {one.bucket_name}:{one.path}
                      </span>
                      {failed?.id === one.id && <span className="bad meta">{failed.why}</span>}
                    </>
                  ),
                },
                { head: w.holds, cell: (one) => <span className="t2">{w.nFiles(one.files, f.number(one.files))}</span> },
                { head: w.size, num: true, cell: (one) => f.bytes(one.bytes) },
                { head: w.deletedAt, num: true, cell: (one) => <Moment at={one.deleted_at} /> },
                { head: w.deletedBy, cell: (one) => <span className="t2">{names.user(one.deleted_by)}</span>, hide: true },
                { head: w.keptUntil, num: true, cell: (one) => (one.kept_until ? <Day at={one.kept_until} /> : '–'), hide: true },
              ]}
              acts={(one) => (
                <>
                  <button type="button" className="btn small" aria-label={w.bringBackOf(lastOf(one.path))} onClick={() => void back(one)}>
                    {w.bringBack}
                  </button>
                  <button type="button" className="btn small danger" aria-label={w.forGoodOf(lastOf(one.path))} onClick={() => setEnding(one)}>
                    {w.forGood}
                  </button>
                </>
              )}
              empty={{ title: w.trashEmpty, text: w.trashText, action: <Next to="data/home/">{w.toFiles}</Next> }}
            />
            <Pager next={next} after={after} count={rows.length} size={100} />
          </>
        )}
      </Loaded>
      {place && (
        <FormDialog
          title={w.bringBackOf(lastOf(place.path))}
          fields={[{ name: 'target', label: w.target, help: w.targetHelp, required: true }]}
          start={{ target: `${place.path}-2` }}
          yes={w.bringBack}
          onClose={() => setPlace(null)}
          act={async ({ target }) => {
            await recover(place.id, String(target));
            changed(client);
            done(w.broughtBack(String(target)));
          }}
        />
      )}
      {ending && (
        <Question
          title={w.forGoodOf(lastOf(ending.path))}
          yes={w.forGood}
          danger
          onClose={() => setEnding(null)}
          act={async () => {
            await deleteForGood(ending.id);
            changed(client);
            done(w.gone(lastOf(ending.path)));
          }}
        >
          {w.forGoodText(f.bytes(ending.bytes))}
        </Question>
      )}
    </>
  );
}
