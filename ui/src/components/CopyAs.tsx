/** What a page shows or would send, copied for a terminal, a program or somebody else. */
import { Copy } from 'lucide-react';
import { useWords } from '@/i18n';
import type { Forms } from './copied';
import { done } from './Done';
import { Icon } from './Icon';
import { Menu } from './Menu';
import { words } from './words';

const ORDER = ['cli', 'yaml', 'curl', 'python', 'link'] as const;

/** `forms` is asked for when it is opened, for an address changes; `small`: only its sign, where it is one of many. */
export function CopyAs({ forms, small = false }: { forms: () => Forms; small?: boolean }) {
  const w = useWords(words);
  const offered = forms();
  const choices = ORDER.filter((one) => offered[one] !== undefined).map((one) => ({
    key: one,
    label: w.forms[one],
    act: () => void navigator.clipboard.writeText(forms()[one] ?? '').then(() => done(w.copiedAs(w.forms[one]))),
  }));
  return (
    <Menu className={small ? 'icon' : 'btn'} label={small ? w.copyAs : undefined} choices={choices}>
      <Icon of={Copy} />
      {!small && w.copyAs}
    </Menu>
  );
}
