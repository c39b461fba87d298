/** Parts of a page, each with an address of its own. */
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, type RefObject } from 'react';

/** Where the tabs do not fit side by side, the one that is open is in sight. */
export function useTabInSight(here: string): RefObject<HTMLElement | null> {
  const row = useRef<HTMLElement>(null);
  useEffect(() => {
    const open = row.current?.querySelector<HTMLElement>('[aria-current]');
    if (row.current && open) row.current.scrollLeft = open.offsetLeft - row.current.offsetLeft - (row.current.clientWidth - open.offsetWidth) / 2;
  }, [here]);
  return row;
}

export function Tabs<T extends string>({ label, tabs, here, to }: { label: string; tabs: { key: T; label: string; count?: number }[]; here: T; to: (key: T) => string }) {
  const row = useTabInSight(here);
  return (
    <nav ref={row} className="tabs gap-below" aria-label={label}>
      {tabs.map((tab) => (
        <Link key={tab.key} to={to(tab.key)} aria-current={tab.key === here ? 'page' : undefined} activeOptions={{ exact: true, includeSearch: false }}>
          {tab.label}
          {tab.count !== undefined && <span className="t3">{tab.count}</span>}
        </Link>
      ))}
    </nav>
  );
}
