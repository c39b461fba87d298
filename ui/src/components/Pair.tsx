import type { ReactNode } from 'react';

/** A name and its value in a list of such. */
export function Pair({ name, value }: { name: string; value: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
