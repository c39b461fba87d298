/** Why a ranking is in this order. */
import { count, list, text } from '../facts';
import type { Facts, Formats, Saying, Sayings } from '../said';

const CRITERIA: Record<string, string> = { time: 'Zeit bis zum Ergebnis', cost: 'Kosten', energy: 'Energie', carbon: 'CO₂' };
const named = (value: unknown): string[] => list(value).map((one) => CRITERIA[text(one)] ?? text(one).replace(/^plugin:/, ''));
const listed = (words: string[]): string => [words.slice(0, -1).join(', '), words.at(-1)].filter(Boolean).join(' und ');

function judged(lead: string): Saying {
  return (facts: Facts, f: Formats) => {
    if (list(facts.used).length === 0) return undefined;
    const said = [`${lead} zuerst, nach vorhergesagter ${listed(named(facts.used))}.`.replace('vorhergesagter Kosten', 'vorhergesagten Kosten').replace('vorhergesagter CO₂', 'vorhergesagtem CO₂')];
    const left = named(facts.left_out);
    if (left.length > 0) said.push(`Bei keinem vorhergesagt und deshalb weggelassen: ${left.join(', ')}.`);
    if (facts.without_wait) said.push('Das Warten ist nicht bei allen vorhergesagt und bleibt deshalb weg.');
    const guessed = count(facts.guessed);
    if (guessed > 0) said.push(`Bei ${f.number(guessed)} ohne vorhergesagte Kosten steht der Höchstpreis dafür.`);
    const untold = count(facts.untold);
    if (untold > 0) said.push(`${f.number(untold)} ohne Vorhersage ${untold === 1 ? 'folgt' : 'folgen'}, nach Höchstpreis, dann nach freien Knoten.`);
    return said.join(' ');
  };
}

export const orders: Sayings = {
  fastest: judged('Schnellste'),
  cheapest: judged('Billigste'),
  greenest: judged('Grünste'),
  weighted: judged('Nach allen Gewichten Beste'),
  deadline: (facts, f) => {
    const lead = 'Zuerst, was sicher rechtzeitig endet, dann, was es wahrscheinlich tut, dann, wovon nichts bekannt ist, dann das zu Späte; unter Gleichen das Billigste.';
    return Number.isNaN(count(facts.of)) ? lead : `${lead} ${f.number(count(facts.sure))} von ${f.number(count(facts.of))} enden sicher rechtzeitig.`;
  },
  no_prediction: () => 'Was diese Ordnung braucht, ist für keinen Platz vorhergesagt: Dort wurde noch nichts Ähnliches gemessen. So stehen sie nach dem Höchstpreis, dann nach freien Knoten. Die ersten Läufe lehren die Vorhersage.',
  no_candidate: () => 'Kein Cluster kann das jetzt ausführen; bei jedem ausgeschiedenen steht, warum und was abhülfe.',
};
