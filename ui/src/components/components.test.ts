import { describe, expect, it } from 'vitest';
import { validator } from './form/validator';
import { blocks } from './Prose';
import { curveOf } from './curveOf';
import { kindOf, rowsOf } from './Preview';
import { roundUp } from './RangeBar';

describe('the scale of a column', () => {
  it('ends at a round number', () => {
    expect([0, 0.37, 4.8, 9, 66, 103].map(roundUp)).toEqual([1, 0.4, 5, 10, 80, 200]);
  });
});

describe('a form', () => {
  const schema = { type: 'object', required: ['file'], properties: { file: { type: 'string' }, panels: { type: 'integer', minimum: 20 } } };
  it('names each field that is wrong, with nothing compiled', () => {
    const { errors } = validator.validateFormData({ panels: 3 }, schema as never);
    expect(errors.map((error) => error.property).sort()).toEqual(['.file', '.panels']);
  });
  it('is content with what fits', () => {
    expect(validator.isValid(schema as never, { file: 'home:a', panels: 20 }, schema as never)).toBe(true);
  });
});

describe('previews', () => {
  it('tell kinds by their names', () => {
    expect(['a.CSV', 'b.svg', 'README', 'c.tar.gz'].map(kindOf)).toEqual(['csv', 'svg', 'text', 'none']);
  });
  it('read quoted cells', () => {
    expect(rowsOf('a,"b, ""c"""\n1,2\n', ',', 10)).toEqual([['a', 'b, "c"'], ['1', '2']]);
  });
  it('draws a table as a curve only where its first column grows', () => {
    expect(curveOf([['0', '1'], ['1', '-3'], ['4', '2', 'x']])).toEqual({ points: [[0, 1], [1, -3], [4, 2]], x: { from: 0, to: 4 }, y: { from: -3, to: 2 } });
    for (const odd of [[['0', '1'], ['1', '2']], [['0', '1'], ['0', '2'], ['1', '3']], [['a', '1'], ['b', '2'], ['c', '3']], [['0', '1'], ['1', ''], ['2', '3']]]) expect(curveOf(odd)).toBeNull();
  });
});

describe('prose of others', () => {
  it('is only headings, lists, code and text', () => {
    expect(blocks('# Title\ntext\nmore\n\n- a\n- b\n```\nx\n```').map((block) => block.kind)).toEqual(['head', 'text', 'list', 'code']);
  });
});
