/** A secret that is shown once: it can be copied, and is gone when the dialog closes. */
import type { ReactNode } from 'react';
import { Copyable } from './Copy';
import { Dialog } from './Dialog';
import { useWords } from '@/i18n';
import './kit.css';
import { words } from './words';

export function OnceShown({ title, secret, children, onClose }: { title: string; secret: string; children?: ReactNode; onClose: () => void }) {
  const w = useWords(words);
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <button type="button" className="btn primary" onClick={onClose}>
          {w.kept}
        </button>
      }
    >
      <p className="t2">{w.onceOnly}</p>
      <p className="secret">
        <Copyable text={secret} />
      </p>
      {children}
    </Dialog>
  );
}
