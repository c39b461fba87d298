/** What the platform refuses, and what is wrong at fields, in the reader's language. */
import { caseOf, isProblem, type ApiProblem, type Pointed } from '@/api/problem';
import { saidNow, useSaid } from '@/i18n/said';

/** What is wrong at a field, in the reader's language. */
export function useFaultText(): (fault: Pointed) => string {
  const said = useSaid('faults');
  const problem = useSaid('problems');
  return ({ code, facts, message }) => said(code, facts, problem(code, facts, message));
}

/** What the platform refuses and why, in the reader's language. */
export function useDetail(): (problem: ApiProblem) => string {
  const said = useSaid('problems');
  return (problem) => said(caseOf(problem), problem.facts, problem.detail);
}

/** Why something failed, where no component is at hand. */
export function reasonOf(caught: unknown): string {
  if (isProblem(caught)) return saidNow('problems', caseOf(caught), caught.facts, caught.detail);
  return caught instanceof Error ? caught.message : '';
}
