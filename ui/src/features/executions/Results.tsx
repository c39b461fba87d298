import { Download } from 'lucide-react';
import { Icon } from '@/components/Icon';
import { Empty } from '@/components/Note';
import { kindOf, Preview } from '@/components/Preview';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import type { Result } from './queries';
import { words } from './words';

export function fileAddress(bucket: string, file: string): string {
  return `/api/v1/organization/data/download?${new URLSearchParams({ bucket, file }).toString()}`;
}

/** The declared results; at a glance only what can be looked at. */
export function Results({ results, glance = false }: { results: Result[]; glance?: boolean }) {
  const w = useWords(words);
  const f = useFormats();
  if (glance) {
    const seen = results.filter((one) => ['image', 'svg'].includes(kindOf(one.name)) && one.size < 2_000_000).slice(0, 2);
    if (seen.length === 0) return null;
    return (
      <div className="glance" role="group" aria-label={w.plotOf}>
        {seen.map((one) => (
          <figure key={one.name} className="panel preview">
            <figcaption className="t3 xs">{one.name}</figcaption>
            <Preview name={one.name} size={one.size} address={fileAddress(one.bucket, one.path)} />
          </figure>
        ))}
      </div>
    );
  }
  if (results.length === 0) return <Empty title={w.noResults}>{w.noResultsText}</Empty>;
  return (
    <div className="stack-3">
      {results.map((one) => (
        <section key={one.name} className="panel" aria-label={one.name}>
          <div className="bar">
            <h2>{one.name}</h2>
            <span className="t3 num">{f.bytes(one.size)}</span>
            <a className="btn small end" href={fileAddress(one.bucket, one.path)} download aria-label={`${w.download}: ${one.name}`}>
              <Icon of={Download} />
              {w.download}
            </a>
          </div>
          <div className="preview">
            <Preview name={one.name} size={one.size} address={fileAddress(one.bucket, one.path)} />
          </div>
        </section>
      ))}
    </div>
  );
}
