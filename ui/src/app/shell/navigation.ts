/** What stands in the navigation, and which right opens it. */
import { Activity, ChartSpline, Folder, House, Landmark, Network, Server, ShieldCheck, Workflow, type LucideIcon } from 'lucide-react';
import { may, type Action, type Me } from '@/api/session';
import type { words } from '../words';

type Word = { [K in keyof typeof words.en]: (typeof words.en)[K] extends string ? K : never }[keyof typeof words.en];

export type Place = { to: string; word: Word; icon: LucideIcon; needs: Action[]; group: 'main' | 'manage' };

/** `to` is below `/o/$org/`. A place opens for whoever has one of the rights; for all where none is named. */
export const PLACES: Place[] = [
  { to: '', word: 'home', icon: House, needs: [], group: 'main' },
  { to: 'workflows', word: 'workflows', icon: Workflow, needs: ['workflow.read'], group: 'main' },
  { to: 'executions', word: 'executions', icon: Activity, needs: ['execution.read'], group: 'main' },
  { to: 'data', word: 'data', icon: Folder, needs: ['data.read', 'data.manage'], group: 'main' },
  { to: 'clusters', word: 'clusters', icon: Server, needs: ['cluster.read'], group: 'main' },
  { to: 'insights', word: 'insights', icon: ChartSpline, needs: ['cost.read'], group: 'main' },
  { to: 'billing', word: 'billing', icon: Landmark, needs: ['ledger.read', 'budget.manage', 'tariff.manage'], group: 'manage' },
  { to: 'organization', word: 'organization', icon: Network, needs: ['user.read'], group: 'manage' },
  { to: 'platform', word: 'platform', icon: ShieldCheck, needs: ['platform.operate'], group: 'manage' },
];

/** The address of a place. */
export function addressOf(org: string, to: string): string {
  return `/o/${org}/${to}`;
}

export function placesOf(me: Me): Place[] {
  return PLACES.filter((place) => place.needs.length === 0 || place.needs.some((action) => may(me, action)));
}
