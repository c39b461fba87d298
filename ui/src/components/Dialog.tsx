/** Dialogs: a question names its object and what follows; Esc and the way back leave all as it is. */
import MuiDialog from '@mui/material/Dialog';
import { useId, useState, type ReactNode } from 'react';
import { useWords } from '@/i18n';
import { Failure } from './Note';
import { words } from './words';

export function Dialog({ title, onClose, children, actions, wide = false }: { title: string; onClose: () => void; children: ReactNode; actions?: ReactNode; wide?: boolean }) {
  const id = useId();
  return (
    <MuiDialog open onClose={onClose} aria-labelledby={id} slotProps={wide ? { paper: { sx: { width: 'min(46rem, calc(100vw - 2rem))' } } } : undefined}>
      <div className="dialog-body">
        <h2 id={id}>{title}</h2>
        {children}
        {actions && <div className="actions">{actions}</div>}
      </div>
    </MuiDialog>
  );
}

/** A question before something that changes; `act` may fail, and says so here. */
export function Question({ title, children, yes, danger = false, act, onClose }: { title: string; children: ReactNode; yes: string; danger?: boolean; act: () => Promise<unknown>; onClose: () => void }) {
  const w = useWords(words);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const go = async () => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await act();
      onClose();
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <button type="button" className="btn" onClick={onClose}>
            {w.cancel}
          </button>
          <button type="button" className={danger ? 'btn danger' : 'btn primary'} aria-busy={busy} onClick={() => void go()}>
            {yes}
          </button>
        </>
      }
    >
      <div className="t2">{children}</div>
      {error !== null && <Failure error={error} />}
    </Dialog>
  );
}
