/** A look into a file: text, table, image; what others drew as SVG only as an image, where nothing in it can run. */
import { useQuery } from '@tanstack/react-query';
import { problemOf } from '@/api/problem';
import { catalogue, useWords } from '@/i18n';
import { useFormats } from '@/i18n/format';
import { Curve } from './Curve';
import { Loaded } from './Loaded';

const words = catalogue(
  { none: 'No preview for this kind of file. Download it.', big: 'Too large for a preview. Download it.', table: (n: string) => `first ${n} rows`, text: 'Content', cut: (size: string) => `The first ${size} of it.` },
  { none: 'Für diese Art von Datei gibt es keine Vorschau. Laden Sie sie herunter.', big: 'Zu groß für eine Vorschau. Laden Sie sie herunter.', table: (n: string) => `erste ${n} Zeilen`, text: 'Inhalt', cut: (size: string) => `Die ersten ${size} davon.` },
);

export type Kind = 'text' | 'csv' | 'image' | 'svg' | 'pdf' | 'none';

const KINDS: Record<string, Kind> = {
  csv: 'csv', tsv: 'csv', png: 'image', jpg: 'image', jpeg: 'image', gif: 'image', webp: 'image', svg: 'svg', pdf: 'pdf',
};
const TEXTS = new Set(['txt', 'log', 'md', 'json', 'yaml', 'yml', 'dat', 'py', 'sh', 'out', 'err', 'xml', 'toml', 'ini', 'cfg', 'html', 'tex', 'c', 'cpp', 'h', 'f90', 'js', 'ts', 'css', 'sbatch']);
const LARGEST = 10_000_000;
const SHOWN = 200_000;
const ROWS = 200;
const DRAWN = 5_000; // rows of a curve

export function kindOf(name: string): Kind {
  const ending = name.includes('.') ? (name.split('.').at(-1) ?? '').toLowerCase() : '';
  return KINDS[ending] ?? (TEXTS.has(ending) || ending === '' ? 'text' : 'none');
}

/** Rows of a table in text; quotes hold commas. */
export function rowsOf(text: string, separator: string, most: number): string[][] {
  const rows: string[][] = [];
  for (const line of text.split(/\r?\n/)) {
    if (rows.length >= most) break;
    if (line === '') continue;
    const cells: string[] = [];
    let cell = '';
    let inside = false;
    for (let at = 0; at < line.length; at += 1) {
      const letter = line[at];
      if (letter === '"' && inside && line[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else if (letter === '"') inside = !inside;
      else if (letter === separator && !inside) {
        cells.push(cell);
        cell = '';
      } else cell += letter;
    }
    rows.push([...cells, cell]);
  }
  return rows;
}

/** Of a text that was cut the lines that are whole. */
const whole = (text: string, size: number): string => (size > SHOWN ? text.slice(0, text.lastIndexOf('\n')) : text);

const figure = (cell: string): boolean => cell !== '' && Number.isFinite(Number(cell));

export function Preview({ name, size, address }: { name: string; size: number; address: string }) {
  const w = useWords(words);
  const kind = kindOf(name);
  if (kind === 'none') return <p className="t3">{w.none}</p>;
  if (size > LARGEST && kind !== 'text' && kind !== 'csv') return <p className="t3">{w.big}</p>;
  if (kind === 'image' || kind === 'svg' || kind === 'pdf') return <Drawn name={name} kind={kind} address={address} />;
  return <Read name={name} kind={kind} size={size} address={address} />;
}

/** An `img` element runs nothing of an SVG; a PDF is shown by the browser in a frame of its own. */
function Drawn({ name, kind, address }: { name: string; kind: Kind; address: string }) {
  const query = useQuery({
    queryKey: ['preview', address],
    queryFn: async ({ signal }) => {
      const type = kind === 'svg' ? 'image/svg+xml' : kind === 'pdf' ? 'application/pdf' : undefined;
      const answer = await fetch(address, { signal });
      if (!answer.ok) throw problemOf(answer.status, await answer.json().catch(() => null));
      const blob = await answer.blob();
      return URL.createObjectURL(type ? new Blob([blob], { type }) : blob);
    },
    staleTime: Infinity,
    gcTime: 60_000,
  });
  return <Loaded query={query}>{(made) => (kind === 'pdf' ? <iframe src={made} title={name} /> : <img src={made} alt={name} />)}</Loaded>;
}

function Read({ name, kind, size, address }: { name: string; kind: Kind; size: number; address: string }) {
  const w = useWords(words);
  const f = useFormats();
  const query = useQuery({
    queryKey: ['preview', address],
    queryFn: async ({ signal }) => {
      const answer = await fetch(address, { signal, headers: size > SHOWN ? { Range: `bytes=0-${SHOWN - 1}` } : {} });
      if (!answer.ok) throw problemOf(answer.status, await answer.json().catch(() => null));
      return answer.text();
    },
    staleTime: Infinity,
  });
  return (
    <Loaded query={query}>
      {(text) => {
        if (kind !== 'csv')
          return (
            <>
              <pre className="log file-text" tabIndex={0} aria-label={name}>
                {text}
              </pre>
              {size > SHOWN && <p className="t3 xs">{w.cut(f.bytes(SHOWN))}</p>}
            </>
          );
        const [head = [], ...all] = rowsOf(whole(text, size), name.endsWith('.tsv') ? '\t' : ',', DRAWN + 1);
        const rows = all.slice(0, ROWS);
        const figures = head.map((_, at) => rows.length > 0 && rows.every((cells) => figure(cells[at] ?? '') || (cells[at] ?? '') === ''));
        return (
          <>
            <Curve head={head} rows={all} />
            <div className="scroll" tabIndex={0} role="group" aria-label={name}>
              <table className="table">
                <thead>
                  <tr>
                    {head.map((cell, at) => (
                      <th key={at} scope="col" className={figures[at] ? 'num' : undefined}>
                        {cell}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {rows.map((cells, at) => (
                    <tr key={at}>
                      {cells.map((cell, n) => (
                        <td key={n} className={figures[n] ? 'num' : undefined}>
                          {figures[n] ? cell.replace(/^-/, '−') : cell}
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
              {rows.length >= ROWS && <p className="t3 xs">{w.table(f.number(ROWS))}</p>}
            </div>
          </>
        );
      }}
    </Loaded>
  );
}
