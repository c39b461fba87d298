/** What a person or project leaves behind, counted before they go. */
import { useQuery, type UseQueryOptions } from '@tanstack/react-query';
import { Loaded } from '@/components/Loaded';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import type { Left } from './queries';
import { words } from './words';

export function Leaves({ query }: { query: UseQueryOptions<Left, Error, Left, string[]> }) {
  const w = useWords(words);
  const f = useFormats();
  return (
    <Loaded query={useQuery(query)} rows={1}>
      {({ files, bytes, ...left }) => {
        const counted = (['running', 'tokens', 'keys', 'programs'] as const).filter((one) => left[one]).map((one) => w.leaves[one](left[one] ?? 0));
        if (files) counted.unshift(w.leaves.files(files, f.number(files), f.bytes(bytes ?? 0)));
        return <p className="strong">{counted.length > 0 ? w.leaves.behind(counted.join(', ')) : w.leaves.nothing}</p>;
      }}
    </Loaded>
  );
}
