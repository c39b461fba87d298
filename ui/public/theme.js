// Before the first paint: the chosen theme, so that nothing flashes. Without a choice the system decides.
try {
  const chosen = localStorage.getItem('heroes.theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch {
  // no storage: the system decides
}
