/** Grey lines in the place of rows, after a second; nothing blinks for what comes at once. */
import { useEffect, useState } from 'react';
import { useWords } from '@/i18n';
import { words } from './words';

export function Loading({ rows = 4, at = 600 }: { rows?: number; at?: number }) {
  const w = useWords(words);
  const [late, setLate] = useState(at === 0);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), at);
    return () => clearTimeout(timer);
  }, [at]);
  return (
    <div className="loading" role="status">
      <span className="sr">{w.loading}</span>
      {late && Array.from({ length: rows }, (_, row) => <span key={row} className="skel" style={{ width: `${92 - ((row * 17) % 40)}%` }} />)}
    </div>
  );
}
