/** An order for a terminal, a file or a program: what the page would send, copied. */
import { Copy } from 'lucide-react';
import { done } from '@/components/Done';
import { Icon } from '@/components/Icon';
import { Menu } from '@/components/Menu';
import { useWords } from '@/i18n';
import { words } from '../submitWords';
import { asCommand, asCurl, asYaml, type Order } from './copyAs';

export function CopyAs({ order }: { order: Order }) {
  const w = useWords(words);
  const choice = (key: 'cli' | 'yaml' | 'curl', text: string) => ({
    key,
    label: w[key],
    act: () => void navigator.clipboard.writeText(text).then(() => done(w.copiedAs(w[key]))),
  });
  return (
    <Menu className="btn" choices={[choice('cli', asCommand(order)), choice('yaml', asYaml(order)), choice('curl', asCurl(order))]}>
      <Icon of={Copy} />
      {w.copyAs}
    </Menu>
  );
}
