/** Why files did not get to a site or from it; beside these, what any connection and any refusal say. */
import { text } from '../facts';
import type { Facts, Formats, Sayings } from '../said';
import { problems } from './problems';

const transfers: Sayings = {
  written_late: ({ path }) => `„${text(path)}“ wurde geändert, nachdem der Job zu Ende war; schreiben Sie nichts mehr nach dem letzten Befehl.`,
  other_kind: ({ path }) => `„${text(path)}“ ist inzwischen etwas anderes (Datei, Ordner oder Verweis); schreiben Sie nichts mehr nach dem letzten Befehl.`,
  never_appeared: () => 'Sie erschienen am Zentrum nie so, wie es die Liste der Ergebnisse des Jobs sagt.',
  outputs_lost: ({ count, shown, why }, f) => `${text(count)} der Ergebnisse ließen sich nicht holen (${text(shown)}). ${transferred(why, f)}`,
};

/** A trouble of a transfer, as it is kept: by its code, else as it was said. */
export function transferred(why: unknown, f: Formats): string {
  if (typeof why !== 'object' || why === null) return '';
  const { code, facts, text: english } = why as { code?: string | null; facts?: Facts; text?: string };
  return (code ? (transfers[code] ?? problems[code])?.(facts ?? {}, f) : undefined) ?? english ?? '';
}
