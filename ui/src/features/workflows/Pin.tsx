/** Keeps a workflow at hand on the first page. */
import { Pin as PinIcon } from 'lucide-react';
import { usePins } from '@/api/pins';
import { useMe } from '@/api/session';
import { Icon } from '@/components/Icon';
import { useWords } from '@/i18n';
import type { Workflow } from './queries';
import { words } from './words';

export function Pin({ workflow }: { workflow: Pick<Workflow, 'id' | 'name' | 'title'> }) {
  const w = useWords(words);
  const { pins, toggle } = usePins(useMe());
  const name = workflow.title || workflow.name;
  return (
    <button type="button" className="icon pinned" aria-pressed={pins.includes(workflow.id)} aria-label={w.pin(name)} title={w.pinHelp} onClick={() => toggle(workflow.id)}>
      <Icon of={PinIcon} />
    </button>
  );
}
