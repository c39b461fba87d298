/** Executions on the page Home: what each is and where it runs, then what the table is about. */
import type { ReactNode } from 'react';
import { Named } from '@/features/executions/ExecutionTable';
import type { Execution } from '@/features/executions/queries';
import { ExecutionStatus } from '@/features/executions/states';
import { useWords } from '@/i18n';
import { words } from './homeWords';

export function Rows({ rows, heads, cells }: { rows: Execution[]; heads: ReactNode; cells: (one: Execution) => ReactNode }) {
  const w = useWords(words);
  return (
    <div className="scroll">
      <table className="table flush stackable lately">
        <thead>
          <tr>
            <th scope="col">{w.state}</th>
            <th scope="col">{w.execution}</th>
            <th scope="col" className="wide">
              {w.cluster}
            </th>
            {heads}
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
              </th>
              <td data-l={w.cluster} className="t2 wide">
                {one.configuration.cluster ?? '–'}
              </td>
              {cells(one)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
