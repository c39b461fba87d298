import { useEffect, useState, type SubmitEvent as Sent } from 'react';
import { api, told } from '@/api/client';
import { isProblem } from '@/api/problem';
import { useDetail, useFaultText } from '@/components/said';
import { Mark } from '@/components/Mark';
import { useWords } from '@/i18n';
import './signin.css';
import { words } from './words';

function Field({ id, label, help, value, set, complete }: { id: string; label: string; help?: string; value: string; set: (value: string) => void; complete: string }) {
  return (
    <p className="field">
      <label htmlFor={id}>{label}</label>
      <input className="input" id={id} type="password" autoComplete={complete} value={value} onChange={(e) => set(e.target.value)} aria-describedby={help ? `${id}-help` : undefined} required />
      {help && (
        <span className="help" id={`${id}-help`}>
          {help}
        </span>
      )}
    </p>
  );
}

/** A one-time password opens this page only. */
export function PasswordPage() {
  const w = useWords(words).change;
  const detail = useDetail();
  const faultText = useFaultText();
  const [current, setCurrent] = useState('');
  const [fresh, setFresh] = useState('');
  const [again, setAgain] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = `${w.title} · HEROES`;
  }, [w.title]);
  const send = async (event: Sent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    if (fresh !== again) {
      setFault(w.differ);
      return;
    }
    setBusy(true);
    setFault(null);
    try {
      await told(api.POST('/api/v1/organization/auth/password', { body: { current_password: current, new_password: fresh } }));
      location.assign('/');
    } catch (error) {
      setBusy(false);
      setFault(isProblem(error) ? [detail(error), ...error.problems.map(faultText).filter((one) => !error.detail.includes(one))].join(' ') : String(error));
    }
  };
  return (
    <main className="gate" id="main">
      <p className="brand">
        <Mark />
        <span>HEROES</span>
      </p>
      <div className="form">
        <h1>{w.title}</h1>
        <p className="t2">{w.text}</p>
        <form onSubmit={(event) => void send(event)}>
          {fault && (
            <p className="note-box bad" role="alert">
              <span />
              <span>{fault}</span>
            </p>
          )}
          <Field id="current" label={w.current} value={current} set={setCurrent} complete="current-password" />
          <Field id="fresh" label={w.fresh} help={w.freshHelp} value={fresh} set={setFresh} complete="new-password" />
          <Field id="again" label={w.repeat} value={again} set={setAgain} complete="new-password" />
          <button className="btn primary" type="submit" aria-busy={busy}>
            {w.save}
          </button>
        </form>
      </div>
    </main>
  );
}
