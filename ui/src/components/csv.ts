/** A table as a file that spreadsheets open. */
export type Cell = string | number | null;

const NUMBER = /^[+-]?\d+(\.\d+)?$/;

/** Text that a spreadsheet would take for a formula is said to be text; an amount below zero stays a number. */
function quoted(cell: Cell): string {
  const text = String(cell ?? '');
  const safe = typeof cell === 'string' && /^[=+\-@\t\r]/.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const csv = (head: string[], rows: Cell[][]): string => [head, ...rows].map((row) => row.map(quoted).join(',')).join('\r\n') + '\r\n';

export function saveCsv(name: string, head: string[], rows: Cell[][]): void {
  const address = URL.createObjectURL(new Blob([csv(head, rows)], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
