/** Begin a draft: with the workflow's defaults, as an earlier execution was, or with a file or folder put in. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { projectOf } from '@/api/project';
import { myPayers, useMe } from '@/api/session';
import { Loading } from '@/components/Loading';
import { Failure } from '@/components/Note';
import { Top } from '@/components/Page';
import { keep, newDraft, sweep } from '@/features/executions/drafts';
import { executionQuery } from '@/features/executions/queries';
import { takenIn, inputsOf, templateQuery } from '@/features/workflows/queries';
import { useWords } from '@/i18n';
import { words } from './submitWords';

export function NewRun() {
  const { org, workflow } = useParams({ from: '/o/$org/run/$workflow' });
  const { again, version, file, folder } = useSearch({ from: '/o/$org/run/$workflow' });
  const w = useWords(words);
  const me = useMe();
  const navigate = useNavigate();
  const template = useQuery(templateQuery(workflow, version));
  const source = useQuery({ ...executionQuery(again ?? ''), enabled: Boolean(again) });
  const begun = useRef(false);
  const ready = template.data && (!again || source.data);
  useEffect(() => {
    if (!ready || begun.current || !template.data) return;
    begun.current = true;
    // Where the author gave no default, the first of their examples stands in; the page before the run shows it.
    const given = ({ default: value, examples }: { default?: unknown; examples?: unknown }) => value ?? (Array.isArray(examples) ? (examples[0] as unknown) : undefined);
    const defaults = Object.fromEntries(inputsOf(template.data).flatMap(([name, schema]) => (given(schema) === undefined ? [] : [[name, given(schema)]])));
    const before = source.data?.configuration;
    const brought = { ...takenIn(template.data, 'file', file), ...takenIn(template.data, 'folder', folder) };
    const payers = myPayers(me);
    const chosen = projectOf(me);
    const payer = payers.length === 1 ? payers[0] : payers.find((one) => one.id === chosen?.id);
    const project = before?.project ?? payer?.name;
    const draft = newDraft(workflow, { parameters: { ...defaults, ...before?.parameters, ...brought }, version, project: project ?? undefined }, { from: again });
    sweep(Date.now());
    keep(draft);
    // What needs nothing typed goes straight to the ranking: three clicks from its card to a run.
    const missing = inputsOf(template.data).some(([name]) => ((template.data.schema as { required?: string[] }).required ?? []).includes(name) && draft.request.parameters?.[name] === undefined);
    void navigate({ to: '/o/$org/submit/$draft/$step', params: { org, draft: draft.id, step: missing || again || file || folder ? 'inputs' : 'placement' }, replace: true });
  }, [ready, template.data, source.data, me, navigate, org, workflow, version, again, file, folder]);
  const error = template.error ?? source.error;
  if (!error) return <Loading rows={6} />;
  return (
    <>
      <Top title={w.startOf(workflow)} />
      <Failure error={error} retry={() => void template.refetch()} />
    </>
  );
}
