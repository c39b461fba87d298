/** Plain Markdown of others, shown as text only: headings, lists, code, paragraphs; no HTML, no images, no styles. */
import { Fragment, type ReactNode } from 'react';

type Block = { kind: 'head' | 'code' | 'list' | 'table' | 'text'; lines: string[] };

export function blocks(source: string): Block[] {
  const found: Block[] = [];
  let code: Block | null = null;
  for (const line of source.replace(/\r/g, '').split('\n')) {
    if (line.startsWith('```')) {
      if (!code) found.push((code = { kind: 'code', lines: [] }));
      else code = null;
    } else if (code) code.lines.push(line);
    else if (/^#{1,6} /.test(line)) found.push({ kind: 'head', lines: [line.replace(/^#+ /, '')] });
    else if (line.trim() === '') found.push({ kind: 'text', lines: [] });
    else {
      const kind = /^\s*[-*] /.test(line) ? 'list' : /^\s*\|.*\|\s*$/.test(line) ? 'table' : 'text';
      const last = found.at(-1);
      const plain = kind === 'list' ? line.replace(/^\s*[-*] /, '') : line;
      if (last?.kind === kind && (kind !== 'text' || last.lines.length > 0)) last.lines.push(plain);
      else found.push({ kind, lines: [plain] });
    }
  }
  return found.filter((block) => block.lines.length > 0);
}

function inline(text: string): ReactNode[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*)/).map((piece, at) => {
    if (piece.startsWith('`')) return <code key={at}>{piece.slice(1, -1)}</code>;
    if (piece.startsWith('**')) return <b key={at}>{piece.slice(2, -2)}</b>;
    if (/^\*.+\*$/.test(piece)) return <em key={at}>{piece.slice(1, -1)}</em>;
    return <Fragment key={at}>{piece.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')}</Fragment>;
  });
}

function Table({ lines }: { lines: string[] }) {
  const cells = lines.filter((line) => !/^[\s|:-]+$/.test(line)).map((line) => line.trim().slice(1, -1).split('|'));
  const [head = [], ...rows] = cells;
  return (
    <div className="scroll">
      <table className="table flush">
        <thead>
          <tr>
            {head.map((cell, at) => (
              <th key={at} scope="col">
                {inline(cell.trim())}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, n) => (
                <td key={n}>{inline(cell.trim())}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Prose({ source }: { source: string }) {
  return (
    <div className="readme-text">
      {blocks(source).map((block, at) => {
        if (block.kind === 'head') return <h3 key={at}>{inline(block.lines.join(' '))}</h3>;
        if (block.kind === 'code') return <pre key={at} tabIndex={0}>{block.lines.join('\n')}</pre>;
        if (block.kind === 'table') return <Table key={at} lines={block.lines} />;
        if (block.kind === 'list')
          return (
            <ul key={at}>
              {block.lines.map((line, n) => (
                <li key={n}>{inline(line)}</li>
              ))}
            </ul>
          );
        return <p key={at}>{inline(block.lines.join(' '))}</p>;
      })}
    </div>
  );
}
