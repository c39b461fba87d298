import { Dialog } from '@/components/Dialog';
import { useWords } from '@/i18n';
import { useQueryClient } from '@tanstack/react-query';
import { SignInForm } from './SignInForm';
import { meQuery } from '@/api/session';
import { words } from './words';

/** Sign in again as the same person; somebody else starts over. */
export default function SessionEnded({ onBack }: { onBack: () => void }) {
  const w = useWords(words);
  const me = useQueryClient().getQueryData(meQuery.queryKey);
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
      </div>
    </Dialog>
  );
}
