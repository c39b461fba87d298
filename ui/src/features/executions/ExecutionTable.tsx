import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useMe } from '@/api/session';
import { RunOne } from '@/components/Next';
import { Empty } from '@/components/Note';
import { Moment } from '@/components/Exact';
import { words as shared } from '@/components/words';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { Cancelling, mayCancel } from './Cancelling';
import { chargedOf, seconds, shortId } from './figures';
import { hasEnded, type Execution } from './queries';
import { Untold } from './Untold';
import { ExecutionStatus } from './states';
import { useEndReason } from './saidWords';
import { words } from './words';

/** With `brief`: without whose it is. Those that may still be ended can be ended here, one or several. */
export function ExecutionTable({ rows, brief = false }: { rows: Execution[]; brief?: boolean }) {
  const endReason = useEndReason();
  const w = useWords(words);
  const f = useFormats();
  const me = useMe();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [ending, setEnding] = useState<Execution[] | null>(null);
  if (rows.length === 0)
    return (
      <Empty title={w.none} action={<RunOne />} docs="guides/web#the-first-run">
        {w.noneText}
      </Empty>
    );
  const open = rows.filter((one) => mayCancel(me, one));
  const picked = open.filter((one) => chosen.has(one.wid));
  const all = open.length > 0 && picked.length === open.length;
  const toggle = (wid: string) => setChosen((old) => new Set(old.has(wid) ? [...old].filter((one) => one !== wid) : [...old, wid]));
  return (
    <>
      {picked.length > 0 && (
        <div className="selbar" role="group" aria-label={w.selected(picked.length)}>
          <b>{w.selected(picked.length)}</b>
          <button type="button" className="btn small danger end" onClick={() => setEnding(picked)}>
            {w.cancelled(picked.length)}
          </button>
          <button type="button" className="btn small" onClick={() => setChosen(new Set())}>
            {w.unselect}
          </button>
        </div>
      )}
      <div className="scroll">
        <table className="table flush stackable executions">
          <thead>
            <tr>
              {open.length > 0 && (
                <th scope="col" className="pick">
                  <input type="checkbox" className="check" aria-label={w.selectAll} checked={all} onChange={() => setChosen(all ? new Set() : new Set(open.map((one) => one.wid)))} />
                </th>
              )}
              <th scope="col">{w.state}</th>
              <th scope="col">{w.execution}</th>
              <th scope="col">{w.cluster}</th>
              {!brief && (
                <th scope="col" className="wide">
                  {w.by}
                </th>
              )}
              <th scope="col" className="num">
                {w.cost}
              </th>
              <th scope="col" className="num">
                {w.took}
              </th>
              <th scope="col" className="num">
                {w.started}
              </th>
              {open.length > 0 && (
                <th scope="col">
                  <span className="sr">{w.cancel}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => {
              const free = mayCancel(me, one);
              const name = `${one.configuration.name} ${shortId(one.wid)}`;
              return (
                <tr key={one.wid} className={free && chosen.has(one.wid) ? 'on' : undefined}>
                  {open.length > 0 && <td className="pick">{free && <input type="checkbox" className="check" aria-label={w.select(name)} checked={chosen.has(one.wid)} onChange={() => toggle(one.wid)} />}</td>}
                  <td data-l={w.state}>
                    <ExecutionStatus status={one.status} />
                  </td>
                  <th scope="row">
                    <Named execution={one} />
                    {one.reason && hasEnded(one.status) && <span className="t2 meta cut2">{endReason(one)}</span>}
                  </th>
                  <td data-l={w.cluster} className="t2">
                    {one.configuration.cluster ?? '–'}
                  </td>
                  {!brief && (
                    <td data-l={w.by} className="t2 wide">
                      {one.owner.user}
                    </td>
                  )}
                  <td data-l={w.cost} className="num">
                    <Charged of={one} />
                  </td>
                  <td data-l={w.took} className="num">
                    {f.duration(seconds(one.submit_time, one.end_time))}
                  </td>
                  <td data-l={w.started} className="num t2">
                    <Moment at={one.submit_time} />
                  </td>
                  {open.length > 0 && (
                    <td className="num act">
                      {free && (
                        <button type="button" className="btn small danger" aria-label={w.cancelYes(name)} onClick={() => setEnding([one])}>
                          {w.cancel}
                        </button>
                      )}
                    </td>
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {ending && <Cancelling rows={ending} onClose={() => setEnding(null)} />}
    </>
  );
}

function Charged({ of: one }: { of: Execution }) {
  const f = useFormats();
  const s = useWords(shared);
  const charged = chargedOf(one);
  if (charged === null) return <Untold />;
  return (
    <>
      {f.money(charged, one.figures?.currency ?? 'EUR')}
      {!hasEnded(one.status) && <span className="xs t3 meta">{s.accruing}</span>}
    </>
  );
}

/** An execution's name, which leads to it, and the beginning of its id. */
export function Named({ execution }: { execution: Execution }) {
  const { org } = useParams({ from: '/o/$org' });
  return (
    <>
      <Link className="name" to="/o/$org/executions/$execution/{-$tab}" params={{ org, execution: execution.wid, tab: 'overview' }}>
        {execution.configuration.name}
      </Link>{' '}
      <span className="mono t3">{shortId(execution.wid)}</span>
    </>
  );
}
