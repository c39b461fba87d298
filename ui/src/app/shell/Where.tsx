/** Where one is: the organization, and the project that one works for, with what is left of its money. */
import { useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { Check, ChevronsUpDown } from 'lucide-react';
import { budgetOf, budgetsQuery, type Budget } from '@/api/budgets';
import { chooseProject, useProject } from '@/api/project';
import { may, myProjects, useMe, type MyProject } from '@/api/session';
import { Icon } from '@/components/Icon';
import { Menu, type Choice } from '@/components/Menu';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { words } from '../words';

export function Where() {
  const w = useWords(words);
  const me = useMe();
  const f = useFormats();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const projects = myProjects(me);
  const now = useProject(me);
  const budgets = useQuery({ ...budgetsQuery, enabled: projects.length > 0 && may(me, 'cost.read'), staleTime: 60_000 }).data?.rows ?? [];
  const left = (project: MyProject) => {
    const budget: Budget | undefined = budgetOf(budgets, project.id, me.sub);
    return budget && w.left(f.money(budget.left, budget.currency));
  };
  const tile = (
    <span className="orgtile" aria-hidden="true">
      {me.organization.charAt(0).toUpperCase()}
    </span>
  );
  const said = (
    <>
      {me.organization}
      {projects.length > 0 && (
        <>
          <span className="t3 not-s">/</span>
          <span className="not-s">{now?.name ?? w.allProjects}</span>
          {now && left(now) && <span className="t3 xs num not-s">{left(now)}</span>}
        </>
      )}
    </>
  );
  if (projects.length < 2)
    return (
      <span className="switch where">
        {tile}
        {said}
      </span>
    );
  const choose = (project: MyProject | undefined) => {
    chooseProject(me, project);
    const list = pathname.split('/')[3];
    const found = pathname.endsWith('/billing/ledger') ? project?.id : list === 'executions' && pathname.split('/').length === 4 ? project?.name : null;
    if (found !== null) void navigate({ to: '.', search: (old: object) => ({ ...old, project: found, after: undefined }) } as never);
  };
  const choices: Choice[] = [undefined, ...projects].map((one) => ({
    key: one?.id ?? 'all',
    label: (
      <span className="payer">
        <span className="tick">{one?.id === now?.id && <Icon of={Check} />}</span>
        <span className={one?.id === now?.id ? 'strong' : undefined}>{one?.name ?? w.allProjects}</span>
        <span className="t3 xs num end">{one && left(one)}</span>
      </span>
    ),
    act: () => choose(one),
  }));
  return (
    <Menu className="switch" label={w.switchProject(me.organization, now?.name ?? w.allProjects)} choices={choices} head={<span className="xs t3">{w.switchHelp}</span>}>
      {tile}
      {said}
      <Icon of={ChevronsUpDown} />
    </Menu>
  );
}
