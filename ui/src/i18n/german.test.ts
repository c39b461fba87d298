import { describe, expect, it } from 'vitest';
import { formats } from './format';
import { faults, jobs } from './german';

describe('what is wrong with a workflow.yaml', () => {
  const f = formats('de');
  it('is German also where a reader of YAML or a pattern says it', () => {
    expect(faults.no_yaml?.({ said: 'while scanning a quoted scalar found unexpected end of stream' }, f)).toContain('Anführungszeichen wird nicht geschlossen');
    expect(faults.no_yaml?.({ said: 'something new' }, f)).toBe('das ist kein YAML: something new');
    expect(faults.pattern?.({ pattern: '^[a-z][a-z0-9-]{0,62}$' }, f)).toContain('höchstens 62 Kleinbuchstaben, Ziffern und -');
    expect(faults.pattern?.({ pattern: '^x$' }, f)).toContain('^x$');
  });
});

describe('a job that waits for money', () => {
  const f = formats('de');
  const said = (ask: string) =>
    'It waits for money. The cheapest place that can take it now, alpha/main, may cost up to 0.90 EUR, and 0.25 EUR are left of what is reserved for this execution.' +
    ` Reserve 0.6412 more on its page, or with \`heroes budget top-up exe_1 0.65\`; where the budget does not hold that much, ask ${ask} to raise it first.`;
  it('says in German for what, how much is missing and whom to ask, and no command', () => {
    const told = jobs.NEEDS_BUDGET?.({ text: said('bea or oda') }, f);
    for (const part of ['alpha/main', '0,90\u00a0€', '0,25\u00a0€', '0,65\u00a0€', 'bitten Sie bea oder oda zuerst']) expect(told).toContain(part);
    expect(told).not.toMatch(/heroes|budget top/);
    expect(jobs.NEEDS_BUDGET?.({ text: said("your organization's billing administrator") }, f)).toContain('bitten Sie jemanden');
  });
  it('says so of a row of before, which has fewer figures', () => {
    expect(jobs.NEEDS_BUDGET?.({ text: 'It waits for money.' }, f)).toContain('Er wartet auf Geld: Was');
  });
});
