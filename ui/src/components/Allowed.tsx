/** A page only for those with a right; others read which one is missing, and who gives it. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { rightsQuery } from '@/api/rights';
import { may, useMe, type Action } from '@/api/session';
import { useWords } from '@/i18n';
import { Loaded } from './Loaded';
import { Empty } from './Note';
import { Top } from './Page';
import { roleTitle } from './roles';
import { words } from './words';

export function Allowed({ needs, title, children }: { needs: Action[]; title: string; children: ReactNode }) {
  const me = useMe();
  if (needs.some((action) => may(me, action))) return <>{children}</>;
  return <Refused needs={needs} title={title} />;
}

function Refused({ needs, title }: { needs: Action[]; title: string }) {
  const w = useWords(words);
  const rights = useQuery(rightsQuery);
  const first = needs[0] as Action;
  return (
    <>
      <Top title={title} />
      <Loaded query={rights}>
        {(all) => (
          <Empty title={w.problem.denied}>
            {w.problem.need(first)} {w.problem.grants((all.find((one) => one.action === first)?.roles ?? []).map(roleTitle).join(', '))}
          </Empty>
        )}
      </Loaded>
    </>
  );
}
