/** The platform as a whole: organizations, health, the work that waits, and where its words go. */
import { useParams } from '@tanstack/react-router';
import { Allowed } from '@/components/Allowed';
import { Top } from '@/components/Page';
import { Tabs } from '@/components/Tabs';
import { useWords } from '@/i18n';
import { Health } from './Health';
import { Logs } from './Logs';
import { Organizations } from './Organizations';
import { WorkQueue } from './WorkQueue';
import { words } from './words';

const TABS = ['organizations', 'health', 'work', 'logs'] as const;

export function Platform() {
  const w = useWords(words);
  const { org, tab } = useParams({ from: '/o/$org/platform/{-$tab}' });
  return (
    <Allowed needs={['platform.operate']} title={w.title}>
      <Top title={w.title} sub={w.sub} />
      <Tabs label={w.title} here={tab} tabs={TABS.map((key) => ({ key, label: w.tabs[key] }))} to={(key) => `/o/${org}/platform${key === 'organizations' ? '' : `/${key}`}`} />
      {tab === 'organizations' ? <Organizations /> : tab === 'health' ? <Health /> : tab === 'work' ? <WorkQueue /> : <Logs />}
    </Allowed>
  );
}
