/** Why it is not known how much energy a run took. */
import { count } from '../facts';
import type { Facts, Saying, Sayings } from '../said';

/** How many jobs were measured after all, where some were. */
function counted(say: Saying): Saying {
  return (facts, f) => {
    const said = say(facts, f);
    return said !== undefined && count(facts.measured) > 0 ? `${f.number(count(facts.measured))} von ${f.number(count(facts.started))} Jobs wurden gemessen. ${said}` : said;
  };
}

const known = (facts: Facts, ...names: string[]): boolean => names.every((name) => !Number.isNaN(count(facts[name])));

export const energy: Sayings = {
  nothing_ran: () => 'Es ist noch nichts gelaufen.',
  not_accounted: counted(() => 'Die Abrechnung des Zentrums hat nicht gesagt, was der Job verbraucht hat.'),
  no_counters: counted(() => 'Die Energiezähler dieses Rechners lassen sich nicht lesen.'),
  machine_shared: counted(() => 'Der Zähler (RAPL) misst den ganzen Rechner, und währenddessen liefen auch andere Jobs.'),
  none_accounted: counted(() => 'Die Abrechnung des Zentrums nennt für diesen Job keine Energie.'),
  below_resolution: counted((facts, f) => (known(facts, 'ran_s', 'every_s') ? `Zu kurz für den Zähler: Es lief ${f.duration(count(facts.ran_s))}, und er wird alle ${f.duration(count(facts.every_s))} gelesen.` : undefined)),
  counted_nothing: counted(() => 'Zu wenig für den Zähler: Er hat nichts gezählt.'),
};
