import { useWords } from '@/i18n';
import { words } from './words';

/** The identity provider that this platform knows besides its own users; undefined: none. */
export const elsewhere = document.documentElement.dataset.elsewhere || undefined;

/** The way to the provider's own page, and back to `next`. */
export function Elsewhere({ next, aside = false }: { next: string; aside?: boolean }) {
  const w = useWords(words);
  if (!elsewhere) return null;
  return (
    <p className="elsewhere">
      <a className="btn" href={`/oauth/elsewhere?next=${encodeURIComponent(next)}`} {...(aside && { target: '_blank', rel: 'noopener' })}>
        {w.elsewhere(elsewhere)}
      </a>
    </p>
  );
}
