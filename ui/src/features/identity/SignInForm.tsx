import { LogIn } from 'lucide-react';
import { useRef, useState, type SubmitEvent as Sent } from 'react';
import { api, told } from '@/api/client';
import { isProblem } from '@/api/problem';
import { useDetail } from '@/components/said';
import { Icon } from '@/components/Icon';
import { useWords } from '@/i18n';
import { elsewhere } from './Elsewhere';
import { words } from './words';

const LAST = 'heroes.organization';

function lastOrganization(): string {
  const named = location.pathname.match(/^\/o\/([^/]+)/)?.[1];
  return named ?? localStorage.getItem(LAST) ?? '';
}

/** Organization, user and password for a session cookie. */
export function SignInForm({ onDone, only }: { onDone: (organization: string, changePassword: boolean) => void; only?: { organization: string; user: string } }) {
  const w = useWords(words);
  const detail = useDetail();
  const [organization, setOrganization] = useState(only?.organization ?? lastOrganization());
  const [user, setUser] = useState(only?.user ?? '');
  const [password, setPassword] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const send = async (event: Sent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    if (!organization.trim() || !user.trim() || !password) {
      setFault(w.missing);
      form.current?.querySelector<HTMLInputElement>('input:placeholder-shown')?.focus();
      return;
    }
    setBusy(true);
    setFault(null);
    try {
      const body = { organization: organization.trim(), username: user.trim(), password };
      const opened = await told(api.POST('/api/v1/organization/auth/session', { body }));
      localStorage.setItem(LAST, opened.organization);
      onDone(opened.organization, opened.password_change_required);
    } catch (error) {
      setBusy(false);
      if (!isProblem(error)) throw error;
      const seconds = Number(error.facts.retry_after ?? 0);
      setFault(error.status === 0 ? w.offline : seconds ? w.wait(seconds) : detail(error));
    }
  };

  return (
    <form ref={form} onSubmit={(event) => void send(event)} noValidate>
      {fault && (
        <p className="note-box bad" role="alert" id="fault">
          <span />
          <span>{fault}</span>
        </p>
      )}
      {!only && (
        <p className="field">
          <label htmlFor="organization">{w.organization}</label>
          <input className="input" id="organization" placeholder=" " autoComplete="organization" autoCapitalize="none" spellCheck={false} value={organization} onChange={(e) => setOrganization(e.target.value)} aria-invalid={fault !== null && !organization} />
        </p>
      )}
      <p className="field">
        <label htmlFor="user">{w.user}</label>
        <input className="input" id="user" placeholder=" " autoComplete="username" autoCapitalize="none" spellCheck={false} value={user} readOnly={Boolean(only)} onChange={(e) => setUser(e.target.value)} aria-invalid={fault !== null && !user} />
      </p>
      <p className="field">
        <label htmlFor="password">{w.password}</label>
        <input className="input" id="password" type="password" placeholder=" " autoComplete="current-password" value={password} onChange={(e) => setPassword(e.target.value)} aria-describedby="password-help" aria-invalid={fault !== null && !password} />
        <span className="help" id="password-help">
          {w.help}
        </span>
      </p>
      <button className={elsewhere && !only ? 'btn' : 'btn primary'} type="submit" aria-busy={busy}>
        <Icon of={LogIn} />
        {w.signIn}
      </button>
    </form>
  );
}
