/** A page only for those with a right; others read which one is missing, and who gives it. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { rightsQuery, type Right } from '@/api/rights';
import { may, useMe, type Action } from '@/api/session';
import { useWords } from '@/i18n';
import { Loaded } from './Loaded';
import { Empty } from './Note';
import { Top } from './Page';
import { useMeaning } from './permissions';
import { roleTitle } from './roles';
import { words } from './words';

export function Allowed({ needs, title, children }: { needs: Action[]; title: string; children: ReactNode }) {
  const me = useMe();
  if (needs.some((action) => may(me, action))) return <>{children}</>;
  return <Refused needs={needs} title={title} />;
}

const FIRST = 2;

/** The roles that give a right, the likeliest ones; the others at a click. */
function Granting({ roles }: { roles: string[] }): ReactNode {
  const w = useWords(words).problem;
  const [whole, setWhole] = useState(false);
  const all = whole || roles.length === FIRST + 1;
  if (roles.length === 0) return w.operators;
  const [before, after] = w.grants.split('{}');
  return (
    <>
      {before}
      {roles.slice(0, all ? undefined : FIRST).map(roleTitle).join(w.or)}
      {!all && roles.length > FIRST && (
        <>
          {' '}
          <button type="button" className="link" onClick={() => setWhole(true)}>
            {w.orMore(roles.length - FIRST)}
          </button>
        </>
      )}
      {after}
    </>
  );
}

/** Why a page is not open, and who opens it. */
export function Refused({ needs, title }: { needs: Action[]; title: string }) {
  const w = useWords(words).problem;
  const { organization: org } = useMe();
  const meaning = useMeaning();
  const rights = useQuery(rightsQuery);
  /** Those that give the most usual of the rights first, each once. */
  const granting = (all: Right[]) => {
    const given = needs.map((need) => all.find((one) => one.action === need)?.roles ?? []);
    return [...new Set([...given.flatMap((roles) => roles.slice(0, 1)), ...given.flat()])];
  };
  return (
    <>
      <Top title={title} />
      <Loaded query={rights}>
        {(all) => (
          <Empty
            title={w.closed}
            action={
              <Link className="btn" to="/o/$org" params={{ org }}>
                {w.home}
              </Link>
            }
          >
            {w.need(needs.map(meaning))} <Granting roles={granting(all)} />
          </Empty>
        )}
      </Loaded>
    </>
  );
}
