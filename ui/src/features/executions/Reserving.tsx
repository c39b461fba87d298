/** Holding more money for a run whose jobs wait for it. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, onceKey, told } from '@/api/client';
import { done } from '@/components/Done';
import { FormDialog } from '@/components/FormDialog';
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import type { Cost, Execution } from './queries';
import { words } from './words';

/** `most`: what it may cost where it was to run; what of it is not reserved yet is proposed. */
export function Reserving({ execution, cost, most, onClose }: { execution: Execution; cost: Cost; most?: string; onClose: () => void }) {
  const w = useWords(words);
  const f = useFormats();
  const client = useQueryClient();
  const [key] = useState(onceKey);
  const figure = (typed: unknown) => String(typed).trim().replace(',', '.');
  const held = Number(cost.reserved ?? 0);
  const lacking = Number(most ?? 0) - held;
  return (
    <FormDialog
      title={w.reserveMoreOf(execution.configuration.name)}
      fields={[{ name: 'amount', label: w.moreAmount, unit: cost.currency ?? undefined, kind: 'number', required: true }]}
      start={lacking > 0 ? { amount: lacking.toFixed(4).replace(/0{1,2}$/, '') } : undefined}
      yes={w.reserveMore}
      effect={({ amount }) => (Number(figure(amount)) > 0 ? <p className="effect">{w.reserveEffect(f.money(held + Number(figure(amount)), cost.currency))}</p> : null)}
      onClose={onClose}
      act={async ({ amount }) => {
        const made = await told(api.POST('/api/v1/organization/budget/reservation/{execution}', { params: { path: { execution: execution.wid } }, body: { amount: figure(amount) }, headers: { 'Idempotency-Key': key } }));
        await Promise.all([client.invalidateQueries({ queryKey: ['execution', execution.wid] }), client.invalidateQueries({ queryKey: ['budgets'] })]);
        done(w.reservedMore(f.money(made.amount, made.currency)));
      }}
    />
  );
}
