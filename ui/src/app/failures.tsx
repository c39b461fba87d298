import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { useEffect } from 'react';
import { isProblem } from '@/api/problem';
import { Copyable } from '@/components/Copy';
import { Empty, Failure, passes, useRetrying } from '@/components/Note';
import { useWords } from '@/i18n';
import { words } from './words';

export function PageMissing() {
  const w = useWords(words);
  return (
    <Empty
      title={w.notFound}
      action={
        <Link className="btn" to="/">
          {w.goHome}
        </Link>
      }
    >
      {w.notFoundText}
    </Empty>
  );
}

export function PageFailed({ error, reset }: ErrorComponentProps) {
  const w = useWords(words);
  useEffect(() => void dispatchEvent(new Event('heroes.failed')), []); // `again.js` knows whether a new load would cure it
  if (passes(error)) return <Maintenance error={error} />;
  if (isProblem(error)) return error.status === 401 ? null : <Failure error={error} retry={reset} />;
  return (
    <Empty
      title={w.failed}
      action={
        <button type="button" className="btn" onClick={() => location.reload()}>
          {w.reload}
        </button>
      }
    >
      {w.failedText}
    </Empty>
  );
}

/** Nothing can be shown while the platform is looked after; this page goes away by itself. */
function Maintenance({ error }: { error: unknown }) {
  const w = useWords(words);
  const router = useRouter();
  const again = () => void router.invalidate();
  const id = isProblem(error) ? error.requestId : null;
  useRetrying(error, again);
  return (
    <main className="main">
      <Empty
        title={w.maintenance}
        action={
          <button type="button" className="btn" onClick={again}>
            {w.tryNow}
          </button>
        }
      >
        {w.maintenanceText} {id && <Copyable text={id} />}
      </Empty>
    </main>
  );
}
