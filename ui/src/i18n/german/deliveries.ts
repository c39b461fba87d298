/** Why an event did not reach a webhook, or a notice a browser or a mailbox. */
import { text } from '../facts';
import type { Facts, Formats, Sayings } from '../said';

const because = ({ why }: Facts): string => (text(why) ? `: ${text(why).replace(/\.$/, '')}` : '');

/** The last of several: by its code, else as a text. */
function last(told: unknown, f: Formats): string {
  if (typeof told !== 'object' || told === null) return '';
  const { code, facts, text: english } = told as { code?: string | null; facts?: Facts; text?: string };
  return (code ? deliveries[code]?.(facts ?? {}, f) : undefined) ?? english ?? '';
}

export const deliveries: Sayings = {
  answered: ({ status }) => `Der Empfänger antwortete mit ${text(status)}.`,
  push_answered: ({ status }) => `Der Push-Dienst dieses Browsers antwortete mit ${text(status)}.`,
  receiver_gone: () => 'Der Empfänger sagt, dass es ihn nicht mehr gibt (410).',
  undelivered: (facts, f) => `${text(facts.count)} Ereignisse hintereinander ließen sich nicht zustellen. ${last(facts.last, f)}`.trim(),
  no_answer_within: ({ seconds }) => `Keine Antwort innerhalb von ${text(seconds)} s.`,
  no_url: (facts) => `Das ist keine Adresse${because(facts)}.`,
  no_connection: (facts) => `Keine Verbindung${because(facts)}.`,
  no_answer: (facts) => `Keine Antwort${because(facts)}.`,
  private_address: ({ host, address, setting }) => `${text(host)} führt zu ${text(address)}, einer Adresse in einem privaten Netz. Geben Sie eine öffentliche an, oder bitten Sie den Betrieb der Plattform, private zu erlauben (${text(setting)}).`,
  no_mail_server: () => 'Es gibt keinen Mailserver (HEROES_SMTP_URL).',
  no_mail_address: () => 'Diese Person hat keine E-Mail-Adresse.',
  execution_gone: () => 'Die Ausführung gibt es nicht mehr.',
  mail_server_lacks: ({ host, said }) => `Der Mailserver ${text(host)} kann nicht, was seine Adresse verlangt: ${text(said)}`,
  mail_server_silent: ({ host, said }) => `Der Mailserver ${text(host)} antwortet nicht: ${text(said)}`,
  mail_server_answered: ({ status, said }) => `Der Mailserver antwortete ${text(status)} ${text(said)}`,
  host_without_address: ({ host }) => `${text(host)} hat keine Adresse.`,
};
