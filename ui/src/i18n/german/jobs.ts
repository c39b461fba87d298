/** How jobs end and what they wait for. */
import { count, text } from '../facts';
import type { Facts, Formats, Sayings } from '../said';
import { transferred } from './transfers';
import { waits } from './waits';

/** What follows an English sentence of the platform as the site's own words. */
const quoted = (said: unknown): string => (/ says: (.+)$/s.exec(text(said))?.[1] ?? '').trim();
const saying = (facts: Facts, lead: string): string => (quoted(facts.text) ? `${lead} Das Zentrum sagt: ${quoted(facts.text)}` : lead);
/** What follows the colon of an English sentence: names, or the words of somebody else. */
const after = (facts: Facts): string => (text(facts.text).includes(': ') ? `: ${text(facts.text).split(': ').slice(text(facts.title) ? 2 : 1).join(': ')}` : '.');
const quote = ({ why }: Facts, f: Formats): string => (why ? `: ${transferred(why, f)}` : '');
const exitOf = ({ exit_code: code, text: told }: Facts): string => text(code) || (/exit code (\d+)/.exec(text(told))?.[1] ?? '');
const AGAIN = 'Der Fehler liegt beim Rechenzentrum.';

const UNPAID = /now, (\S+), may cost up to (.+?), and (.+?) are left of .* Reserve ([\d.]+) more on its page.*, ask (.+) to raise it first\./s;
const CURRENCY = / ([A-Z]{3})$/;
/** `0.25 EUR` as amounts are written; what is no plain amount stays. */
const sum = (said: string, f: Formats): string => (/^[\d.]+ [A-Z]{3}$/.test(said) ? f.money(said.replace(CURRENCY, ''), CURRENCY.exec(said)?.[1]) : said.replace('less than', 'weniger als'));
/** Not less than is needed in the decimals that are shown. */
const enough = (amount: number): number => (amount >= 0.1 ? Math.ceil(amount * 100 - 1e-9) / 100 : amount);
/** The platform's sentence holds the figures. */
function unpaid({ text: told }: Facts, f: Formats): string {
  const [, place = '', needed = '', held = '', more = '', people = ''] = UNPAID.exec(text(told)) ?? [];
  if (!place) return 'Er wartet auf Geld: Was für diese Ausführung reserviert ist, reicht für keinen Platz, der ihn jetzt nehmen könnte. Reservieren Sie mehr, oder bitten Sie darum, das Budget zu erhöhen.';
  const whom = people.startsWith('your ') ? 'jemanden, der Ihre Budgets verwaltet,' : people.split(' or ').join(' oder ');
  return `Er wartet auf Geld: Der billigste Platz, der ihn jetzt nehmen kann, ${place}, kostet bis zu ${sum(needed, f)}, und von dem, was für diese Ausführung reserviert ist, sind noch ${sum(held, f)} übrig. Reservieren Sie mindestens ${f.money(enough(Number(more)), CURRENCY.exec(needed)?.[1])} mehr; reicht das Budget dafür nicht, bitten Sie ${whom} zuerst, es zu erhöhen.`;
}

/** Of one place that cannot take a job, in short: what would cure it stands beside the ranking. */
const UNFIT: Record<string, string> = {
  paused: 'Der Cluster ist angehalten.',
  host_key_changed: 'Der Cluster zeigt einen anderen Host-Schlüssel als den bestätigten.',
  enrolling: 'Der Cluster wird noch angemeldet.',
  not_ready: 'Der Cluster ist nicht bereit.',
  no_account: 'Ihre Organisation hat dort kein Konto.',
  stopped: 'Das Konto dort ist gestoppt.',
  never_heard: 'Von dem Cluster kam noch nie eine Antwort.',
  not_heard_from: 'Der Cluster antwortet nicht.',
  pinned: 'Sein Schritt ist an einen anderen Ort gebunden.',
  tied: 'Andere Schritte binden ihn an einen anderen Ort.',
  no_queue: 'Dort wurde noch keine Warteschlange gesehen.',
  queue_closed: 'Die Warteschlange nimmt keine Jobs an.',
  account_not_admitted: 'Die Warteschlange lässt das Konto nicht zu.',
  too_many_nodes: 'Er verlangt mehr Knoten, als es dort gibt.',
  nodes_failed: 'Dort sind zu viele Knoten ausgefallen.',
  too_many_cores: 'Er verlangt mehr Kerne je Knoten, als es dort gibt.',
  too_much_memory: 'Er verlangt mehr Speicher je Knoten, als es dort gibt.',
  too_few_gpus: 'Er verlangt mehr GPUs, als es dort gibt.',
  no_walltime: 'Er nennt keine Zeitgrenze.',
  walltime_too_long: 'Er verlangt mehr Zeit, als dort erlaubt ist.',
  not_checked: 'Die Knoten dort wurden nie geprüft.',
  no_software: 'Dort fehlt Software, die er braucht.',
  no_commands: 'Dort fehlt ein Befehl, den er braucht.',
  no_containers: 'Dort fehlt die Container-Laufzeit, die er braucht.',
  no_tariff: 'Der Cluster hat keinen Preis.',
  other_currency: 'Seine Preise sind in einer anderen Währung als das Budget.',
  unbounded_cost: 'Seine Kosten hätten dort keine Grenze.',
  barred: 'Ihre Organisation erlaubt den Cluster nicht.',
  no_such_cluster: 'Den Cluster, an den er gebunden ist, dürfen Sie nicht benutzen.',
};

/** `facts` hold `cluster`, `exit_code`, `reason`, the batch system's own word, and `text`, what the platform says. */
export const jobs: Sayings = {
  ...Object.fromEntries(Object.entries(UNFIT).map(([code, why]) => [code, () => `Jetzt kann ihn kein Cluster nehmen: ${why} Er wartet, bis das anders ist.`])),
  time_limit: () => 'Der Job erreichte seine Zeitgrenze und wurde vom Zentrum beendet. Verlangen Sie mehr Zeit, oder geben Sie ihm weniger zu tun.',
  out_of_memory: () => 'Der Job brauchte mehr Speicher, als er verlangt hatte. Verlangen Sie mehr.',
  node_failure: () => 'Ein Knoten des Zentrums fiel unter dem Job aus.',
  not_launched: () => 'Das Zentrum konnte den Job nicht starten: Seine Ausgabedateien ließen sich nicht öffnen. Ist dort die Platte voll oder das Kontingent erschöpft, schaffen Sie Platz, oder bitten Sie um mehr.',
  site_too_small: () => 'Das Zentrum wurde für den Job zu klein, während er wartete; er wurde nie gestartet. Verlangen Sie weniger Kerne oder Speicher, oder wählen Sie einen anderen Cluster.',
  preempted: () => 'Das Zentrum gab die Knoten des Jobs an dringendere Arbeit.',
  requeued: () => 'Das Zentrum stellte den Job in seine Warteschlange zurück.',
  cancelled: () => 'Abgebrochen, wie verlangt.',
  cancelled_by_site: () => 'Jemand am Zentrum brach den Job ab.',
  outcome_unknown: () => 'Das Zentrum kennt den Job nicht mehr, und was er hinterlassen sollte, fehlt: Niemand kann sagen, wie er endete.',
  lost_by_site: () => 'Das Zentrum nahm den Job aus seiner Warteschlange, bevor er begann, und sagt nicht, warum.',
  never_started: () => `Der Job begann nie: Ein anderer Versuch war ihm zuvorgekommen. ${AGAIN}`,
  restarted_by_site: () => 'Das Zentrum startete den Job ein zweites Mal; sein Schritt erlaubt nicht, dass er zweimal läuft.',
  no_room: () => 'Der Ordner des Jobs nahm keine Daten mehr auf: Die Platte des Zentrums ist voll, oder das Kontingent ist erschöpft. Schaffen Sie dort Platz, oder bitten Sie um mehr; dann noch einmal.',
  killed_by_signal: ({ exit_code: code }) => (count(code) > 128 ? `Das Programm wurde durch Signal ${count(code) - 128} beendet.` : 'Das Programm wurde durch ein Signal beendet.'),
  program_failed: (facts) => (exitOf(facts) ? `Das Programm endete mit dem Rückgabewert ${exitOf(facts)}.` : undefined),
  finished: () => 'Fertig.',
  queued: ({ cluster, reason }) => `Wartet auf ${text(cluster)}. ${waits(text(reason))}`.trim(),
  staging: ({ cluster }) => `Seine Eingaben gehen an ${text(cluster)}.`,
  resuming: ({ cluster }) => `Sein Zwischenstand geht an den neuen Versuch auf ${text(cluster)}.`,
  submitting: ({ cluster }) => `Wird an ${text(cluster)} übergeben.`,
  collecting: (facts, f) => `Das Zentrum meldet sein Ende; was er hinterließ, wird geholt${quote(facts, f) || '.'}`,
  cancelling: () => 'Wird abgebrochen; das Zentrum hat das Ende noch nicht gemeldet.',
  forgotten: () => 'Das Zentrum kennt den Job nicht mehr; gesucht wird, was er hinterließ.',
  in_doubt: () => 'Das Zentrum nahm den Auftrag an und kennt ihn nicht mehr; geklärt wird, ob er begann.',
  no_line: ({ cluster }) => `Auf ${text(cluster)} kann sich jetzt niemand anmelden: Dort fehlt ein Konto.`,
  NEEDS_BUDGET: unpaid,
  running: () => 'Läuft.',
  placing: () => 'Sucht einen Platz.',
  restarted: () => 'Läuft wieder, sobald sein Schritt es tut.',
  retrying: () => 'Der letzte Versuch misslang; er wird wiederholt.',
  moving: () => 'Zieht auf einen anderen Cluster um.',
  ordering_again: () => 'Wird neu beauftragt.',
  site_full: (facts) => saying(facts, 'Das Zentrum nimmt jetzt keine weiteren Jobs dieses Kontos; der Auftrag wartet, bis wieder Platz ist.'),
  stage_in_waits: (facts, f) => `Seine Eingaben sind unterwegs zu ${text(facts.cluster)}; das Zentrum nimmt sie gerade nicht an${quote(facts, f) || '.'}`,
  stage_in_failed: (facts, f) => `Seine Eingaben ließen sich nicht zum Zentrum bringen${quote(facts, f) || after(facts)}`,
  stage_out_failed: (facts, f) => `Er lief gut, aber seine Ergebnisse ließen sich nicht holen${quote(facts, f) || after(facts)}`,
  output_missing: (facts) => (after(facts) === '.' ? undefined : `Das Programm endete gut, schrieb aber nicht, was der Workflow von ihm verlangt${after(facts)}`),
  refused_by_site: (facts) => saying(facts, 'Das Zentrum hat den Auftrag abgelehnt.'),
  no_cluster: () => 'Jetzt kann ihn kein Cluster nehmen; er wartet, bis das anders ist.',
};

/** Why a step did not finish, by its state; `CANCELED_BEFORE`: before it began. */
export const steps: Sayings = {
  SKIPPED: () => 'Ein Schritt, den er braucht, wurde nicht fertig.',
  CANCELED: () => 'Abgebrochen.',
  CANCELED_BEFORE: () => 'Abgebrochen, bevor er begann.',
};
