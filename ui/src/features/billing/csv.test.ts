import { expect, test } from 'vitest';
import { csv } from '@/components/csv';

test('a cell with a comma or a quote stays one cell, and none becomes a formula', () => {
  expect(csv(['a', 'b'], [['1,5', 'he said "no"'], ['=1+1', '-3']])).toBe('a,b\r\n"1,5","he said ""no"""\r\n\'=1+1,-3\r\n');
});
