/** Money: budgets, what was booked, when it warns, and what clusters cost. */
import { useParams } from '@tanstack/react-router';
import { may, useMe } from '@/api/session';
import { Allowed } from '@/components/Allowed';
import { Top } from '@/components/Page';
import { Tabs } from '@/components/Tabs';
import { useWords } from '@/i18n';
import { Alerts } from './Alerts';
import './billing.css';
import { Budgets } from './Budgets';
import { Ledger } from './Ledger';
import { Tariffs } from './Tariffs';
import { words } from './words';

export function Billing() {
  const w = useWords(words);
  const me = useMe();
  const { org, tab } = useParams({ from: '/o/$org/billing/{-$tab}' });
  const books = may(me, 'ledger.read') || may(me, 'budget.manage');
  const open = (['budgets', 'ledger', 'alerts', 'tariffs'] as const).filter((one) => books || one === 'tariffs');
  const here = open.includes(tab) ? tab : (open[0] ?? 'budgets');
  return (
    <Allowed needs={['ledger.read', 'budget.manage', 'tariff.manage']} title={w.title}>
      <Top title={w.title} sub={w.sub} />
      <Tabs label={w.title} here={here} tabs={open.map((key) => ({ key, label: w.tabs[key] }))} to={(key) => `/o/${org}/billing${key === 'budgets' ? '' : `/${key}`}`} />
      {here === 'budgets' ? <Budgets /> : here === 'ledger' ? <Ledger /> : here === 'alerts' ? <Alerts /> : <Tariffs />}
    </Allowed>
  );
}
