/** The mark: an error bar lying on its side, which is also the H of the name. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M4.5 3.5v17M19.5 3.5v17M4.5 12h15" stroke="var(--text)" strokeWidth="2.4" strokeLinecap="round" />
      <circle cx="13.2" cy="12" r="4" fill="var(--accent)" stroke="var(--canvas)" strokeWidth="1.8" />
    </svg>
  );
}
