/** The head of a page, its title told to whoever does not see it, and its sections. */
import { ChevronRight } from 'lucide-react';
import { Fragment, useEffect, useId, useRef, type ReactNode } from 'react';
import { Icon } from './Icon';

export function Top({ title, sub, crumbs, actions }: { title: string; sub?: ReactNode; crumbs?: ReactNode[]; actions?: ReactNode }) {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · HEROES`;
  }, [title]);
  useEffect(() => {
    // A new page is told by its title; at the first one the browser itself does that.
    if (sessionStorage.getItem('heroes.moved') === '1') head.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className="top">
      <div>
        {crumbs && (
          <div className="crumbs xs">
            {crumbs.map((crumb, at) => (
              <Fragment key={at}>
                {at > 0 && <Icon of={ChevronRight} />}
                {crumb}
              </Fragment>
            ))}
          </div>
        )}
        <h1 ref={head} tabIndex={-1}>
          {title}
        </h1>
        {sub && <div className="sub">{sub}</div>}
      </div>
      {actions && <div className="actions">{actions}</div>}
    </div>
  );
}

export function Section({ title, count, aside, children, panel = false, anchor }: { title: string; count?: number | string; aside?: ReactNode; children: ReactNode; panel?: boolean; anchor?: string }) {
  const id = useId();
  return (
    <section aria-labelledby={id} id={anchor} tabIndex={anchor ? -1 : undefined} className={panel ? 'panel' : 'block'}>
      <div className="bar">
        <h2 id={id}>
          {title}
          {count !== undefined && <span className="n">{count}</span>}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

export type Figure = { label: ReactNode; value: ReactNode; note?: ReactNode; mid?: ReactNode };

export function FigureStrip({ figures }: { figures: Figure[] }) {
  return (
    <dl className="strip">
      {figures.map((one, at) => (
        <div key={at}>
          <dt>{one.label}</dt>
          <dd>
            <span className="v">{one.value}</span>
            {one.mid}
            {one.note && <div className="note">{one.note}</div>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
