import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { Play } from 'lucide-react';
import { CopyAs } from '@/components/CopyAs';
import { copies } from '@/components/copies';
import { Icon } from '@/components/Icon';
import { Loaded } from '@/components/Loaded';
import { Top } from '@/components/Page';
import { ExecutionTable } from '@/features/executions/ExecutionTable';
import { executionsQuery } from '@/features/executions/queries';
import { About, Files, Steps, Versions } from '@/features/workflows/About';
import { ManageWorkflow } from '@/features/workflows/Manage';
import { templateQuery, type Template } from '@/features/workflows/queries';
import { words } from '@/features/workflows/words';
import '@/features/workflows/workflows.css';
import { may, useMe } from '@/api/session';
import { Pin } from '@/features/workflows/Pin';
import { useWords } from '@/i18n';

const TABS = ['about', 'runs', 'steps', 'versions', 'files'] as const;

export function WorkflowPage() {
  const { workflow } = useParams({ from: '/o/$org/workflows/$workflow' });
  const { version } = useSearch({ from: '/o/$org/workflows/$workflow' });
  const query = useQuery(templateQuery(workflow, version));
  return (
    <Loaded query={query} rows={8} page={workflow}>
      {(template) => <Page template={template} />}
    </Loaded>
  );
}

function Page({ template }: { template: Template }) {
  const w = useWords(words);
  const me = useMe();
  const { org } = useParams({ from: '/o/$org' });
  const { tab = 'about' } = useSearch({ from: '/o/$org/workflows/$workflow' });
  return (
    <>
      <Top
        crumbs={[
          <Link key="all" to="/o/$org/workflows" params={{ org }}>
            {w.title}
          </Link>,
        ]}
        title={template.title || template.name}
        sub={
          <>
            {w.version(template.version)} · {template.description}
          </>
        }
        actions={
          <>
            {may(me, 'workflow.run') && <Pin workflow={template} />}
            <CopyAs small forms={() => copies.workflow(template.id, template.name)} />
            <ManageWorkflow workflow={template} />
            <Link className="btn primary" to="/o/$org/run/$workflow" params={{ org, workflow: template.id }}>
              <Icon of={Play} />
              {w.run}
            </Link>
          </>
        }
      />
      <nav className="tabs" aria-label={template.title}>
        {TABS.map((one) => (
          <Link key={one} from="/o/$org/workflows/$workflow" to="." search={(old) => ({ ...old, tab: one === 'about' ? undefined : one })} activeOptions={{ exact: true }} aria-current={tab === one ? 'page' : undefined}>
            {w.tabs[one]}
          </Link>
        ))}
      </nav>
      {tab === 'about' && <About template={template} />}
      {tab === 'runs' && <Runs template={template} />}
      {tab === 'steps' && <Steps template={template} />}
      {tab === 'versions' && <Versions template={template} />}
      {tab === 'files' && <Files template={template} />}
    </>
  );
}

function Runs({ template }: { template: Template }) {
  const query = useQuery(executionsQuery({ workflow: template.id }));
  return <Loaded query={query}>{({ rows }) => <ExecutionTable rows={rows} />}</Loaded>;
}
