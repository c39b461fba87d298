/** Why places are discarded and figures missing. */
import { plural } from '@/i18n';
import { count, text } from '../facts';
import type { Facts, Formats, Sayings } from '../said';
import { troubled } from './lines';

export type Told = { reason: string; cure: string };

const told = (reason: string, cure: string): Told => ({ reason, cure });
const needed = (facts: Facts, ...names: string[]): boolean => names.every((name) => facts[name] !== undefined && facts[name] !== null);
const nodes = (n: number, said: string): string => plural(n, '1 Knoten', `${said} Knoten`);
const CHECK = 'Starten Sie die Prüfung des Clusters, oder bitten Sie dessen Verwaltung darum.';
const BINDS = 'Ändern Sie die Eingabe oder Wahl, die ihn bindet.';

/** Without since when: the sentence around it says that. */
const trouble = ({ why, trouble: english }: Facts, f: Formats): string => (why ? troubled({ ...why, since: null }, f) : text(english));
const UNBOUND: Record<string, string> = {
  power: 'Der Tarif berechnet Energie und nennt keine höchste Leistung eines Knotens: Die Kosten hätten keine Grenze.',
  walltime: 'Weder der Job noch die Warteschlange hat eine Zeitgrenze: Die Kosten hätten keine Grenze.',
  moved: 'Der Tarif berechnet bewegte Daten, und wie viele es werden, ist nicht begrenzt.',
};

function missing(what: string) {
  return (facts: Facts): Told | undefined => (needed(facts, 'step', 'missing') ? told(`Schritt ${text(facts.step)} braucht ${what} ${text(facts.missing)}; das fehlt dort.`, 'Wählen Sie einen Cluster, der es hat, oder bitten Sie das Zentrum darum und prüfen Sie den Cluster danach.') : undefined);
}

/** `facts` hold `cluster` and `queue` besides what the platform adds. */
export const discards: Sayings<Told> = {
  paused: (facts) => told(`${text(facts.cluster)} ist angehalten und nimmt keine neuen Jobs an.`, 'Die Verwaltung des Clusters setzt ihn fort.'),
  host_key_changed: (facts) => told(`${text(facts.cluster)} zeigt einen anderen Host-Schlüssel als den bestätigten; seither wird er nicht benutzt.`, 'Die Verwaltung des Clusters vergleicht den neuen Schlüssel mit dem, den das Zentrum veröffentlicht, und bestätigt ihn dann.'),
  enrolling: (facts) => told(`${text(facts.cluster)} wird angemeldet; seine Prüfung ist noch nicht bestanden.`, CHECK),
  not_ready: (facts) => told(`${text(facts.cluster)} ist nicht bereit.`, 'Wählen Sie einen anderen Cluster.'),
  no_account: (facts) => told(`Ihre Organisation hat auf ${text(facts.cluster)} kein Konto.`, 'Ihre Verwaltung fügt auf der Seite des Clusters eines hinzu, oder der Anbieter öffnet Ihnen seines.'),
  stopped: (facts, f) => told(`Das Konto auf ${text(facts.cluster)} ist gestoppt. ${trouble(facts, f)}`.trim(), 'Seine Verwaltung behebt, was der Grund nennt, und prüft den Cluster dann noch einmal.'),
  never_heard: (facts, f) => told(`Von ${text(facts.cluster)} kam noch nie eine Antwort. ${trouble(facts, f)}`.trim(), 'Warten Sie, bis er antwortet; bleibt er stumm, prüft ihn seine Verwaltung.'),
  not_heard_from: (facts, f) => (needed(facts, 'since') ? told(`${text(facts.cluster)} antwortet seit ${f.when(text(facts.since))} nicht. ${trouble(facts, f)}`.trim(), 'Warten Sie, bis er antwortet; bleibt er stumm, prüft ihn seine Verwaltung.') : undefined),
  pinned: (facts) =>
    needed(facts, 'step', 'queue') ? told(`Schritt ${text(facts.step)} ist an die Warteschlange ${text(facts.queue)} gebunden.`, BINDS) : needed(facts, 'step', 'bound') ? told(`Schritt ${text(facts.step)} ist an ${text(facts.bound)} gebunden.`, BINDS) : undefined,
  tied: (facts) => {
    if (!needed(facts, 'step')) return undefined;
    const step = text(facts.step);
    if (facts.no_room) return told(`Wird ${text(facts.cluster)} gewählt, bleibt für Schritt ${step} kein Platz: ${facts.same_as ? `er muss auf demselben Cluster laufen wie ${text(facts.same_as)}` : facts.not_same_as ? `er muss auf einem anderen Cluster laufen als ${text(facts.not_same_as)}` : 'andere Schritte binden ihn'}.`, 'Wählen Sie einen anderen Cluster, besorgen Sie ein weiteres Konto, oder nehmen Sie die Bindung aus dem Workflow.');
    if (facts.same_as) return told(`Schritt ${step} läuft, wo Schritt ${text(facts.same_as)} läuft, und das ist nicht ${text(facts.cluster)}.`, 'Warten Sie, bis der Cluster jenes Schritts ihn nimmt, oder nehmen Sie `same_as` aus dem Workflow.');
    return facts.not_same_as ? told(`Schritt ${step} darf nicht laufen, wo Schritt ${text(facts.not_same_as)} lief, und das war ${text(facts.cluster)}.`, 'Besorgen Sie ein Konto auf einem anderen passenden Cluster, oder nehmen Sie `not_same_as` aus dem Workflow.') : undefined;
  },
  no_queue: (facts) => told(`Von ${text(facts.cluster)} wurde noch keine Warteschlange gesehen.`, CHECK),
  queue_closed: (facts) => told(`Die Warteschlange ${text(facts.queue)} nimmt keine Jobs an.`, 'Warten Sie, bis das Zentrum sie wieder öffnet, oder wählen Sie eine andere.'),
  account_not_admitted: (facts) => (needed(facts, 'account') ? told(`Die Warteschlange ${text(facts.queue)} lässt das Konto ${text(facts.account)} nicht zu.`, `Bitten Sie das Zentrum, es zuzulassen, oder benutzen Sie eines von: ${text(facts.accounts) || 'keines'}.`) : undefined),
  too_many_nodes: (facts, f) => {
    const most = count(facts.allowed ?? facts.there);
    if (!needed(facts, 'step', 'asked') || Number.isNaN(most)) return undefined;
    const asked = `Schritt ${text(facts.step)} verlangt ${nodes(count(facts.asked), f.number(count(facts.asked)))}`;
    return told(facts.allowed === undefined ? `${asked}; die Warteschlange ${text(facts.queue)} hat ${f.number(most)}.` : `${asked}; die Warteschlange ${text(facts.queue)} erlaubt ${f.number(most)} je Job.`, `Verlangen Sie höchstens ${nodes(most, f.number(most))}.`);
  },
  nodes_failed: (facts, f) => (needed(facts, 'step', 'asked', 'down', 'there') ? told(`Schritt ${text(facts.step)} verlangt ${nodes(count(facts.asked), f.number(count(facts.asked)))}; von den ${f.number(count(facts.there))} Knoten von ${text(facts.queue)} sind ${f.number(count(facts.down))} ausgefallen.`, 'Warten Sie, bis das Zentrum sie repariert hat, oder verlangen Sie weniger Knoten.') : undefined),
  too_many_cores: (facts, f) => (needed(facts, 'step', 'asked', 'there') ? told(`Schritt ${text(facts.step)} verlangt ${f.number(count(facts.asked))} Kerne je Knoten; Knoten von ${text(facts.queue)} haben ${f.number(count(facts.there))}.`, `Verlangen Sie höchstens ${f.number(count(facts.there))} Kerne je Knoten, oder mehr Knoten.`) : undefined),
  too_much_memory: (facts, f) => (needed(facts, 'step', 'asked', 'there') ? told(`Schritt ${text(facts.step)} verlangt ${f.bytes(count(facts.asked))} Speicher je Knoten; Knoten von ${text(facts.queue)} haben ${f.bytes(count(facts.there))}.`, `Verlangen Sie höchstens ${f.bytes(count(facts.there))} je Knoten, oder verteilen Sie es auf mehr Knoten.`) : undefined),
  too_few_gpus: (facts, f) => (needed(facts, 'step', 'asked', 'there') ? told(`Schritt ${text(facts.step)} verlangt ${f.number(count(facts.asked))} GPUs je Knoten; Knoten von ${text(facts.queue)} haben ${f.number(count(facts.there))}.`, 'Verlangen Sie weniger GPUs, oder wählen Sie eine Warteschlange mit GPU-Knoten.') : undefined),
  no_walltime: (facts) => (needed(facts, 'step') ? told(`Schritt ${text(facts.step)} nennt keine Zeitgrenze, und ${text(facts.queue)} hat keine: Seine Kosten hätten keine Grenze.`, 'Nennen Sie eine Zeitgrenze.') : undefined),
  walltime_too_long: (facts, f) => (needed(facts, 'step', 'asked_s', 'limit_s') ? told(`Schritt ${text(facts.step)} verlangt ${f.duration(count(facts.asked_s))}; die Warteschlange ${text(facts.queue)} erlaubt ${f.duration(count(facts.limit_s))}.`, `Verlangen Sie höchstens ${f.duration(count(facts.limit_s))}, oder wählen Sie eine Warteschlange mit längerer Grenze.`) : undefined),
  not_checked: (facts) => told(`Was die Knoten von ${text(facts.cluster)} bieten, ist nicht bekannt: Sie wurden nie geprüft.`, CHECK),
  no_software: missing('die Software'),
  no_commands: missing('den Befehl'),
  no_containers: missing('die Container-Laufzeit'),
  no_tariff: (facts) => told(`${text(facts.cluster)} hat keinen Preis.`, 'Der Anbieter veröffentlicht einen; bis dahin kann dort niemandem etwas berechnet werden.'),
  other_currency: (facts) => (needed(facts, 'currency', 'budget') ? told(`Die Preise von ${text(facts.cluster)} sind in ${text(facts.currency)}, Ihr Budget ist in ${text(facts.budget)}.`, `Wählen Sie einen Cluster mit Preisen in ${text(facts.budget)}, oder bitten Sie um ein anderes Budget.`) : undefined),
  unbounded_cost: (facts) => (UNBOUND[text(facts.missing)] ? told(UNBOUND[text(facts.missing)] ?? '', 'Verlangen Sie, was keine Grenze hat, oder bitten Sie den Anbieter, es im Tarif zu begrenzen.') : undefined),
  barred: () => told('Ihre Organisation erlaubt diesen Cluster nicht.', 'Ihre Organisationsverwaltung erlaubt ihn auf der Seite Organisation, Regeln.'),
  no_such_cluster: (facts) => (needed(facts, 'step') ? told(`Schritt ${text(facts.step)} ist an ${text(facts.cluster)} gebunden, und einen solchen Cluster dürfen Sie nicht benutzen.`, BINDS) : undefined),
};

export const unpredicted: Sayings = {
  no_history: () => 'Auf dieser Warteschlange ist davon in Ihrer Organisation noch nichts zu Ende gelaufen.',
  no_similar_run: () => 'Kein früherer Lauf hier glich diesem in Kernen, Eingaben und Parametern.',
  not_measured: () => 'Das Zentrum hat es bei den ähnlichen Läufen nicht gemessen.',
  not_asked: () => 'Danach wurde nicht gefragt.',
  too_few_for_interval: () => 'Zu wenige ähnliche Läufe, um zu sagen, wie genau das ist.',
  beyond_what_was_seen: () => 'Solche Eingaben kamen noch nie vor; niemand weiß, wie genau das ist.',
  time_not_predicted: () => 'Es hängt an der Laufzeit, und die ist nicht bekannt.',
  energy_not_predicted: () => 'Es hängt an der Energie, und die ist nicht bekannt.',
  place_not_known: () => 'Wie viel CO₂ der Strom dort bedeutet, ist nicht bekannt.',
};
