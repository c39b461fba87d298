import { Dialog } from '@/components/Dialog';
import { useWords } from '@/i18n';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, told } from '@/api/client';
import { Elsewhere, elsewhere } from './Elsewhere';
import { SignInForm } from './SignInForm';
import { meQuery } from '@/api/session';
import { words } from './words';

/** Sign in again as the same person; somebody else starts over. */
export default function SessionEnded({ onBack }: { onBack: () => void }) {
  const w = useWords(words);
  const client = useQueryClient();
  const me = client.getQueryData(meQuery.queryKey);
  // Who signs in at the provider does so in another tab, and comes back to this one.
  useEffect(() => {
    if (!elsewhere) return undefined;
    const look = async () => {
      const found = await told(api.GET('/api/v1/organization/auth/me')).catch(() => undefined);
      if (!found) return;
      if (me && found.sub === me.sub) onBack();
      else location.reload();
    };
    const back = () => void look();
    addEventListener('focus', back);
    return () => removeEventListener('focus', back);
  }, [me, onBack]);
  const done = (organization: string, changePassword: boolean) => {
    if (changePassword) location.assign('/password');
    else if (me) onBack();
    else if (location.pathname.startsWith("/o/")) location.reload();
    else location.assign(`/o/${organization}/`);
  };
  return (
    <Dialog title={w.again} onClose={() => undefined}>
      <p className="t2">{w.againText}</p>
      <div className="again">
        <SignInForm onDone={done} only={me ? { organization: me.organization, user: me.preferred_username } : undefined} />
        <Elsewhere next={location.pathname + location.search} />
      </div>
    </Dialog>
  );
}
