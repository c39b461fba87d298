/** The organization's people, what they may do, the keys they use, its rules, and the record of what was done. */
import { useParams } from '@tanstack/react-router';
import { may, useMe, type Action } from '@/api/session';
import { Allowed } from '@/components/Allowed';
import { Top } from '@/components/Page';
import { Tabs } from '@/components/Tabs';
import { useWords } from '@/i18n';
import { Audit } from './Audit';
import { Credentials } from './Credentials';
import './organization.css';
import { Policies } from './Policies';
import { Projects } from './Projects';
import { Roles } from './Roles';
import { Users } from './Users';
import { Webhooks } from './Webhooks';
import { words } from './words';

const NEEDS: Record<string, Action> = { users: 'user.read', projects: 'user.read', roles: 'user.read', credentials: 'token.manage', policies: 'organization.manage', webhooks: 'organization.manage', audit: 'audit.read' };
const TABS = ['users', 'projects', 'roles', 'credentials', 'policies', 'webhooks', 'audit'] as const;
const SHOWN = { users: Users, projects: Projects, roles: Roles, credentials: Credentials, policies: Policies, webhooks: Webhooks, audit: Audit };

export function Organization() {
  const w = useWords(words);
  const me = useMe();
  const { org, tab } = useParams({ from: '/o/$org/organization/{-$tab}' });
  const open = TABS.filter((one) => may(me, NEEDS[one] as Action));
  const Part = SHOWN[tab];
  return (
    <Allowed needs={[NEEDS[tab] as Action]} title={w.title}>
      <Top title={w.title} sub={w.sub(me.organization)} />
      <Tabs label={w.title} here={tab} tabs={open.map((key) => ({ key, label: w.tabs[key] }))} to={(key) => `/o/${org}/organization${key === 'users' ? '' : `/${key}`}`} />
      <Part />
    </Allowed>
  );
}
