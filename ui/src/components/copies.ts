/** What each page shows, for a terminal or a program: every "Copy as" but those of runs. A test executes all of it. Pure. */
import { quoted, read, type Asked, type Forms } from './copied';

const of = (name: string) => encodeURIComponent(name);

export const copies = {
  workflows: (withdrawn?: boolean): Forms => read('/organization/workflow/list', ['workflow', 'list'], { query: { withdrawn } }),
  workflow: (id: string, name: string): Forms => read(`/organization/workflow/template/${of(id)}`, ['workflow', 'show', name], { list: false }),
  executions: ({ status, ...query }: Asked): Forms =>
    status === 'running'
      ? read('/organization/workflow/running', ['execution', 'list', '--running'], { query })
      : read('/organization/workflow/executions', ['execution', 'list'], { query: { status: status ? String(status).toUpperCase() : undefined, ...query } }),
  clusters: (): Forms => read('/organization/cluster/list', ['cluster', 'list']),
  cluster: (name: string): Forms => read(`/organization/cluster/${of(name)}`, ['cluster', 'show', name], { list: false }),
  files: (bucket: string, folder: string): Forms => ({
    ...read(`/organization/data/bucket/${of(bucket)}/list`, [], { query: { prefix: folder && `${folder}/` } }),
    cli: `heroes data list ${quoted(`${bucket}:${folder}`)}`,
  }),
  budgets: (closed?: boolean): Forms => read('/organization/budget/list', ['budget', 'list'], { query: { closed } }),
  ledger: (query: Asked): Forms => read('/organization/budget/ledger', ['ledger', 'list'], { query }),
  users: (search?: string): Forms => read('/organization/admin/users', ['user', 'list'], { query: { search } }),
  projects: (): Forms => read('/organization/admin/projects', ['project', 'list', '--all']),
  roles: (): Forms => read('/organization/admin/roles', ['role', 'list']),
  tokens: (): Forms => read('/organization/auth/token', ['token', 'list'], { query: { everyone: true } }),
  keys: (): Forms => read('/organization/credential/list', ['ssh-key', 'list'], { query: { everyone: true } }),
  programs: (): Forms => read('/organization/admin/clients', ['program', 'list']),
  audit: (query: Asked): Forms => read('/organization/audit/list', ['audit', 'list'], { query }),
};
