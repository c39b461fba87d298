/** Whether all services of the platform are up, in a few words. Asked for once a minute at most, and by no hidden tab. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, told } from '@/api/client';
import { Glyph } from '@/components/Status';
import { useWords } from '@/i18n';
import { words } from '../words';

const servicesQuery = queryOptions({
  queryKey: ['services'],
  queryFn: ({ signal }) => told(api.GET('/api/v1/heroes/services', { signal })),
  staleTime: 60_000,
  refetchInterval: 60_000,
  retry: false,
});

export function Services() {
  const w = useWords(words);
  const { data, isError } = useQuery(servicesQuery);
  const up = data?.state === 'up' && !isError;
  const code = isError ? 'unknown' : data?.code;
  return (
    <span className={up ? 'services' : 'services warn'}>
      {code && (
        <>
          <Glyph name={up ? 'ok' : 'warn'} size={12} />
          {w.services[code]}
        </>
      )}
    </span>
  );
}
