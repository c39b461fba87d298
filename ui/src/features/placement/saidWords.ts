import { useSaid } from '@/i18n/said';
import type { Quantity } from './queries';

/** Why a figure is not predicted, in the reader's language. */
export function useWhyNot(): (reason: Quantity['reason']) => string | undefined {
  const said = useSaid('unpredicted');
  return (reason) => (reason ? said(reason.code, {}, reason.text) : undefined);
}
