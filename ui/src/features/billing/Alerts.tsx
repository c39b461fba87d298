import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useNames } from '@/api/people';
import { may, useMe } from '@/api/session';
import { DataTable } from '@/components/DataTable';
import { Moment } from '@/components/Exact';
import { Loaded } from '@/components/Loaded';
import { Next } from '@/components/Next';
import { Section } from '@/components/Page';
import { Status } from '@/components/Status';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { useSaid } from '@/i18n/said';
import { EditBudget, useBudgetName, useBudgetOwner } from './BudgetForms';
import { allBudgetsQuery, mailsQuery, type Budget, type Mail } from './queries';
import { words } from './words';

/** Every threshold of every budget, the reached ones first. */
export function Alerts() {
  const w = useWords(words);
  const f = useFormats();
  const me = useMe();
  const nameOf = useBudgetName();
  const ownerOf = useBudgetOwner();
  const query = useQuery(allBudgetsQuery(false));
  const [editing, setEditing] = useState<Budget | null>(null);
  return (
    <>
      <p className="t2 gap-below">{w.alertsText}</p>
      <div className="stack">
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
                {
                  head: w.budget,
                  cell: (one) => (
                    <>
                      {nameOf(one.budget)}
                      {one.budget.title && <span className="t3 meta">{ownerOf(one.budget)}</span>}
                    </>
                  ),
                },
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
              empty={{ title: w.noAlerts, text: w.noAlertsText, action: <Next to="billing">{w.budgets}</Next> }}
            />
          );
        }}
      </Loaded>
      {may(me, 'budget.manage') && <Mails />}
      </div>
      {editing && <EditBudget budget={editing} onClose={() => setEditing(null)} />}
    </>
  );
}

/** What became of the mails about budgets; nothing where none was ever asked for. */
function Mails(): ReactNode {
  const w = useWords(words);
  const f = useFormats();
  const names = useNames();
  const nameOf = useBudgetName();
  const said = useSaid('deliveries');
  const budgets = useQuery(allBudgetsQuery(true)).data?.rows ?? [];
  const mails = useQuery(mailsQuery).data?.rows ?? [];
  if (mails.length === 0) return null;
  const about = ({ budget, type, percent }: Mail) => {
    const found = budgets.find((one) => one.id === budget);
    const reached = (w.mailTypes as Record<string, (at: string) => string>)[type]?.(percent ? f.percent(percent / 100) : '');
    return [found && nameOf(found), reached].filter(Boolean).join(': ');
  };
  return (
    <Section title={w.mails}>
      <DataTable
        caption={w.mails}
        rows={mails}
        keyOf={(one) => one.id}
        columns={[
          { head: w.mailAbout, cell: about },
          { head: w.mailTo, cell: (one) => names.user(one.user) },
          {
            head: w.alertState,
            cell: (one) => (
              <>
                <Status tone={one.state === 'failed' ? 'bad' : one.state === 'sent' ? 'ok' : 'idle'} glyph={one.state === 'failed' ? 'bad' : one.state === 'sent' ? 'ok' : 'wait'}>
                  {w.mailStates[one.state]}
                </Status>
                {one.trouble && <span className="t2 meta">{said(one.trouble_why?.code, one.trouble_why?.facts, one.trouble)}</span>}
              </>
            ),
          },
          { head: w.mailAt, num: true, cell: (one) => <Moment at={one.created_at} /> },
        ]}
        empty={{ title: w.mails }}
      />
    </Section>
  );
}
