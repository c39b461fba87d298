import { describe, expect, it, vi } from 'vitest';
import { asCommand, asPython, ordered } from './copyAs';

vi.stubGlobal('location', { origin: 'https://heroes.example' });

describe('a copied order', () => {
  it('has the fields in the order of the command line, and nothing that was not said', () => {
    const body = ordered({ project: 'wing', policy: 'weighted', weights: { cost: 0.123456, time: 1 }, because: undefined, max_cost: null, parameters: { panels: 90 }, wtid: 'wft_1' });
    expect(JSON.stringify(body)).toBe('{"wtid":"wft_1","parameters":{"panels":90},"policy":"weighted","weights":{"cost":0.1235,"time":1},"project":"wing"}');
    expect(asPython({ wtid: 'a', parameters: { panels: 90, fine: true }, project: 'wing' })).toContain('started = heroes.run("a", {"panels": 90, "fine": True}, project="wing")');
    expect(asCommand(body)).toBe('heroes run wft_1 -p panels=90 --policy weighted --weights cost=0.1235,time=1 --project wing --yes');
  });

  it('writes a list with commas only where none of its members has one', () => {
    expect(asCommand({ wtid: 'a', parameters: { angles: [-4, 0, 4] }, cluster: 'here' })).toBe('heroes run a -p angles=-4,0,4 --cluster here');
    expect(asCommand({ wtid: 'a', parameters: { names: ['x,y', 'z'] }, cluster: 'here' })).toBe(`heroes run a -p 'names=["x,y","z"]' --cluster here`);
  });
});
