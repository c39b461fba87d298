/** Why a cluster is not heard: what its connection or its scheduler said. */
import { list, text } from '../facts';
import type { Facts, Formats, Sayings } from '../said';

/** What an operating system says of a connection, by its number on Linux. */
const CALLS: Record<string, string> = { '-2': 'den Namen kennt niemand', '-3': 'der Name lässt sich gerade nicht auflösen', 101: 'das Netz ist nicht erreichbar', 104: 'die Verbindung wurde getrennt', 110: 'es kam keine Antwort', 111: 'die Verbindung wurde abgewiesen', 113: 'es führt kein Weg dorthin' };
const because = ({ why }: Facts): string => (text(why) ? `: ${text(why).replace(/\.$/, '')}` : '');

/** Whose interface it is, where it has a name of its own. */
const who = (by: unknown): string => (text(by) === 'The UNICORE site' ? 'Das UNICORE-Zentrum' : text(by) === 'The site' ? 'Das Zentrum' : text(by));
const saying = ({ said }: Facts): string => (text(said) ? `: ${text(said).replace(/\.$/, '')}.` : '.');

export const lines: Sayings = {
  host_key_unreadable: (facts) => `Der bestätigte Host-Schlüssel lässt sich nicht lesen${because(facts)}. Fragen Sie den Schlüssel neu ab.`,
  no_host_key_pinned: () => 'Für diesen Cluster ist noch kein Host-Schlüssel bestätigt. Vergleichen Sie den gezeigten Fingerabdruck, und bestätigen Sie ihn.',
  no_host_key_shown: ({ host }) => `${text(host)} hat keinen Host-Schlüssel gezeigt.`,
  no_common_algorithm: ({ host }) => `${text(host)} kennt kein sicheres Verfahren, das auch wir kennen. Sein SSH-Server muss erneuert werden.`,
  account_refused: ({ host, said }) => `${text(host)} weist das Konto ab. Prüfen Sie den Benutzernamen, ob unser öffentlicher Schlüssel in authorized_keys steht, und ob das Konto abgelaufen ist.${text(said) ? ` Der Rechner sagt: ${text(said)}` : ''}`,
  jump_cannot_reach: (facts) => `Der Sprungrechner erreicht ${text(facts.host)} nicht${because(facts)}.`,
  host_silent: ({ host }) => `${text(host)} hat nicht rechtzeitig geantwortet. Läuft der Rechner, und lässt seine Firewall uns hinein?`,
  cannot_be_reached: (facts) => `${text(facts.host)} ist nicht erreichbar${CALLS[text(facts.errno)] ? `: ${CALLS[text(facts.errno)]}` : because(facts)}.`,
  cut: (facts) => `Die Verbindung zu ${text(facts.host)} ist abgebrochen${because(facts)}.`,
  host_key_changed: (facts) => `${text(facts.host) || 'Der Cluster'} zeigt ${text(facts.offered) ? `den Schlüssel ${text(facts.offered)}` : 'einen anderen Schlüssel'}, bestätigt ist ein anderer${list(facts.pinned).length > 0 ? ` (${text(facts.pinned)})` : ''}. Es wurde nichts dorthin gesendet. Fragen Sie das Zentrum, ob es ihn mit Absicht geändert hat, und bestätigen Sie dann den neuen.`,
  host_key_unapproved: ({ host, fingerprint }) => `${text(host)} zeigt den Host-Schlüssel ${text(fingerprint)}. Vergleichen Sie ihn mit dem, den das Zentrum veröffentlicht, und bestätigen Sie ihn dann; es wurde nichts dorthin gesendet.`,
  private_key_unreadable: (facts) => `Der private Schlüssel oder sein Zertifikat lässt sich nicht lesen${because(facts)}. Geben Sie sie neu ein; eine Passphrase geht mit Schlüsseln in der Form PKCS#8 (ssh-keygen -p -m PKCS8).`,
  not_connected_yet: () => 'Die Verbindung dieses Kontos wird gerade aufgebaut.',
  cluster_removed: () => 'Dieser Cluster wurde entfernt.',
  key_revoked: () => 'Der Schlüssel dieses Kontos wurde widerrufen. Geben Sie dem Konto einen anderen.',
  secret_store_gone: () => 'Der Speicher der Geheimnisse antwortet nicht; was ein Geheimnis braucht, wartet.',
  secret_store_sealed: () => 'Der Speicher der Geheimnisse ist versiegelt; bis ihn eine Verwaltung öffnet, wartet, was ein Geheimnis braucht.',
  secret_store_denied: () => 'Der Speicher der Geheimnisse weist die Plattform ab. Prüfen Sie seine AppRole und deren Rechte.',
  no_firecrest: () => 'Dieser Cluster nennt kein FirecREST und kein System dahinter.',
  no_secret: () => 'Dieses Konto hat kein Geheimnis. Geben Sie es als sein Passwort ein.',
  no_commands: () => 'Dieses Zentrum führt Befehle nur in Jobs aus.',
  root_variable_unset: ({ name }) => `Das Zentrum setzt $${text(name)} nicht: Geben Sie den Ordner der Jobs als absoluten Pfad an.`,
  root_not_absolute: ({ root }) => `Der Ordner der Jobs ${text(root)} ist kein absoluter Pfad: Schreiben Sie /pfad, ~/pfad oder $SCRATCH/pfad.`,
  no_data_folder: () => 'Der Datenordner dieses Rechners ist hier nicht bekannt.',
  no_key: () => 'Dieses Konto hat weder Schlüssel noch Passwort. Geben Sie ihm eines.',
  no_address: () => 'Dieser Cluster hat keine Adresse. Geben Sie seinen Host an.',
  token_service_silent: (facts) => `Der Anmeldedienst des Zentrums antwortet nicht${because(facts)}.`,
  token_service_garbled: () => 'Der Anmeldedienst des Zentrums antwortete nicht mit JSON.',
  no_token: ({ client }) => `Der Anmeldedienst des Zentrums gibt dem Client ${text(client)} kein Token. Prüfen Sie Kennung und Geheimnis, und ob er „client credentials“ benutzen darf.`,
  account_unmapped: () => 'UNICORE kennt dieses Konto nicht; bitten Sie das Zentrum, es einem Benutzer zuzuordnen.',
  queues_untold: (facts) => `Der Scheduler nennt seine Warteschlangen nicht${because(facts)}.`,
  sent_elsewhere: ({ by }) => `${who(by)} schickt uns an eine andere Adresse.`,
  interface_silent: (facts) => `${who(facts.by)} antwortet nicht${because(facts)}.`,
  credentials_refused: ({ by }) => `${who(by)} nimmt unsere Anmeldung nicht an. Prüfen Sie Kennung und Geheimnis des Kontos.`,
  interface_away: (facts) => `${who(facts.by)} antwortete mit ${text(facts.answered)}${saying(facts)}`,
  no_json: ({ by }) => `${who(by)} antwortete mit etwas anderem als einem JSON-Objekt.`,
  jobs_untold: (facts) => `Das Zentrum nennt seine Jobs nicht${saying(facts)}`,
  accounting_silent: (facts) => `Die Abrechnung des Zentrums antwortet nicht${saying(facts)}`,
  parts_untold: (facts) => `Das Zentrum nennt seine Warteschlangen und Knoten nicht${saying(facts)}`,
  systems_untold: (facts) => `Das Zentrum nennt seine Systeme nicht${saying(facts)}`,
  no_system: ({ system, names }) => `Dieses FirecREST hat kein System ${text(system)}; es hat: ${text(names) === 'none' ? 'keines' : text(names)}.`,
  other_scheduler: ({ system, kind }) => `Auf dem System ${text(system)} läuft ${text(kind)}; hinter FirecREST wird nur Slurm unterstützt.`,
  file_too_large: (facts) => `Die Datei ist größer, als dieses Zentrum über seine Schnittstelle bewegt${saying(facts)} Für größere melden Sie den Cluster über SSH an.`,
  site_failed: (facts) => `Das Zentrum konnte es nicht tun${saying(facts)}`,
  site_refused: (facts) => `Das Zentrum lehnte ab${saying(facts)}`,
  command_in_doubt: (facts) => `Ob das Zentrum den Befehl annahm, steht nicht fest${saying(facts)}`,
  no_login_node: (facts) => `Das Zentrum führt für dieses Konto keine Befehle auf seinem Login-Knoten aus${saying(facts)}`,
  command_untold: (facts) => `Das Zentrum sagt nicht, was aus seinem Befehl wurde${saying(facts)}`,
  command_late: ({ command }) => `${text(command)} endete nicht rechtzeitig.`,
  output_unreadable: (facts) => `Die Ausgabe eines Befehls lässt sich nicht lesen${saying(facts)}`,
  large_output: ({ most }, f) => `Ein Befehl antwortete mit mehr als ${f.bytes(Number(text(most)))}.`,
  command_not_run: (facts) => `${text(facts.command)} ließ sich nicht ausführen${saying(facts)}`,
  no_storage: ({ path, mounts }) => `Kein Speicher dieses UNICORE-Zentrums enthält ${text(path)}; es hat: ${text(mounts) === 'none' ? 'keinen' : text(mounts)}. Wählen Sie einen Ordner darunter.`,
  path_refused: (facts) => `Das Zentrum lehnte ${text(facts.path)} ab${saying(facts)}`,
  path_unreachable: (facts) => `${text(facts.path)} ist nicht erreichbar${saying(facts)}`,
  path_exists: ({ path }) => `${text(path)} gibt es schon.`,
  is_link: ({ path }) => `${text(path)} ist ein Verweis, und Verweisen wird hier nicht gefolgt.`,
  not_below: ({ path }) => `${text(path)} liegt nicht unter dem Ordner dieses Clusters.`,
  shell_garbled: () => 'Die Shell des Zentrums antwortete ohne das, wonach gefragt war.',
  no_clock: () => 'Das `date` des Zentrums nennt keine Zeit.',
  not_there: ({ path }) => (text(path) ? `${text(path)} gibt es am Zentrum nicht.` : 'Etwas davon gibt es am Zentrum nicht.'),
  no_room: () => 'Die Platte des Zentrums ist voll, oder das Kontingent des Kontos ist erschöpft. Schaffen Sie dort Platz, oder bitten Sie das Zentrum um mehr; dann geht es von selbst weiter.',
  not_regular: ({ path }) => `${text(path)} ist keine gewöhnliche Datei.`,
  shorter_there: ({ path, size }, f) => `${text(path)} hat dort nur ${f.bytes(Number(text(size)))}; weiter hinten lässt es sich nicht fortsetzen.`,
  unfit_for_firecrest: ({ path }) => `FirecREST kann „${text(path)}“ nicht benennen: Anführungs- oder Steuerzeichen. Benennen Sie es um.`,
  renames_no_folders: () => 'FirecREST benennt keine ganzen Ordner um.',
  no_shell: (facts) => `Die Anmelde-Shell des Kontos führt keine Befehle aus${saying(facts)} Melden Sie sich von Hand an, und sorgen Sie für eine gewöhnliche Shell.`,
  lacks_command: (facts) => `Dem Zentrum fehlt ein Befehl, der dafür gebraucht wird${saying(facts)}`,
  arrived_cut: () => 'Das Archiv der kleinen Dateien kam unvollständig an; es wird noch einmal geholt.',
  damaged: ({ path }) => `„${text(path)}“ kam nicht so an, wie es gesendet wurde; es wird noch einmal gesendet.`,
  damaged_often: ({ path, times }) => `„${text(path)}“ kam nicht so an, wie es gesendet wurde, und das ${text(times)}-mal. Bitten Sie das Zentrum, seine Platten zu prüfen.`,
  content_gone: () => 'Der Inhalt dieser Datei wurde aus dem Speicher entfernt; holen Sie ihn aus einer Sicherung zurück.',
  scheduler_silent: (facts) => `Der Scheduler antwortet nicht${because(facts)}.`,
};

/** `line`: a trouble as an account on a cluster has it. */
export const troubles: Sayings = { line: (trouble, f) => troubled(trouble, f) || undefined };

/** A trouble as a line keeps it: by its code, with since when; else its text. */
export function troubled(trouble: unknown, f: Formats): string {
  if (typeof trouble !== 'object' || trouble === null) return '';
  const { code, facts, since, text: english } = trouble as { code?: string | null; facts?: Facts; since?: string | null; text?: string };
  const said = (code ? lines[code]?.(facts ?? {}, f) : undefined) ?? english ?? '';
  return since ? `Nicht gehört seit ${f.when(since)}. ${said}` : said;
}
