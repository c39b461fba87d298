import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { may, useMe } from '@/api/session';
import { DataTable } from '@/components/DataTable';
import { Loaded } from '@/components/Loaded';
import { Status } from '@/components/Status';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { EditBudget, useBudgetName } from './BudgetForms';
import { allBudgetsQuery, type Budget } from './queries';
import { words } from './words';

/** Every threshold of every budget, the reached ones first. */
export function Alerts() {
  const w = useWords(words);
  const f = useFormats();
  const me = useMe();
  const nameOf = useBudgetName();
  const query = useQuery(allBudgetsQuery(false));
  const [editing, setEditing] = useState<Budget | null>(null);
  return (
    <>
      <p className="t2 gap-below">{w.alertsText}</p>
      <Loaded query={query} rows={4}>
        {({ rows }) => {
          const lines = rows.flatMap((budget) => budget.thresholds.map((at) => ({ budget, at, past: Number(budget.percent) >= at })));
          lines.sort((a, b) => Number(b.past) - Number(a.past) || Number(b.budget.percent) - Number(a.budget.percent) || a.at - b.at);
          return (
            <DataTable
              caption={w.tabs.alerts}
              rows={lines}
              keyOf={(one) => `${one.budget.id} ${one.at}`}
              columns={[
                { head: w.budget, cell: (one) => nameOf(one.budget) },
                { head: w.alertAt, num: true, cell: (one) => f.percent(one.at / 100) },
                { head: w.amount, num: true, cell: (one) => f.money((Number(one.budget.amount) * one.at) / 100, one.budget.currency) },
                {
                  head: w.alertState,
                  cell: (one) => (
                    <Status tone={one.past ? 'warn' : 'idle'} glyph={one.past ? 'warn' : 'wait'}>
                      {(one.past ? w.isPast : w.isAhead)(f.percent(Number(one.budget.percent) / 100, 1))}
                    </Status>
                  ),
                },
              ]}
              acts={
                may(me, 'budget.manage')
                  ? (one) => (
                      <button type="button" className="btn small" aria-label={w.editOf(nameOf(one.budget))} onClick={() => setEditing(one.budget)}>
                        {w.edit}
                      </button>
                    )
                  : undefined
              }
              empty={{ title: w.noAlerts, text: w.noAlertsText }}
            />
          );
        }}
      </Loaded>
      {editing && <EditBudget budget={editing} onClose={() => setEditing(null)} />}
    </>
  );
}
