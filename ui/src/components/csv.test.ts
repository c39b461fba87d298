import { expect, test } from 'vitest';
import { csv } from './csv';

test('a cell with a comma or a quote stays one cell, and none becomes a formula', () => {
  const rows = [
    ['1,5', 'he said "no"'],
    ['=1+1', '-3.50'],
    ['-1+cmd', '-3'],
    ['x', -3],
    ['+49 30', null],
  ];
  expect(csv(['a', 'b'], rows)).toBe('a,b\r\n"1,5","he said ""no"""\r\n\'=1+1,-3.50\r\n\'-1+cmd,-3\r\nx,-3\r\n\'+49 30,\r\n');
});
