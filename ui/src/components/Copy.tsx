import { Check, Copy as CopyIcon } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useWords } from '@/i18n';
import { Icon } from './Icon';
import { words } from './words';

/** An id or a line that can be copied; `shown`: what stands for it, such as a link to what it names. */
export function Copyable({ text, shown }: { text: string; shown?: ReactNode }) {
  return (
    <span className="copyable">
      <span className="mono">{shown ?? text}</span>
      <CopyOnly text={text} />
    </span>
  );
}

/** What nobody reads but some look up elsewhere. */
export function CopyOnly({ text }: { text: string }) {
  const w = useWords(words);
  const [done, setDone] = useState(false);
  const copy = () => {
    void navigator.clipboard.writeText(text).then(() => {
      setDone(true);
      setTimeout(() => setDone(false), 1500);
    });
  };
  return (
    <button type="button" className="icon mini" aria-label={`${done ? w.copied : w.copy}: ${text}`} title={text} onClick={copy}>
      <Icon of={done ? Check : CopyIcon} />
    </button>
  );
}
