/** A link to the page of the documentation that explains something. The platform serves it; it is in English. */
import { useWords } from '@/i18n';
import { words } from './words';

export type DocsPage = 'index' | 'getting-started' | `guides/${string}` | `concepts/${string}`;

export function Docs({ page }: { page: DocsPage }) {
  const w = useWords(words);
  const [path, anchor] = page.split('#');
  return (
    <a className="link" href={`/docs/${path}.html${anchor ? `#${anchor}` : ''}`} hrefLang="en">
      {w.docs}
    </a>
  );
}
