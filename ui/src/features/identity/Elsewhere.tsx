import { useWords } from '@/i18n';
import { words } from './words';

/** The identity provider that this platform knows besides its own users; undefined: none. */
export const elsewhere = document.documentElement.dataset.elsewhere || undefined;

/** The way to the provider's own page, and back to `next`; `first`: most go that way, the form for others comes after. */
export function Elsewhere({ next, first = false }: { next: string; first?: boolean }) {
  const w = useWords(words);
  if (!elsewhere) return null;
  const way = (
    <a className={first ? 'btn primary' : 'btn'} href={`/oauth/elsewhere?next=${encodeURIComponent(next)}`} {...(!first && { target: '_blank', rel: 'noopener' })}>
      {w.elsewhere(elsewhere)}
    </a>
  );
  if (!first) return <p className="elsewhere">{way}</p>;
  return (
    <div className="elsewhere first">
      {way}
      <p className="or t3 xs">{w.orHere}</p>
    </div>
  );
}
