/** Light, dark, or as the system is; kept, and applied before the first paint by `theme.js`. */
import { useSyncExternalStore } from 'react';

export type ThemeChoice = 'system' | 'light' | 'dark';

const KEPT = 'heroes.theme';
const listeners = new Set<() => void>();

export function themeChoice(): ThemeChoice {
  const set = document.documentElement.dataset.theme;
  return set === 'light' || set === 'dark' ? set : 'system';
}

export function chooseTheme(choice: ThemeChoice): void {
  if (choice === 'system') {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem(KEPT);
  } else {
    document.documentElement.dataset.theme = choice;
    localStorage.setItem(KEPT, choice);
  }
  for (const tell of listeners) tell();
}

export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore((tell) => {
    listeners.add(tell);
    return () => listeners.delete(tell);
  }, themeChoice);
}
