/** What went wrong, as the platform tells it (RFC 9457), or why it could not be asked. */
/** One thing that is wrong, where, and by a code with facts for readers of other languages. */
export type Pointed = { pointer: string; message: string; code?: string; facts?: Record<string, unknown>; line?: number | null; column?: number | null };

export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly requestId: string | null,
    readonly problems: Pointed[] = [],
    readonly facts: Record<string, unknown> = {},
  ) {
    super(detail);
  }
}

/** What exactly: many general codes, such as `conflict`, have a case. */
export function caseOf(problem: ApiProblem): string {
  return typeof problem.facts.case === 'string' ? problem.facts.case : problem.code;
}

/** Status 0: the platform did not answer at all. */
export const OFFLINE = 0;

export function problemOf(status: number, body: unknown): ApiProblem {
  if (typeof body === 'object' && body !== null && 'detail' in body) {
    const told = body as Record<string, unknown>;
    const problems = Array.isArray(told.problems) ? (told.problems as Pointed[]) : [];
    return new ApiProblem(status, String(told.code ?? status), String(told.detail), told.request_id ? String(told.request_id) : null, problems, told);
  }
  return new ApiProblem(status, `http_${status}`, '', null);
}

export function isProblem(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem;
}
