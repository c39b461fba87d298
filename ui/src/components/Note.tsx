/** Words that stay on the page: what happened, what it means, what to do, and the id. */
import { useEffect, useRef, type ReactNode } from 'react';
import { OFFLINE, isProblem } from '@/api/problem';
import { useWords } from '@/i18n';
import { Copyable } from './Copy';
import { Docs, type DocsPage } from './Docs';
import { Glyph } from './Status';
import { useDetail, useFaultText } from './said';
import { words } from './words';

export function Note({ tone = 'info', title, children, actions }: { tone?: 'info' | 'warn' | 'bad'; title?: ReactNode; children?: ReactNode; actions?: ReactNode }) {
  const glyph = tone === 'info' ? 'info' : tone === 'warn' ? 'warn' : 'bad';
  return (
    <div className={`note-box ${tone} note`} role={tone === 'bad' ? 'alert' : 'status'}>
      <span className={tone}>
        <Glyph name={glyph} size={16} />
      </span>
      <div className="note-text">
        {title && <b>{title} </b>}
        {children && <span className="t2">{children}</span>}
      </div>
      {actions && <div className="acts">{actions}</div>}
    </div>
  );
}

const LATER_MS = 5_000;

/** The platform is not there now: nothing that was asked is at fault, and asking again later will do. */
export function passes(error: unknown): boolean {
  return isProblem(error) && (error.status === OFFLINE || error.status === 503);
}

/** Try again now and then, for as long as what failed will pass by itself. */
export function useRetrying(error: unknown, retry: (() => void) | undefined): void {
  const latest = useRef(retry);
  useEffect(() => {
    latest.current = retry;
  }, [retry]);
  const goes = passes(error) && retry !== undefined;
  useEffect(() => {
    if (!goes) return;
    const timer = setInterval(() => latest.current?.(), LATER_MS);
    return () => clearInterval(timer);
  }, [goes]);
}

/** A part of a page that could not be got; the others stay. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const w = useWords(words);
  const { title, text } = useProblemWords(error);
  const id = isProblem(error) ? error.requestId : null;
  useRetrying(error, retry);
  return (
    <Note
      tone="bad"
      title={`${title}.`}
      actions={
        retry && (
          <button type="button" className="link" onClick={retry}>
            {w.retry}
          </button>
        )
      }
    >
      {text} {id && (
        <span className="xs t3 nowrap">
          {w.problem.id} <Copyable text={id} />
        </span>
      )}
    </Note>
  );
}

export function useProblemWords(error: unknown): { title: string; text: string } {
  const w = useWords(words).problem;
  const detail = useDetail();
  const faultText = useFaultText();
  if (!isProblem(error)) return { title: w.failed, text: error instanceof Error ? error.message : '' };
  if (error.status === OFFLINE) return { title: w.offline, text: w.offlineText };
  if (error.status === 403) return { title: w.denied, text: detail(error) };
  if (error.status === 404) return { title: w.missing, text: `${detail(error)} ${w.missingText}` };
  const titles: Record<number, string> = { 409: w.conflict, 410: w.missing, 422: w.invalid, 429: w.busy, 503: w.down };
  const said = detail(error);
  // What is told of the whole often says the same as what is told of one field.
  const faults = error.problems.map((one) => `${one.line ? w.place(one.line, one.column ?? 1) : ''}${faultText(one)}`).filter((one) => !said.includes(one));
  return { title: titles[error.status] ?? w.failed, text: [said || w.failedText, faults.join('; ')].filter(Boolean).join(' ').trim() };
}

export function Empty({ title, children, action, docs }: { title: string; children?: ReactNode; action?: ReactNode; docs?: DocsPage }) {
  return (
    <div className="empty">
      <h3>{title}</h3>
      {children && <p>{children}</p>}
      {action}
      {docs && (
        <p className="xs">
          <Docs page={docs} />
        </p>
      )}
    </div>
  );
}
