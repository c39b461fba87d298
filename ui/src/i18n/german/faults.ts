/** What is wrong at one field of what was sent; it stands behind the name of the field. */
import { plural } from '@/i18n';
import { count, list, text } from '../facts';
import type { Facts, Formats, Sayings } from '../said';
import { bundles, resource } from './bundles';

const TYPES: Record<string, string> = { string: 'ein Text', integer: 'eine ganze Zahl', number: 'eine Zahl', boolean: 'ja oder nein', array: 'eine Liste', object: 'eine Gruppe von Angaben', null: 'leer' };
const FORMATS: Record<string, string> = { date: 'ein Datum wie 2026-11-30', email: 'eine E-Mail-Adresse', ipv4: 'eine IPv4-Adresse', ipv6: 'eine IPv6-Adresse', uuid: 'eine UUID' };
const figure = (value: unknown, f: Formats): string => (typeof value === 'number' ? f.number(value, 9) : text(value));

function bound(facts: Facts, f: Formats): string | undefined {
  if (facts.least !== undefined) return `muss mindestens ${figure(facts.least, f)} sein`;
  if (facts.above !== undefined) return `muss größer als ${figure(facts.above, f)} sein`;
  if (facts.most !== undefined) return `darf höchstens ${figure(facts.most, f)} sein`;
  if (facts.below !== undefined) return `muss kleiner als ${figure(facts.below, f)} sein`;
  return facts.digits === undefined ? undefined : `darf höchstens ${text(facts.digits)} Ziffern haben`;
}

function oneOf({ allowed, expected }: Facts): string | undefined {
  const words = Array.isArray(allowed) ? list(allowed).map((one) => (typeof one === 'boolean' ? (one ? 'ja' : 'nein') : text(one))).join(', ') : text(expected).replaceAll("'", '').replace(/ or /, ' oder ');
  return words ? `muss eines davon sein: ${words}` : undefined;
}

const size = (value: unknown, one: string, many: string): string => `${text(value)} ${plural(count(value), one, many)}`;

/** What a reader of YAML says, in its own English. */
const YAML: [RegExp, string][] = [
  [/tab character|cannot start any token/, 'hier steht ein Zeichen, das dort nicht stehen darf, etwa ein Tabulator; rücken Sie mit Leerzeichen ein'],
  [/quoted scalar.*unexpected end/, 'ein Anführungszeichen wird nicht geschlossen'],
  [/unexpected end of stream|expected the node content/, 'die Datei endet mitten in einer Angabe'],
  [/flow (node|sequence|mapping)|expected ',' or/, 'eine Klammer [ oder { wird nicht geschlossen, oder zwischen ihren Angaben fehlt ein Komma'],
  [/mapping values are not allowed/, 'hier steht ein Doppelpunkt zu viel; setzen Sie den Text in Anführungszeichen, oder rücken Sie die Zeile richtig ein'],
  [/could not find expected ':'/, 'nach dem Schlüssel fehlt ein Doppelpunkt'],
  [/block (mapping|collection|end)|expected key|block sequence/, 'die Zeile ist anders eingerückt als die, zu denen sie gehört'],
];
function noYaml({ said }: Facts): string {
  const known = YAML.find(([pattern]) => pattern.test(text(said)))?.[1];
  return `das ist kein YAML${known || text(said) ? `: ${known ?? text(said)}` : ''}`;
}

/** A pattern of names in words; any other as it is. */
function patternSaid({ pattern }: Facts): string {
  const [, marks, more] = /^\^\[a-z\]\[a-z0-9([._-]+)\]\{0,(\d+)\}\$$/.exec(text(pattern)) ?? [];
  return more === undefined ? `passt nicht zum Muster ${text(pattern)}` : `muss mit einem Kleinbuchstaben beginnen; danach höchstens ${more} Kleinbuchstaben, Ziffern und ${[...(marks ?? '')].join(' ')}`;
}

export const faults: Sayings = {
  missing: () => 'fehlt',
  missing_key: ({ key }) => `„${text(key)}“ fehlt`,
  unknown_key: ({ key, known }) => `„${text(key)}“ ist kein bekannter Schlüssel; bekannt: ${text(known)}`,
  key_twice: ({ key, first }) => `der Schlüssel „${text(key)}“ steht zweimal da, zuerst in Zeile ${text(first)}`,
  unfit_name: ({ key, pattern }) => `„${text(key)}“ ist kein Name, der zu ${text(pattern)} passt`,
  unknown_format: ({ format }) => `das Format ${text(format)} ist nicht bekannt; gelesen wird „heroes: 1“`,
  no_mapping: () => 'die Datei beginnt mit „heroes: 1“ und besteht aus Schlüsseln und Werten',
  bundled_link: ({ link }) => `„${text(link)}“ ist ein Verweis; es werden nur Dateien aufgenommen`,
  long_file: ({ most }, f) => `die Datei ist zu lang; gelesen werden höchstens ${f.number(Number(text(most)))} Zeichen`,
  second_document: () => 'hier beginnt ein zweites Dokument; es darf nur eines sein',
  no_yaml: noYaml,
  no_text: () => 'hier steht ein Zeichen, das YAML nicht erlaubt',
  anchors: () => 'Anker und Verweise (&, *) werden nicht gelesen; schreiben Sie den Wert aus',
  tags: ({ tag }) => `Typangaben (${text(tag)}) werden nicht gelesen; schreiben Sie den bloßen Wert`,
  too_deep: ({ most }) => `tiefer als ${text(most)} Ebenen verschachtelt`,
  plain_key: () => 'ein Schlüssel muss bloßer Text sein',
  merge_keys: () => 'Verschmelzungen (<<) werden nicht gelesen; schreiben Sie die Schlüssel aus',
  unknown: ({ known }) => (list(known).length > 0 ? `ist nicht bekannt; bekannt sind: ${text(known)}` : 'ist nicht bekannt'),
  wrong_type: ({ expected }) => {
    const words = (Array.isArray(expected) ? list(expected) : [expected]).map((one) => TYPES[text(one)] ?? text(one)).join(' oder ');
    return words ? `muss ${words} sein` : undefined;
  },
  too_small: bound,
  too_large: bound,
  too_short: ({ least }) => `braucht mindestens ${size(least, 'Zeichen', 'Zeichen')}`,
  too_long: ({ most }) => `darf höchstens ${size(most, 'Zeichen', 'Zeichen')} haben`,
  too_few: ({ least }) => `braucht mindestens ${size(least, 'Eintrag', 'Einträge')}`,
  too_many: ({ most }) => `darf höchstens ${size(most, 'Eintrag', 'Einträge')} haben`,
  too_precise: ({ most }) => `darf höchstens ${size(most, 'Stelle', 'Stellen')} nach dem Komma haben`,
  not_one_of: oneOf,
  not_unique: () => 'enthält etwas doppelt',
  no_multiple: ({ of }, f) => `muss ein Vielfaches von ${figure(of, f)} sein`,
  pattern: patternSaid,
  no_format: ({ format }) => `muss ${FORMATS[text(format)] ?? `von der Form „${text(format)}“`} sein`,
  not_a_time: () => 'ist kein Zeitpunkt',
  not_json: () => 'ist kein JSON',
  unfit: ({ rule }) => `passt nicht zur Regel ${text(rule)}`,
  no_reference: ({ given }) => `„${text(given)}“ benennt keine Daten; schreiben Sie bucket:pfad, etwa home:fluegel/a.dat`,
  folder: ({ reference }) => `${text(reference)} ist ein Ordner; hier braucht es eine Datei`,
  no_object: ({ reference }) => (text(reference) ? `${text(reference)} gibt es nicht, oder Sie dürfen es nicht sehen` : undefined),
  no_bucket: ({ reference }) => (text(reference) ? `den Bucket von ${text(reference)} gibt es nicht, oder Sie dürfen ihn nicht sehen` : undefined),
  empty_folder: ({ reference }) => (text(reference) ? `der Ordner ${text(reference)} ist leer` : undefined),
  not_your_project: ({ given }) => `in ${text(given)} dürfen Sie keine Workflows starten`,
  which_project: ({ projects }) => `Sie sind in mehreren Projekten; sagen Sie, welches bezahlt: ${text(projects)}`,
  no_project_of_yours: () => 'Sie dürfen in keinem Projekt Workflows starten; bitten Sie eine Projektverwaltung, Sie aufzunehmen',
  no_quantity: ({ given }) => `${text(given)} ist keine Menge Speicher; schreiben Sie etwa 512 MiB, 4 GiB oder 4 GB`,
  no_walltime: ({ given }) => `${text(given)} ist keine Zeit; schreiben Sie 00:05:00 (h:min:s), 1-00:00:00, 300 oder 5 min`,
  uneven_cores: ({ cores, tasks }) => `${text(cores)} Kerne lassen sich nicht gleichmäßig auf ${text(tasks)} Prozesse verteilen; verlangen Sie ein Vielfaches von ${text(tasks)}`,
  idle_nodes: ({ tasks, nodes }) => `${text(tasks)} Prozesse lassen einige von ${text(nodes)} Knoten leer; verlangen Sie höchstens ${text(tasks)} Knoten`,
  not_whole: ({ name, given }) => `${resource(name)}: ${text(given)} ist keine ganze Zahl`,
  resource_too_small: ({ name, least }) => `${resource(name)}: mindestens ${text(least)}`,
  resource_too_large: ({ name }) => `${resource(name)}: zu viel`,
  no_list: ({ step }) => `worüber Schritt ${text(step)} läuft, ist keine Liste`,
  too_many_items: ({ step, items, most }) => `worüber Schritt ${text(step)} läuft, hat ${text(items)} Einträge, mehr als ${text(most)}`,
  no_step: ({ step, known }) => `den Schritt ${text(step)} gibt es nicht; es gibt: ${text(known)}`,
  needs_deadline: () => 'diese Regel braucht eine Frist',
  deadline_alone: () => 'eine Frist geht nur mit der Regel „Bis zu einer Frist“',
  deadline_of_each: () => 'jeder Lauf nennt seine eigene Frist',
  weights_of_weighted: () => 'nur die Regel „Ausgewogen“ hat Gewichte',
  no_criterion: ({ unknown, known }) => `${text(unknown)} ist kein Kriterium; es gibt ${text(known)}`,
  negative_weight: () => 'Gewichte sind Zahlen von 0 an',
  no_weight: () => 'mindestens ein Gewicht muss größer als 0 sein',
  not_installed: ({ missing, there }) => `${text(missing)} ist hier nicht installiert; es gibt: ${text(there)}`,
  policy_fixed: () => 'legt Ihre Organisation fest',
  budget_owner: () => 'nennen Sie beim Budget eines Projekts das Projekt, bei dem einer Person die Person, sonst keines von beiden',
  ends_before_begin: () => 'ein Budget endet, nachdem es beginnt',
  needs_node_power: () => 'ein Preis für Energie braucht die höchste Leistung eines Knotens in Watt',
  in_the_past: () => 'begonnene Jobs behalten ihren Preis; wählen Sie jetzt oder später',
  too_uniform: () => 'nehmen Sie mindestens fünf verschiedene Zeichen',
  same_password: () => 'nehmen Sie ein anderes als das jetzige',
  holds_user_name: () => 'Ihr Benutzername darf nicht darin stehen',
  no_network: ({ given }) => `${text(given)} ist kein Netz; schreiben Sie etwa 192.0.2.0/24`,
  locks_out: ({ address }) => `Ihre eigene Adresse ${text(address)} steht nicht in der Liste; Sie würden sich aussperren`,
  no_redirect: () => 'eine https-Adresse ohne # und *, oder http auf 127.0.0.1',
  account_or_redirects: () => 'nennen Sie ein Dienstkonto, oder Adressen, an die Menschen weitergeleitet werden',
  needs_secret: () => 'ein Programm, das selbst handelt, braucht ein Geheimnis',
  same_user: () => 'ist dieselbe Person',
  heir_or_delete: () => 'wer Daten übergibt, nennt, an wen',
  role_of_whole: ({ role }) => `die Rolle ${text(role)} gilt in der ganzen Organisation, nicht in einem Projekt`,
  no_role: ({ role }) => `die Rolle ${text(role)} gibt es in Ihrer Organisation nicht`,
  no_user_name: () => 'ein Benutzername am Zentrum',
  needs_key_token: () => 'braucht das Token eines Schlüsselpaars',
  no_private_key: () => 'kein privater Schlüssel in der Form OpenSSH oder PEM, oder eine falsche Passphrase',
  no_certificate: () => 'kein OpenSSH-Zertifikat (die Datei mit der Endung -cert.pub)',
  cannot_sign: () => 'der Speicher der Geheimnisse signiert für dieses Konto keine Schlüssel',
  cluster_name: () => '1 bis 32 kleine Buchstaben, Ziffern und Bindestriche, ein Buchstabe zuerst',
  no_host: () => 'ein Hostname oder eine Adresse, ohne Benutzer und Port',
  no_host_key: () => 'keine Zeile wie: ssh-ed25519 AAAA…',
  no_job_root: () => 'ein absoluter Pfad, oder einer unter ~, $HOME, $SCRATCH oder $WORK',
  needs_absolute_root: () => 'ein absoluter Pfad: FirecREST nennt keinen Heimatordner',
  needs_jump_key: () => 'den Schlüssel des Sprungrechners muss man angeben: Später kann ihn niemand bestätigen',
  needs_api: () => 'FirecREST braucht die Adresse seiner Schnittstelle, die seines Anmeldedienstes und das System',
  no_https: () => 'eine ganze Adresse, die mit https:// beginnt, ohne Benutzer und Passwort',
  password_for_http: () => 'über HTTP braucht es ein Passwort: das Geheimnis des Clients, oder das Passwort des Benutzers',
  no_jump_by_http: () => 'was über HTTP erreicht wird, hat keinen Sprungrechner und keinen Host-Schlüssel',
  needs_consent: () => 'sagen Sie, wer von beiden Organisationen wann zugestimmt hat',
  other_fingerprint: ({ shown }) => `das Zentrum zeigt ${text(shown)}`,
  no_address: () => 'das ist keine Adresse',
  no_whole_address: () => 'geben Sie eine ganze Adresse an, die mit https:// oder http:// beginnt',
  address_with_user: () => 'eine Adresse enthält weder Benutzer noch Passwort; Sendungen werden dafür signiert',
  no_plain_address: () => 'geben Sie eine einfache Adresse an, ohne #, Sonderzeichen kodiert',
  no_event_type: () => 'schreiben Sie eine Art wie job.ended, eine Familie wie job.*, oder *',
  unfit_browser_key: () => 'der Schlüssel des Browsers lässt sich nicht benutzen',
  whom_or_everyone: () => 'wird gebraucht, außer für alle',
  given_twice: () => 'ist doppelt angegeben',
  unfit_metadata: ({ name }) => `${text(name)} lässt sich nicht lesen`,
  no_digest: () => 'die Prüfsumme ist kein base64; senden Sie sha-256=:…:',
  other_checksum: () => 'was ankam, hat eine andere Prüfsumme als angekündigt',
  bucket_name: () => '1 bis 128 Buchstaben, Ziffern und . _ @ + -, zuerst ein Buchstabe oder eine Ziffer; „home“ ist vergeben',
  path_not_unicode: () => 'ein Pfad muss gültiges Unicode sein',
  path_with_nul: () => 'ein Pfad enthält kein NUL-Zeichen',
  path_with_dots: () => 'ein Pfad enthält kein „.“ und kein „..“; schreiben Sie ihn aus',
  name_too_long: ({ most }) => `ein Name hat höchstens ${text(most)} Bytes; kürzen Sie ihn`,
  path_too_long: ({ most }) => `ein Pfad hat höchstens ${text(most)} Bytes; kürzen Sie ihn`,
  no_name: () => 'nennen Sie eine Datei oder einen Ordner im Bucket',
  outside_folder: () => 'führt aus dem Ordner des Jobs hinaus',
  below_file: () => 'liegt unter etwas, das kein Ordner ist',
  into_itself: () => 'ein Ordner lässt sich nicht in sich selbst verschieben; wählen Sie einen anderen Ort',
  bundle_too_large: ({ files, bytes }, f) => `ein Workflow hat höchstens ${text(files)} Dateien und zusammen ${f.bytes(count(bytes))}`,
  clash: ({ first, second }) => `${text(first)} und ${text(second)} können nicht beide da sein`,
  twice: () => 'steht zweimal im Archiv',
  no_file: () => 'ist ein Link oder Gerät; ein Workflow enthält nur Dateien',
  ...bundles,
  unfit_default: ({ why }, f) => {
    const { code, facts, message } = why as { code: string; facts: Facts; message: string };
    return `die Vorgabe passt nicht zum eigenen Schema: ${faults[code]?.(facts, f) ?? message}`;
  },
};
