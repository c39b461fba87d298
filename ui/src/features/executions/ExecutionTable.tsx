import { Link, useParams } from '@tanstack/react-router';
import { Empty } from '@/components/Note';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { seconds, shortId } from './figures';
import { hasEnded, type Execution } from './queries';
import { ExecutionStatus } from './states';
import { words } from './words';

/** `brief`: without whose and why. */
export function ExecutionTable({ rows, brief = false }: { rows: Execution[]; brief?: boolean }) {
  const w = useWords(words);
  const f = useFormats();
  const { org } = useParams({ from: '/o/$org' });
  if (rows.length === 0)
    return (
      <Empty
        title={w.none}
        action={
          <Link className="btn primary" to="/o/$org/workflows" params={{ org }}>
            {w.runOne}
          </Link>
        }
      >
        {w.noneText}
      </Empty>
    );
  return (
    <div className="scroll">
      <table className="table flush stackable">
        <thead>
          <tr>
            <th scope="col">{w.state}</th>
            <th scope="col">{w.execution}</th>
            <th scope="col">{w.cluster}</th>
            {!brief && (
              <th scope="col" className="wide">
                {w.by}
              </th>
            )}
            <th scope="col" className="num">
              {w.took}
            </th>
            <th scope="col" className="num">
              {w.started}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.wid}>
              <td data-l={w.state}>
                <ExecutionStatus status={one.status} />
              </td>
              <th scope="row">
                <Named execution={one} />
                {!brief && one.reason && hasEnded(one.status) && <span className="t2 meta cut2">{one.reason}</span>}
              </th>
              <td data-l={w.cluster} className="t2">
                {one.configuration.cluster ?? '–'}
              </td>
              {!brief && (
                <td data-l={w.by} className="t2 wide">
                  {one.owner.user}
                </td>
              )}
              <td data-l={w.took} className="num">
                {f.duration(seconds(one.submit_time, one.end_time))}
              </td>
              <td data-l={w.started} className="num t2">
                {f.when(one.submit_time)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
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
