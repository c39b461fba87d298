/** How jobs end and what they wait for, by code: the platform says it in English. */
import { count, text, useSaid, type Sayings } from '@/i18n/said';
import type { Execution, Job } from './queries';

const AGAIN = 'Der Fehler liegt beim Rechenzentrum.';

/** `facts` hold `cluster`, `exit_code` and `reason`, the batch system's own word. */
const jobs: Sayings = {
  de: {
    time_limit: () => 'Der Job erreichte seine Zeitgrenze und wurde vom Zentrum beendet. Verlangen Sie mehr Zeit, oder geben Sie ihm weniger zu tun.',
    out_of_memory: () => 'Der Job brauchte mehr Speicher, als er verlangt hatte. Verlangen Sie mehr.',
    node_failure: () => 'Ein Knoten des Zentrums fiel unter dem Job aus.',
    not_launched: () => 'Das Zentrum konnte den Job nicht starten: Seine Ausgabedateien ließen sich nicht öffnen. Ist dort die Platte voll oder das Kontingent erschöpft, schaffen Sie Platz, oder bitten Sie um mehr.',
    preempted: () => 'Das Zentrum gab die Knoten des Jobs an dringendere Arbeit.',
    requeued: () => 'Das Zentrum stellte den Job in seine Warteschlange zurück.',
    cancelled: () => 'Abgebrochen, wie verlangt.',
    cancelled_by_site: () => 'Jemand am Zentrum brach den Job ab.',
    outcome_unknown: () => 'Das Zentrum kennt den Job nicht mehr, und was er hinterlassen sollte, fehlt: Niemand kann sagen, wie er endete.',
    never_started: () => `Der Job begann nie: Ein anderer Versuch war ihm zuvorgekommen. ${AGAIN}`,
    restarted_by_site: () => 'Das Zentrum startete den Job ein zweites Mal; sein Schritt erlaubt nicht, dass er zweimal läuft.',
    no_room: () => 'Der Ordner des Jobs nahm keine Daten mehr auf: Die Platte des Zentrums ist voll, oder das Kontingent ist erschöpft. Schaffen Sie dort Platz, oder bitten Sie um mehr; dann noch einmal.',
    killed_by_signal: ({ exit_code: code }) => (count(code) > 128 ? `Das Programm wurde durch Signal ${count(code) - 128} beendet.` : 'Das Programm wurde durch ein Signal beendet.'),
    program_failed: ({ exit_code: code }) => (typeof code === 'number' ? `Das Programm endete mit dem Rückgabewert ${code}.` : undefined),
    finished: () => 'Fertig.',
    queued: ({ cluster, reason }) => `Wartet auf ${text(cluster)}${text(reason) ? `, denn das Zentrum sagt: ${text(reason)}` : ''}.`,
    staging: ({ cluster }) => `Seine Eingaben gehen an ${text(cluster)}.`,
    resuming: ({ cluster }) => `Sein Zwischenstand geht an den neuen Versuch auf ${text(cluster)}.`,
    submitting: ({ cluster }) => `Wird an ${text(cluster)} übergeben.`,
    collecting: () => 'Das Zentrum meldet sein Ende; was er hinterließ, wird geholt.',
    cancelling: () => 'Wird abgebrochen; das Zentrum hat das Ende noch nicht gemeldet.',
    forgotten: () => 'Das Zentrum kennt den Job nicht mehr; gesucht wird, was er hinterließ.',
    in_doubt: () => 'Das Zentrum nahm den Auftrag an und kennt ihn nicht mehr; geklärt wird, ob er begann.',
    no_line: ({ cluster }) => `Auf ${text(cluster)} kann sich jetzt niemand anmelden: Dort fehlt ein Konto.`,
    NEEDS_BUDGET: () => 'Er wartet auf Geld: Was für diese Ausführung reserviert ist, reicht für keinen Platz, der ihn jetzt nehmen könnte. Erhöhen Sie die Reservierung oder das Budget.',
  },
};

type Told = Pick<Job, 'code' | 'text' | 'cluster' | 'exit_code' | 'reason'>;

/** How a job stands, in the reader's language; `english`: what the platform says of it, if not its text. */
export function useJobText(): (job: Told, english?: string | null) => string {
  const said = useSaid(jobs);
  return (job, english = job.text) => said(job.code, { cluster: job.cluster, exit_code: job.exit_code, reason: job.reason }, english ?? '');
}

/** Why an execution ended badly, in the reader's language. */
export function useEndReason(): (execution: Execution) => string | null {
  const said = useSaid(jobs);
  return ({ reason, failure }) => {
    if (!failure || reason === null) return reason;
    const own = said(failure.code, { exit_code: failure.exit_code }, '');
    return own ? `${failure.title}: ${own}` : reason;
  };
}
