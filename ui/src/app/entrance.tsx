import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { SignInPage } from '@/features/identity/SignInPage';

export function entrance(root: HTMLElement): void {
  createRoot(root).render(
    <StrictMode>
      <SignInPage />
    </StrictMode>,
  );
}
