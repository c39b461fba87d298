import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import { isProblem } from '@/api/problem';
import { Empty, Failure } from '@/components/Note';
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
