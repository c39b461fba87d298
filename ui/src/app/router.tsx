/** Every address of the application; what a page shows besides follows from typed search parameters. */
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { meQuery } from '@/api/session';
import { PageFailed, PageMissing } from './failures';
import { Shell } from './shell/Shell';

type Context = { client: QueryClient };

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined);
const oneOf =
  <T extends string>(...known: T[]) =>
  (value: unknown): T | undefined =>
    known.find((one) => one === value);
const whole = (value: unknown): number | undefined => {
  const found = Number(value);
  return value !== undefined && Number.isInteger(found) && found >= 0 ? found : undefined;
};
const yes = (value: unknown): true | undefined => (value === true || value === 'true' ? true : undefined);
const dayOf = (value: unknown): string | undefined => (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined);
const monthOf = (value: unknown): string | undefined => (typeof value === 'string' && /^[2-9]\d{3}-(0[1-9]|1[0-2])$/.test(value) ? value : undefined);
const timed = ({ within, since, till }: Record<string, unknown>) => ({ within: oneOf('1d', '7d', '30d', '90d')(within), since: dayOf(since), till: dayOf(till) });
/** Leave out what is not set, so that an address holds only what differs. */
function kept<T extends object>(search: T): Partial<T> {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as Partial<T>;
}

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: PageMissing });

const entry = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: async ({ context }) => {
    const me = await context.client.ensureQueryData(meQuery);
    throw redirect({ to: '/o/$org', params: { org: me.organization }, replace: true });
  },
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  beforeLoad: () => {
    throw redirect({ to: '/', replace: true });
  },
});

const password = createRoute({ getParentRoute: () => root, path: '/password', component: lazyRouteComponent(() => import('@/features/identity/PasswordPage'), 'PasswordPage') });

export const org = createRoute({
  getParentRoute: () => root,
  path: '/o/$org',
  component: Shell,
  notFoundComponent: PageMissing,
  beforeLoad: async ({ context, params }) => {
    const me = await context.client.ensureQueryData(meQuery);
    // An address of another organization opens here only for those who are signed in there.
    if (me.organization !== params.org) throw redirect({ to: '/o/$org', params: { org: me.organization }, replace: true });
  },
});

const home = createRoute({ getParentRoute: () => org, path: '/', component: lazyRouteComponent(() => import('./routes/Home'), 'Home') });

const workflows = createRoute({
  getParentRoute: () => org,
  path: 'workflows',
  validateSearch: (search: Record<string, unknown>) => kept({ q: text(search.q), after: text(search.after), gone: search.gone === true ? true : undefined }),
  component: lazyRouteComponent(() => import('@/features/workflows/Catalogue'), 'Catalogue'),
});

const workflow = createRoute({
  getParentRoute: () => org,
  path: 'workflows/$workflow',
  validateSearch: (search: Record<string, unknown>) => kept({ version: text(search.version), tab: oneOf('about', 'steps', 'versions', 'files', 'runs')(search.tab) }),
  component: lazyRouteComponent(() => import('./routes/WorkflowPage'), 'WorkflowPage'),
});

const newRun = createRoute({
  getParentRoute: () => org,
  path: 'run/$workflow',
  validateSearch: (search: Record<string, unknown>) => kept({ again: text(search.again), version: text(search.version), file: text(search.file), folder: text(search.folder) }),
  component: lazyRouteComponent(() => import('./routes/NewRun'), 'NewRun'),
});

export const STEPS = ['inputs', 'resources', 'placement', 'review'] as const;

const submit = createRoute({
  getParentRoute: () => org,
  path: 'submit/$draft/$step',
  params: {
    parse: ({ draft, step }) => ({ draft, step: oneOf(...STEPS)(step) ?? 'inputs' }),
    stringify: ({ draft, step }) => ({ draft, step }),
  },
  validateSearch: (search: Record<string, unknown>) => kept({ sort: oneOf('cost', '-cost', 'time', '-time', 'energy', '-energy', 'confidence', '-confidence')(search.sort) }),
  component: lazyRouteComponent(() => import('./routes/Submit'), 'Submit'),
});

export const STATES = ['running', 'finished', 'failed', 'canceled'] as const;

const executions = createRoute({
  getParentRoute: () => org,
  path: 'executions',
  validateSearch: (search: Record<string, unknown>) =>
    kept({
      status: oneOf(...STATES)(search.status),
      workflow: text(search.workflow),
      project: text(search.project),
      cluster: text(search.cluster),
      user: text(search.user),
      takes: text(search.takes),
      ...timed(search),
      q: text(search.q),
      after: text(search.after),
    }),
  component: lazyRouteComponent(() => import('@/features/executions/List'), 'List'),
});

export const TABS = ['overview', 'graph', 'timeline', 'logs', 'results', 'cost', 'decision', 'details'] as const;

const execution = createRoute({
  getParentRoute: () => org,
  path: 'executions/$execution/{-$tab}',
  params: {
    parse: ({ execution: id, tab }) => ({ execution: id, tab: oneOf(...TABS)(tab) ?? ('overview' as const) }),
    stringify: ({ execution: id, tab }) => ({ execution: id, tab: tab === 'overview' ? undefined : tab }),
  },
  validateSearch: (search: Record<string, unknown>) =>
    kept({
      step: text(search.step),
      index: whole(search.index),
      stream: oneOf('stdout', 'stderr')(search.stream),
      q: text(search.q),
      level: oneOf('error', 'warning', 'info', 'debug')(search.level),
      wrap: yes(search.wrap),
      times: yes(search.times),
      status: oneOf('failed')(search.status),
      from: whole(search.from),
      to: whole(search.to),
    }),
  component: lazyRouteComponent(() => import('./routes/ExecutionPage'), 'ExecutionPage'),
});

/** What is chosen in a folder: one name or several. */
const names = (value: unknown): string[] | undefined => {
  const found = (Array.isArray(value) ? value : [value]).map(text).filter((one): one is string => one !== undefined);
  return found.length > 0 ? found : undefined;
};

const dataShelf = createRoute({
  getParentRoute: () => org,
  path: 'data',
  validateSearch: (search: Record<string, unknown>) => kept({ view: oneOf('trash', 'transfers')(search.view), after: text(search.after) }),
  component: lazyRouteComponent(() => import('@/features/data/Shelf'), 'Shelf'),
});

const dataBrowser = createRoute({
  getParentRoute: () => org,
  path: 'data/$bucket/$',
  validateSearch: (search: Record<string, unknown>) => kept({ q: text(search.q), sel: names(search.sel), sort: oneOf('name', '-name', 'size', '-size', 'changed', '-changed')(search.sort) }),
  component: lazyRouteComponent(() => import('@/features/data/Browser'), 'Browser'),
});

/** A page of tabs, the first of which needs no word in the address. */
const tabbed = <T extends string>(...tabs: [T, ...T[]]) => ({
  parse: ({ tab }: { tab?: string }) => ({ tab: oneOf(...tabs)(tab) ?? tabs[0] }),
  stringify: ({ tab }: { tab: T }) => ({ tab: tab === tabs[0] ? undefined : tab }),
});

const billing = createRoute({
  getParentRoute: () => org,
  path: 'billing/{-$tab}',
  params: tabbed('budgets', 'ledger', 'alerts', 'tariffs'),
  validateSearch: (search: Record<string, unknown>) =>
    kept({
      closed: yes(search.closed),
      days: oneOf('7', '30', '90')(text(search.days)),
      month: monthOf(search.month),
      split: oneOf('project')(text(search.split)),
      project: text(search.project),
      user: text(search.user),
      kind: oneOf('charge', 'storage', 'overrun')(search.kind),
      execution: text(search.execution),
      after: text(search.after),
    }),
  component: lazyRouteComponent(() => import('@/features/billing/Billing'), 'Billing'),
});

const organization = createRoute({
  getParentRoute: () => org,
  path: 'organization/{-$tab}',
  params: tabbed('users', 'projects', 'roles', 'credentials', 'policies', 'webhooks', 'audit'),
  validateSearch: (search: Record<string, unknown>) => kept({ q: text(search.q), action: text(search.action), actor: text(search.actor), subject: text(search.subject), ...timed(search), after: text(search.after) }),
  component: lazyRouteComponent(() => import('@/features/organization/Organization'), 'Organization'),
});

const platform = createRoute({
  getParentRoute: () => org,
  path: 'platform/{-$tab}',
  params: tabbed('organizations', 'health', 'work', 'logs'),
  validateSearch: (search: Record<string, unknown>) => kept({ table: text(search.table), failing: yes(search.failing), level: oneOf('error')(search.level), part: oneOf('api', 'worker')(search.part), q: text(search.q), ...timed(search), after: text(search.after) }),
  component: lazyRouteComponent(() => import('@/features/platform/Platform'), 'Platform'),
});

const clusters = createRoute({ getParentRoute: () => org, path: 'clusters', component: lazyRouteComponent(() => import('@/features/clusters/Clusters'), 'Clusters') });

const enrol = createRoute({
  getParentRoute: () => org,
  path: 'clusters/new',
  validateSearch: (search: Record<string, unknown>) => kept({ cluster: text(search.cluster), step: oneOf('connect', 'test', 'queues', 'price', 'share')(search.step) }),
  component: lazyRouteComponent(() => import('@/features/clusters/Enrol'), 'Enrol'),
});

const cluster = createRoute({
  getParentRoute: () => org,
  path: 'clusters/$cluster',
  validateSearch: (search: Record<string, unknown>) =>
    kept({ days: oneOf('7', '30', '90')(text(search.days)), cause: oneOf('infrastructure', 'memory', 'time', 'program')(search.cause), after: text(search.after) }),
  component: lazyRouteComponent(() => import('@/features/clusters/ClusterPage'), 'ClusterPage'),
});

const insights = createRoute({
  getParentRoute: () => org,
  path: 'insights',
  validateSearch: (search: Record<string, unknown>) =>
    kept({ view: oneOf('costs', 'energy', 'decisions')(search.view), span: oneOf('30d', '90d', '365d')(search.span), measure: oneOf('time', 'wait', 'cost', 'energy')(search.measure) }),
  component: lazyRouteComponent(() => import('@/features/insights/Insights'), 'Insights'),
});

const more = createRoute({ getParentRoute: () => org, path: 'more', component: lazyRouteComponent(() => import('./routes/More'), 'More') });

const tree = root.addChildren([entry, signIn, password, org.addChildren([home, workflows, workflow, newRun, submit, executions, execution, clusters, enrol, cluster, insights, dataShelf, dataBrowser, billing, organization, platform, more])]);

export function makeRouter(client: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { client },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: PageFailed,
    defaultPendingMs: 600,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
