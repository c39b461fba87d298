/** What stands at an address that somebody may not open. */
import { Outlet, useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { may, useMe, type Me } from '@/api/session';
import { Refused } from '@/components/Allowed';
import { useWords } from '@/i18n';
import { words } from '../words';
import { PLACES, type Place } from './navigation';

function placeOf(pathname: string): Place | undefined {
  const below = pathname.split('/').slice(3);
  const first = below[0] === 'run' || below[0] === 'submit' ? 'workflows' : below[0];
  return first ? PLACES.find((one) => one.to === first) : undefined;
}

function shut(me: Me, pathname: string): Place | undefined {
  const place = placeOf(pathname);
  return place && place.needs.length > 0 && !place.needs.some((action) => may(me, action)) ? place : undefined;
}

/** The page, or why it is not open. */
export function Guarded(): ReactNode {
  const me = useMe();
  const w = useWords(words);
  const { pathname } = useLocation();
  const place = shut(me, pathname);
  return place ? <Refused needs={place.needs} title={w[place.word]} /> : <Outlet />;
}
