import { useWords } from '@/i18n';
import { words } from './words';

/** In place of an amount that only who began the run and who keeps the books are told. */
export function Untold() {
  const w = useWords(words);
  return <abbr title={w.notYours}>–</abbr>;
}
