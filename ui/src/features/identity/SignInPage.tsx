/** The entrance. It loads neither router nor component library, so that it is there at once. */
import { useEffect, useState } from 'react';
import { Mark } from '@/components/Mark';
import { LanguageChoice } from '@/components/LanguageChoice';
import { useWords } from '@/i18n';
import { Elsewhere } from './Elsewhere';
import { Showpiece } from './Showpiece';
import { SignInForm } from './SignInForm';
import './signin.css';
import { words } from './words';

/** Where the address points: shown, and gone to after signing in. */
function target(): { shown: string | null; path: string | null } {
  const path = location.pathname.startsWith('/o/') ? location.pathname + location.search + location.hash : null;
  const parts = location.pathname.split('/').filter(Boolean).slice(1).map(decodeURIComponent);
  return { shown: parts.length > 1 ? parts.join(' / ') : null, path };
}

export function SignInPage() {
  const w = useWords(words);
  const [{ shown, path }] = useState(target);
  useEffect(() => {
    document.title = `${w.title} · HEROES`;
  }, [w.title]);
  const done = (organization: string, changePassword: boolean) => {
    location.assign(changePassword ? '/password' : (path ?? `/o/${organization}/`));
  };
  return (
    <div className="split">
      <main className="gate" id="main">
        <p className="brand">
          <Mark />
          <span>HEROES</span>
        </p>
        <div className="form">
          <h1>{w.title}</h1>
          {shown && (
            <p className="t2">
              {w.goOn} <span className="mono">{shown}</span>
            </p>
          )}
          <Elsewhere next={path ?? ''} first />
          <SignInForm onDone={done} />
        </div>
        <footer className="t3 xs">
          <span>{w.version(document.documentElement.dataset.version ?? '')}</span>
          <a href="/api/docs">{w.api}</a>
          <LanguageChoice />
        </footer>
      </main>
      <Showpiece />
    </div>
  );
}
