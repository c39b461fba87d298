/** A table as a file that spreadsheets open; a cell that begins like a formula is made text. */
export function csv(head: string[], rows: string[][]): string {
  const cell = (text: string) => {
    const safe = /^[=+@\t\r]/.test(text) || /^-[^\d]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

export function saveCsv(name: string, head: string[], rows: string[][]): void {
  const address = URL.createObjectURL(new Blob([csv(head, rows)], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
