/** What a check of a cluster found, and what cures it. */
import { count, list, text } from '../facts';
import type { Facts, Formats, Sayings } from '../said';

/** Of what is left out the platform's own words stand: a site's answer, or no cure. */
export type Found = { answer?: string; cure?: string };

type Queue = { name?: string; state?: string; free?: number; total?: number; cores?: number; gpus?: number; walltime_s?: number | null };

const cure = (words: string) => (): Found => ({ cure: words });
const absent = (words: string) => (): Found => ({ answer: 'nicht gefunden', cure: words });
const PATH = 'müssen auch in einer nicht interaktiven Shell im PATH stehen';

function queues({ queues: told }: Facts, f: Formats): string | undefined {
  const all = list(told) as Queue[];
  if (all.length === 0) return undefined;
  return all.map((one) => `${one.name}: ${one.state === 'UP' ? 'offen' : `zu (${one.state})`}, ${one.free} von ${one.total} Knoten frei, ${one.cores} Kerne je Knoten, ${one.gpus} GPUs, ${one.walltime_s ? `höchstens ${f.duration(one.walltime_s)}` : 'ohne Zeitgrenze'}`).join('\n');
}

function partly({ closed, down }: Facts): string {
  const said = [text(closed) && `geschlossen: ${text(closed)}`, count(down) > 0 && (count(down) === 1 ? '1 Knoten ist ausgefallen' : `${text(down)} Knoten sind ausgefallen`)].filter(Boolean);
  return `Jobs gehen an das, was bleibt (${said.join('; ')}); fragen Sie das Zentrum, wann der Rest zurückkommt.`;
}

const folder = ({ waited_s: waited, arrived_s: arrived }: Facts): string | undefined => (Number.isNaN(count(waited)) ? undefined : `der Knoten sah die Datei des Anmelderechners nach ${text(waited)} s; seine eigene kam nach ${text(arrived)} s an`);

export const findings: Sayings<Found> = {
  connected: () => ({ answer: 'verbunden; keine Begrüßung' }),
  not_connected: cure('Prüfen Sie Adresse, Port, Sprungrechner, Konto und Schlüssel; der öffentliche Schlüssel muss in authorized_keys des Kontos stehen.'),
  queues: (facts, f) => ({ answer: queues(facts, f) }),
  queues_partly: (facts, f) => ({ answer: queues(facts, f), cure: partly(facts) }),
  queues_closed: (facts, f) => ({ answer: queues(facts, f), cure: 'Bitten Sie das Zentrum, diesem Konto eine Warteschlange zu öffnen, oder warten Sie, bis die Wartung vorbei ist.' }),
  no_queue_visible: () => ({ answer: 'dieses Konto sieht keine Warteschlange', cure: 'Bitten Sie das Zentrum, diesem Konto eine Warteschlange zu öffnen, oder warten Sie, bis die Wartung vorbei ist.' }),
  queues_not_asked: () => ({ answer: 'nicht gefragt: der Scheduler antwortet nicht', cure: 'Das Batch-System muss auch gewöhnlichen Konten antworten.' }),
  queues_untold: cure('Das Batch-System muss auch gewöhnlichen Konten antworten.'),
  sftp_answers: () => ({ answer: 'antwortet' }),
  no_sftp: cure('Bitten Sie das Zentrum, das Subsystem sftp von sshd für dieses Konto einzuschalten; Dateien gehen darüber.'),
  no_slurm: cure(`Die Befehle von Slurm ${PATH} (~/.bashrc oder SetEnv von sshd).`),
  slurm_down: cure('Slurms Controller antwortet nicht; fragen Sie das Zentrum, ob er aus ist.'),
  old_slurm: cure('Dieses Slurm ist älter als 20.11, das älteste, wofür dies gemacht ist.'),
  no_accounting: cure('Ohne Abrechnung kommt der Verbrauch aus den Dateien, die Jobs selbst hinterlassen; Energie bleibt unbekannt. Bitten Sie um slurmdbd.'),
  accounting_silent: cure('Slurms Abrechnung (slurmdbd) antwortet nicht: Das Ende von Jobs lässt sich nicht bestätigen. Bitten Sie das Zentrum, sie neu zu starten.'),
  accounts_untold: cure('Das Zentrum sagt nicht, welche Konten bezahlen dürfen; nennen Sie eines beim Konto.'),
  no_association: cure('Das Konto hat in Slurm keine Zuordnung (abgelaufen oder nie angelegt): Bitten Sie das Zentrum, es in ein Projekt aufzunehmen.'),
  no_pbs: cure(`Die Befehle von PBS ${PATH} (~/.bashrc oder SetEnv von sshd).`),
  pbs_down: cure('Der PBS-Server antwortet nicht; fragen Sie das Zentrum, ob er aus ist.'),
  pbs_stopped: cure('Der PBS-Server startet gerade keine Jobs; fragen Sie das Zentrum, wann er es wieder tut.'),
  no_history: cure('Ohne job_history_enable werden beendete Jobs vergessen; wie sie endeten, sagen dann die Dateien, die sie selbst hinterlassen.'),
  no_gridengine: cure(`Die Befehle von Grid Engine ${PATH}, mit SGE_ROOT und SGE_CELL.`),
  gridengine_down: cure('Der Master von Grid Engine antwortet nicht; fragen Sie das Zentrum, ob er aus ist.'),
  accounting_unreadable: cure('Die Abrechnungsdatei lässt sich hier nicht lesen, also sagt niemand, welche Jobs endeten: Bitten Sie das Zentrum, sie lesbar zu machen.'),
  disk_unknown: cure('Das Dateisystem des Ordners der Jobs lässt sich nicht befragen; gibt es den Pfad?'),
  disk_full: cure('Die Platte ist voll: Entfernen Sie alte Job-Ordner, oder wählen Sie einen anderen Ort für sie.'),
  disk_nearly_full: cure('Die Platte ist fast voll: Große Ergebnisse passen vielleicht nicht. Räumen Sie auf, oder wählen Sie einen anderen Ort.'),
  quota_used_up: cure('Das Kontingent des Kontos ist verbraucht: Entfernen Sie Dateien, oder bitten Sie das Zentrum um mehr.'),
  quota_nearly_used_up: cure('Mehr als neun Zehntel des Kontingents sind verbraucht: Räumen Sie auf, oder bitten Sie um mehr.'),
  no_quota: () => ({ answer: 'kein Befehl quota' }),
  no_modules: () => ({ answer: 'kein Befehl module', cure: 'Es braucht keinen; dann ist nur die Software bekannt, die im gewöhnlichen PATH steht.' }),
  no_clock: cure('`date +%s` des Zentrums gibt keine Zahl.'),
  clock_wrong: ({ off_s: off }) => ({ cure: `Die Uhr des Zentrums geht ${text(off)} s anders als unsere: Der Abrechnung entgehen Jobs. Sie muss durch NTP gestellt werden.` }),
  clock_off: ({ off_s: off }) => ({ cure: `Die Uhr des Zentrums geht ${text(off)} s anders als unsere; bitten Sie das Zentrum, NTP zu benutzen.` }),
  no_root: cure('Der Ordner der Jobs lässt sich nicht anlegen: Wählen Sie einen unter dem Heimat-, Projekt- oder Scratch-Ordner des Kontos.'),
  root_unwritable: cure('Das Konto darf im Ordner der Jobs nicht schreiben: Berichtigen Sie Besitzer und Rechte, oder wählen Sie einen anderen Ordner.'),
  no_links: cure('Das Dateisystem erlaubt keine symbolischen Links; sie verhindern, dass ein Job zweimal startet: Wählen Sie einen anderen Ordner.'),
  links_twice: cure('Auf diesem Dateisystem lässt sich ein Link zweimal anlegen: Ein Job könnte zweimal starten. Wählen Sie einen anderen Ordner.'),
  root_unusable: cure('Im Ordner der Jobs lassen sich Dateien nicht schreiben, umbenennen und entfernen (Platte, Kontingent?).'),
  root_mode_unknown: cure('Die Rechte des Ordners der Jobs lassen sich nicht lesen.'),
  root_open: ({ mode, wanted }) => ({ cure: `Am Zentrum darf jeder die Ordner der Jobs ändern (Rechte ${text(mode)}): chmod ${text(wanted)} für den Ordner.` }),
  root_other_mode: ({ mode, wanted }) => ({ cure: `Der Ordner hat die Rechte ${text(mode)}, vorgesehen sind ${text(wanted)}: Ändern Sie sie mit chmod, oder ändern Sie die Vorgabe.` }),
  tools_missing: ({ missing }) => ({ cure: `Dem Anmelderechner fehlt ${text(missing)}; ohne das lassen sich Jobs nicht vorbereiten.` }),
  node: ({ host, cores, memory_bytes: memory, arch }, f) => ({ answer: `${text(host)}: ${text(cores)} Kerne, ${f.bytes(count(memory))}, ${text(arch)}` }),
  no_software_known: () => ({ answer: 'nichts aus dem Katalog' }),
  probe_waits: ({ minutes, reason }) => ({ answer: `seit ${text(minutes)} Minuten in der Warteschlange${text(reason) ? ` (${text(reason)})` : ''}`, cure: 'Die Warteschlange ist belegt oder angehalten: Prüfen Sie wieder, wenn sie frei ist. Bis dahin ist die Software ihrer Knoten nicht bekannt.' }),
  probe_refused: cure('Die Warteschlange nimmt keine Jobs dieses Kontos: Bitten Sie das Zentrum, es zuzulassen, oder lassen Sie diese Warteschlange weg.'),
  probe_lost: cure('Der Job lief, aber nichts kam an: Der Ordner der Jobs muss auf Anmelderechner und Rechenknoten dasselbe Dateisystem sein.'),
  folder_unseen: () => ({ answer: 'der Knoten sah die Datei des Anmelderechners nie', cure: 'Der Knoten sieht nicht, was auf dem Anmelderechner geschrieben wird: Wählen Sie einen Ordner auf einem gemeinsamen Dateisystem.' }),
  folder_slow: (facts) => ({ answer: folder(facts), cure: 'Das gemeinsame Dateisystem hinkt nach: Auf Ergebnisse wird gewartet, was kurze Jobs langsam macht. Versuchen Sie es mit Scratch.' }),
  folder_seen: (facts) => ({ answer: folder(facts) }),
  no_python: absent('Workflows in Python können in dieser Warteschlange nicht laufen: Bitten Sie um python3 auf den Knoten, oder benutzen Sie einen Container.'),
  old_python: cure('Die Beispiele brauchen Python 3.6 oder neuer: Bitten Sie darum auf den Knoten, oder benutzen Sie einen Container.'),
  no_container_runtime: absent('Workflows mit eigenem Container können hier nicht laufen: Bitten Sie um Apptainer oder Charliecloud auf den Knoten.'),
  no_mpi: absent('Programme auf mehreren Knoten brauchen ein MPI im PATH des Knotens.'),
  gpus_unseen: ({ advertised }) => ({ answer: 'keine', cure: `Die Warteschlange verspricht ${text(advertised)} GPUs je Knoten, der Job sah keine: Bitten Sie das Zentrum, das zu richten.` }),
  no_gpus: () => ({ answer: 'keine' }),
  no_ear: () => ({ answer: 'nicht da; Energie kommt aus der Abrechnung des Zentrums, wo es misst' }),
  ear_library: () => ({ answer: 'da für Programme, die es laden; der Scheduler nimmt keine Energieregel' }),
  ear_full: () => ({ answer: 'Teil des Schedulers: Jobs können eine Energieregel verlangen' }),
};
