/** Jump to a page, a workflow or an execution by a few letters of its name. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Activity, Workflow } from 'lucide-react';
import { useState } from 'react';
import { runningQuery } from '@/api/running';
import { api, page } from '@/api/client';
import { useMe } from '@/api/session';
import { Dialog } from '@/components/Dialog';
import { Icon } from '@/components/Icon';
import { useWords } from '@/i18n';
import { words } from '../words';
import { placesOf } from './navigation';

export default function Palette({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const w = useWords(words);
  const [typed, setTyped] = useState('');
  const workflows = useQuery({
    queryKey: ['workflows', 'all'],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/workflow/list', { params: { query: { limit: 200 } }, signal })),
  });
  const running = useQuery(runningQuery);
  const base = `/o/${me.organization}`;
  const found = [
    ...placesOf(me).map((place) => ({ key: place.to, icon: place.icon, label: w[place.word], to: `${base}/${place.to}` })),
    ...(workflows.data?.rows ?? []).map((one) => ({ key: one.id, icon: Workflow, label: one.title || one.name, to: `${base}/workflows/${one.id}` })),
    ...(running.data?.rows ?? []).map((one) => ({ key: one.wid, icon: Activity, label: `${one.configuration.name} ${one.wid}`, to: `${base}/executions/${one.wid}` })),
  ].filter((one) => one.label.toLowerCase().includes(typed.trim().toLowerCase()));
  return (
    <Dialog title={w.jump} onClose={onClose}>
      <div className="palette">
        <input className="input" autoFocus aria-label={w.jumpHint} placeholder={w.jumpHint} value={typed} onChange={(event) => setTyped(event.target.value)} />
        <ul>
          {found.slice(0, 30).map((one) => (
            <li key={one.key}>
              <Link to={one.to} onClick={onClose}>
                <Icon of={one.icon} />
                {one.label}
              </Link>
            </li>
          ))}
        </ul>
        {found.length === 0 && <p className="t3">{w.nothingFound}</p>}
      </div>
    </Dialog>
  );
}
