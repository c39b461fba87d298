import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, told } from '@/api/client';
import { projectsQuery } from '@/api/people';
import { may, useMe } from '@/api/session';
import { CopyAs } from '@/components/CopyAs';
import { copies } from '@/components/copies';
import { DataTable } from '@/components/DataTable';
import { Question } from '@/components/Dialog';
import { done } from '@/components/Done';
import { Day, Moment } from '@/components/Exact';
import { FormDialog } from '@/components/FormDialog';
import { Loaded } from '@/components/Loaded';
import { Failure } from '@/components/Note';
import { Section } from '@/components/Page';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { Leaves } from './Leaves';
import { assignmentsQuery, changed, closedProjectsQuery, leftByProjectQuery, once, reopenProject, type Project } from './queries';
import { words } from './words';

const retitle = (project: string, title: string) => told(api.PATCH('/api/v1/organization/admin/projects/{project}', { params: { path: { project } }, body: { title } }));

export function Projects() {
  const w = useWords(words);
  const f = useFormats();
  const me = useMe();
  const client = useQueryClient();
  const query = useQuery(projectsQuery);
  const held = useQuery(assignmentsQuery).data?.rows ?? [];
  const [making, setMaking] = useState(false);
  const [editing, setEditing] = useState<Project | null>(null);
  const [closing, setClosing] = useState<Project | null>(null);
  const manages = may(me, 'project.manage');
  const members = (project: Project) => new Set(held.filter((one) => one.project_id === project.id).map((one) => one.user_id)).size;
  return (
    <>
      <div className="tools">
        <span className="row end">
          <CopyAs small forms={() => copies.projects()} />
          {manages && (
            <button type="button" className="btn primary" onClick={() => setMaking(true)}>
              {w.newProject}
            </button>
          )}
        </span>
      </div>
      <div className="stack">
        <Loaded query={query} rows={4}>
          {({ rows }) => (
            <DataTable
              caption={w.tabs.projects}
              rows={rows}
              keyOf={(one) => one.id}
              columns={[
                {
                  head: w.project,
                  cell: (one) => (
                    <>
                      {one.name}
                      <span className="t3 meta">{one.title}</span>
                    </>
                  ),
                },
                { head: w.members, num: true, cell: (one) => f.number(members(one)) },
                { head: w.since, num: true, cell: (one) => <Day at={one.created_at} /> },
              ]}
              trace={(one) => ({ name: one.name, subject: one.id })}
              acts={
                manages
                  ? (one) => (
                      <>
                        <button type="button" className="btn small" aria-label={w.editOf(one.name)} onClick={() => setEditing(one)}>
                          {w.edit}
                        </button>
                        <button type="button" className="btn small danger" aria-label={w.closeProjectOf(one.name)} onClick={() => setClosing(one)}>
                          {w.closeProject}
                        </button>
                      </>
                    )
                  : undefined
              }
              empty={{
                title: w.noProjects,
                text: w.noProjectsText,
                action: manages && (
                  <button type="button" className="btn" onClick={() => setMaking(true)}>
                    {w.newProject}
                  </button>
                ),
              }}
            />
          )}
        </Loaded>
        {manages && <Closed />}
      </div>
      {making && (
        <FormDialog
          title={w.newProject}
          fields={[
            { name: 'name', label: w.name, help: w.usernameHelp, required: true },
            { name: 'title', label: w.projectTitle },
          ]}
          yes={w.makeProject}
          onClose={() => setMaking(false)}
          act={async ({ name, title }) => {
            await told(api.POST('/api/v1/organization/admin/projects', { body: { name: String(name), title: String(title) }, headers: once() }));
            changed(client);
            done(w.madeProject(String(name)));
          }}
        />
      )}
      {editing && (
        <FormDialog
          title={w.editOf(editing.name)}
          fields={[{ name: 'title', label: w.projectTitle }]}
          start={{ title: editing.title }}
          yes={w.save}
          onClose={() => setEditing(null)}
          act={async ({ title }) => {
            await retitle(editing.id, String(title));
            changed(client);
            done(w.saved(editing.name), () => retitle(editing.id, editing.title).then(() => changed(client)));
          }}
        />
      )}
      {closing && (
        <Question
          title={w.closeProjectOf(closing.name)}
          yes={w.closeProject}
          danger
          onClose={() => setClosing(null)}
          act={async () => {
            await told(api.DELETE('/api/v1/organization/admin/projects/{project}', { params: { path: { project: closing.id } } }));
            changed(client);
            done(w.closedProject(closing.name), () => reopenProject(closing.id).then(() => changed(client)));
          }}
        >
          <Leaves query={leftByProjectQuery(closing.id)} />
          <p>{w.closeProjectText(members(closing))}</p>
        </Question>
      )}
    </>
  );
}

/** Projects that were closed lately, as long as their data is there. */
function Closed() {
  const w = useWords(words);
  const client = useQueryClient();
  const rows = useQuery(closedProjectsQuery).data?.rows ?? [];
  const [error, setError] = useState<unknown>(null);
  if (rows.length === 0) return null;
  const reopen = async (project: Project) => {
    setError(null);
    try {
      await reopenProject(project.id);
      changed(client);
      done(w.reopened(project.name));
    } catch (caught) {
      setError(caught);
    }
  };
  return (
    <Section title={w.closedProjects}>
      <DataTable
        caption={w.closedProjects}
        rows={rows}
        keyOf={(one) => one.id}
        columns={[
          { head: w.project, cell: (one) => one.name },
          { head: w.removedAt, num: true, cell: (one) => one.removed_at && <Moment at={one.removed_at} /> },
        ]}
        acts={(one) => (
          <button type="button" className="btn small" aria-label={w.reopenOf(one.name)} onClick={() => void reopen(one)}>
            {w.reopen}
          </button>
        )}
        empty={{ title: w.noProjects }}
      />
      {error !== null && <Failure error={error} />}
    </Section>
  );
}
