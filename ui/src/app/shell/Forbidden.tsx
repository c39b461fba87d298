/** What stands at an address that somebody may not open: which permission is missing, and who grants it. */
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { may, useMe, type Action, type Me } from '@/api/session';
import { Empty } from '@/components/Note';
import { Top } from '@/components/Page';
import { catalogue, useWords } from '@/i18n';
import { PLACES, type Place } from './navigation';

const words = catalogue(
  {
    title: 'This is not open to you',
    missing: (actions: string) => `The permission “${actions}” is missing.`,
    grants: (roles: string) => `It comes with the role ${roles}. An administrator of your organization gives roles.`,
    ask: 'Ask an administrator of your organization for it.',
    or: ' or ',
    home: 'Go to Home',
    roles: { organization_admin: 'organization administrator', billing_admin: 'billing administrator', resource_provider: 'resource provider', infrastructure_admin: 'infrastructure administrator', solution_admin: 'solution administrator', tenant_admin: 'tenant administrator', engineer: 'engineer', project_admin: 'project administrator', workflow_admin: 'workflow administrator' },
  },
  {
    title: 'Das ist für Sie nicht offen',
    missing: (actions: string) => `Die Berechtigung „${actions}“ fehlt.`,
    grants: (roles: string) => `Sie gehört zur Rolle ${roles}. Rollen vergibt die Verwaltung Ihrer Organisation.`,
    ask: 'Bitten Sie die Verwaltung Ihrer Organisation darum.',
    or: ' oder ',
    home: 'Zur Startseite',
    roles: { organization_admin: 'Organisationsverwaltung', billing_admin: 'Abrechnung', resource_provider: 'Ressourcenanbieter', infrastructure_admin: 'Infrastruktur', solution_admin: 'Gesamtverwaltung', tenant_admin: 'Mandantenverwaltung', engineer: 'Ingenieur', project_admin: 'Projektverwaltung', workflow_admin: 'Workflow-Verwaltung' },
  },
);

type RoleName = keyof typeof words.en.roles;

/** The built-in roles with the fewest other rights that grant it, as `roles_granting` of the platform has them. */
const GRANTED_BY: Partial<Record<Action, RoleName[]>> = {
  'ledger.read': ['billing_admin', 'organization_admin'],
  'budget.manage': ['billing_admin', 'organization_admin'],
  'tariff.manage': ['billing_admin', 'resource_provider'],
  'user.read': ['project_admin', 'organization_admin'],
  'platform.operate': ['tenant_admin', 'solution_admin'],
  'data.read': ['engineer'],
  'execution.read': ['engineer'],
  'workflow.read': ['engineer'],
  'cost.read': ['engineer'],
  'cluster.read': ['engineer'],
};

function placeOf(pathname: string): Place | undefined {
  const below = pathname.split('/').slice(3);
  const first = below[0] === 'run' || below[0] === 'submit' ? 'workflows' : below[0];
  return first ? PLACES.find((one) => one.to === first) : undefined;
}

export function shut(me: Me, pathname: string): Place | undefined {
  const place = placeOf(pathname);
  return place && place.needs.length > 0 && !place.needs.some((action) => may(me, action)) ? place : undefined;
}

/** The page, or why it is not open. */
export function Guarded(): ReactNode {
  const me = useMe();
  const { pathname } = useLocation();
  const place = shut(me, pathname);
  return place ? <Forbidden place={place} org={me.organization} /> : <Outlet />;
}

function Forbidden({ place, org }: { place: Place; org: string }) {
  const w = useWords(words);
  const roles = [...new Set(place.needs.flatMap((action) => GRANTED_BY[action] ?? []))];
  return (
    <>
      <Top title={w.title} />
      <Empty
        title={w.missing(place.needs.join(w.or))}
        action={
          <Link className="btn" to="/o/$org" params={{ org }}>
            {w.home}
          </Link>
        }
      >
        {roles.length > 0 ? w.grants(roles.map((role) => w.roles[role]).join(w.or)) : w.ask}
      </Empty>
    </>
  );
}
