/** Lucide's drawings (ISC) at the look's size and stroke; always beside a word, so hidden from readers of the screen. */
import type { LucideIcon } from 'lucide-react';

export function Icon({ of: Drawn }: { of: LucideIcon }) {
  return <Drawn className="i" size={16} strokeWidth={1.6} aria-hidden="true" />;
}
