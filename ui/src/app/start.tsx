/** The application for who is signed in. */
import createCache from '@emotion/cache';
import { CacheProvider } from '@emotion/react';
import { ThemeProvider } from '@mui/material/styles';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { session } from '@/api/client';
import { isProblem } from '@/api/problem';
import { refused } from '@/components/Done';
import { tellEnds } from './ends';
import { follow } from './live';
import { makeRouter } from './router';
import { Reentry, sessionEnded } from './Reentry';
import { theme } from './theme';

function ended(error: unknown): void {
  if (!isProblem(error)) return;
  if (error.code === 'password_change_required' && location.pathname !== '/password') location.assign('/password');
}

function makeClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: ended }),
    mutationCache: new MutationCache({ onError: ended }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (count, error) => count < 2 && (!isProblem(error) || error.status === 0 || error.status >= 500),
        refetchOnWindowFocus: false, // the stream of events tells what changed
      },
    },
  });
}

export function start(root: HTMLElement): void {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
  const cache = createCache({ key: 'm', nonce, prepend: true });
  const client = makeClient();
  const router = makeRouter(client);
  router.subscribe('onResolved', ({ fromLocation, pathChanged }) => {
    if (fromLocation && pathChanged) sessionStorage.setItem('heroes.moved', '1');
  });
  sessionStorage.removeItem('heroes.moved');
  follow(client);
  session.addEventListener('ended', sessionEnded);
  tellEnds(client, {
    execution: (org, execution) => void router.navigate({ to: '/o/$org/executions/$execution/{-$tab}', params: { org, execution, tab: 'overview' } }),
    cluster: (org, cluster) => void router.navigate({ to: '/o/$org/clusters/$cluster', params: { org, cluster } }),
  });
  // What was begun without waiting for it and failed is told all the same.
  addEventListener('unhandledrejection', (event: PromiseRejectionEvent) => {
    if (!isProblem(event.reason)) return;
    event.preventDefault();
    if (event.reason.status !== 401) refused(event.reason);
  });
  createRoot(root).render(
    <StrictMode>
      <CacheProvider value={cache}>
        <ThemeProvider theme={theme}>
          <QueryClientProvider client={client}>
            <RouterProvider router={router} />
            <Reentry client={client} />
          </QueryClientProvider>
        </ThemeProvider>
      </CacheProvider>
    </StrictMode>,
  );
}
