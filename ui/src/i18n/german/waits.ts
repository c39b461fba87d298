/** Why a job waits at its site, by the scheduler's own word. */
const SLURM: Record<string, string> = {
  None: 'Der Scheduler hat ihn noch nicht angesehen.',
  Resources: 'Er ist der Nächste und wartet auf freie Knoten.',
  Priority: 'Jobs mit höherem Vorrang sind vor ihm.',
  Dependency: 'Er wartet auf einen anderen Job.',
  DependencyNeverSatisfied: 'Er wartet auf einen Job, der nicht mehr enden kann, wie er müsste; brechen Sie ihn ab.',
  BeginTime: 'Er darf erst zu einer bestimmten Zeit beginnen.',
  JobHeldUser: 'Er wurde von seinem Benutzer angehalten; geben Sie ihn am Zentrum frei, oder brechen Sie ihn ab.',
  JobHeldAdmin: 'Das Zentrum hält ihn an; fragen Sie dort nach.',
  'launch failed requeued held': 'Er ließ sich nicht starten und ist angehalten; fragen Sie das Zentrum.',
  JobArrayTaskLimit: 'Von seinem Feld laufen schon so viele, wie gleichzeitig dürfen.',
  PartitionTimeLimit: 'Er verlangt mehr Zeit, als die Warteschlange erlaubt, und wird nie beginnen.',
  PartitionNodeLimit: 'Er verlangt mehr Knoten, als die Warteschlange hat oder erlaubt, und wird nie beginnen.',
  PartitionConfig: 'Er verlangt mehr, als die Warteschlange hat, und wird nicht beginnen.',
  PartitionDown: 'Das Zentrum hat diese Warteschlange angehalten: Er beginnt, wenn sie wieder öffnet. Brechen Sie ihn ab, um eine andere zu wählen.',
  PartitionInactive: 'Das Zentrum hat diese Warteschlange geschlossen: Er beginnt, wenn sie wieder öffnet. Brechen Sie ihn ab, um eine andere zu wählen.',
  BadConstraints: 'Kein Knoten hat, was er verlangt; er wird nie beginnen.',
  NodeDown: 'Ein Knoten, den er braucht, ist ausgefallen.',
  ReqNodeNotAvail: 'Ein Knoten, den er braucht, ist ausgefallen, gesperrt oder reserviert.',
  Reservation: 'Er wartet auf seine Reservierung.',
  Licenses: 'Er wartet auf eine Softwarelizenz.',
  InvalidAccount: 'Das Konto gilt nicht mehr; wählen Sie ein anderes.',
  InvalidQOS: 'Das Konto darf diese Dienstgüte (QOS) nicht benutzen.',
  Cleaning: 'Sein voriger Lauf wird noch aufgeräumt.',
  Prolog: 'Die Knoten werden vorbereitet.',
  JobLaunchFailure: 'Er ließ sich auf seinen Knoten nicht starten; fragen Sie das Zentrum.',
  SystemFailure: 'Dateisystem, Netz oder Scheduler des Zentrums versagten unter ihm.',
  NonZeroExitCode: 'Sein voriger Lauf endete mit einem Fehler, und er ist angehalten.',
  ReservationDeleted: 'Seine Reservierung wurde entfernt; fragen Sie das Zentrum, oder brechen Sie ihn ab.',
  DeadLine: 'Er kann nicht vor seiner Frist enden und wird nicht beginnen.',
  AccountNotAllowed: 'Das Konto darf diese Warteschlange nicht benutzen; wählen Sie eine andere.',
  QOSNotAllowed: 'Diese Dienstgüte (QOS) darf in dieser Warteschlange nicht benutzt werden.',
  NodeNotAvail: 'Ein Knoten, den er braucht, ist ausgefallen, gesperrt oder reserviert.',
  NodesNotAvail: 'Knoten, die er braucht, sind ausgefallen, gesperrt oder reserviert.',
  BurstBufferResources: 'Er wartet auf Platz im schnellen Speicher.',
  'user env retrieval failed requeued held': 'Die Umgebung des Kontos ließ sich nicht lesen, und er ist angehalten.',
};
const OTHERS: [RegExp, string][] = [
  [/can never run/i, 'Er verlangt mehr, als das Zentrum hat, und wird nie beginnen.'],
  [/insufficient amount of resource|not enough|insufficient free/i, 'Er wartet auf Knoten, Speicher oder Kerne.'],
  [/would conflict with reservation/i, 'Er wartet, bis eine Reservierung endet.'],
  [/queue not started|queue.*not.*start/i, 'Die Warteschlange startet jetzt keine Jobs.'],
  [/scheduling.*off|not scheduling/i, 'Das Zentrum startet jetzt keine Jobs.'],
  [/job held|^h?hold|held/i, 'Er ist angehalten; geben Sie ihn am Zentrum frei, fragen Sie dort nach, oder brechen Sie ihn ab.'],
  [/depend/i, 'Er wartet auf einen anderen Job.'],
  [/PerJob|Wall/, 'Er verlangt mehr, als eine Grenze des Kontos erlaubt, und wird nicht beginnen.'],
  [/limit|Max|Grp/, 'Eine Grenze des Kontos ist erreicht; er beginnt, wenn andere Jobs geendet haben.'],
];

/** Nothing where the site says nothing, else a sentence; of a word that is not known, that word. */
export function waits(reason: string): string {
  const word = reason.replace(/^[(\s]+|[)\s]+$/g, '').split(',')[0] ?? '';
  if (!word) return '';
  if (/maintenance/i.test(reason)) return 'Das Zentrum wird bald gewartet: Er würde zu spät enden, um vorher zu beginnen. Er beginnt danach.';
  return SLURM[word] ?? OTHERS.find(([pattern]) => pattern.test(reason))?.[1] ?? `Der Scheduler sagt: ${word}.`;
}
