/** Parts of a page, each with an address of its own. */
import { Link } from '@tanstack/react-router';

export function Tabs<T extends string>({ label, tabs, here, to }: { label: string; tabs: { key: T; label: string; count?: number }[]; here: T; to: (key: T) => string }) {
  return (
    <nav className="tabs gap-below" aria-label={label}>
      {tabs.map((tab) => (
        <Link key={tab.key} to={to(tab.key)} aria-current={tab.key === here ? 'page' : undefined} activeOptions={{ exact: true, includeSearch: false }}>
          {tab.label}
          {tab.count !== undefined && <span className="t3">{tab.count}</span>}
        </Link>
      ))}
    </nav>
  );
}
