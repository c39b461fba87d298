/** How sure a prediction is: three bars, a word, the number, and from how many runs. */
import { useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import type { Sure } from './RangeBar';
import { Glyph } from './Status';
import { words } from './words';

export function sureOf(confidence: string): Sure | 'none' {
  if (confidence === 'high') return 'high';
  if (confidence === 'medium') return 'fair';
  return confidence === 'low' ? 'low' : 'none';
}

export function Confidence({ sure, accuracy, runs }: { sure: Sure | 'none'; accuracy: number | null; runs: number }) {
  const w = useWords(words);
  const f = useFormats();
  const filled = { high: 3, fair: 2, low: 1, none: 0 }[sure];
  const low = sure === 'low' || sure === 'none';
  return (
    <>
      <span className={low ? 'row cfr warn' : 'row cfr'}>
        {low ? (
          <Glyph name="warn" />
        ) : (
          <span className="conf" aria-hidden="true">
            {[1, 2, 3].map((bar) => (
              <i key={bar} className={bar <= filled ? 'f' : undefined} />
            ))}
          </span>
        )}
        <b>{w.confidence[sure]}</b> {accuracy !== null && <span className="num">{f.score(accuracy)}</span>}
      </span>
      <span className="xs t3 meta">{w.similar(runs)}</span>
    </>
  );
}
