/** What a run that began as another one asks for otherwise than that one did. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { shortId, shown } from '@/components/value';
import { same, type Draft } from '@/features/executions/drafts';
import { executionQuery } from '@/features/executions/queries';
import { inputsOf, type Template } from '@/features/workflows/queries';
import { useWords } from '@/i18n';
import { words } from '../submitWords';

type Change = { name: string; before: string; now: string };

function changesOf(draft: Draft, before: Record<string, unknown>, template: Template): Change[] {
  const schemas = new Map(inputsOf(template));
  const now = draft.request.parameters ?? {};
  const said = (value: unknown, unit?: string) => (value === undefined || value === null ? '–' : shown(value, unit));
  return [...new Set([...schemas.keys(), ...Object.keys(before), ...Object.keys(now)])]
    .filter((name) => !same(before[name], now[name]))
    .map((name) => ({ name: schemas.get(name)?.title ?? name, before: said(before[name], schemas.get(name)?.unit), now: said(now[name], schemas.get(name)?.unit) }));
}

export function Changes({ draft, template }: { draft: Draft; template: Template }) {
  const w = useWords(words);
  const { org } = useParams({ from: '/o/$org' });
  const source = useQuery({ ...executionQuery(draft.from ?? ''), enabled: Boolean(draft.from) });
  if (!draft.from || !source.data) return null;
  const changes = changesOf(draft, source.data.configuration.parameters, template);
  const link = (
    <Link className="mono" to="/o/$org/executions/$execution/{-$tab}" params={{ org, execution: draft.from, tab: 'overview' }}>
      {shortId(draft.from)}
    </Link>
  );
  if (changes.length === 0)
    return (
      <p className="t3">
        {w.sameAs} {link}.
      </p>
    );
  return (
    <div className="scroll">
      <table className="table flush changes">
        <caption className="sr">{w.changedInputs}</caption>
        <thead>
          <tr>
            <th scope="col">{w.changedInputs}</th>
            <th scope="col">{link}</th>
            <th scope="col">{w.nowAsked}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((one) => (
            <tr key={one.name}>
              <th scope="row">{one.name}</th>
              <td className="t3">
                <del>{one.before}</del>
              </td>
              <td>
                <ins>{one.now}</ins>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
