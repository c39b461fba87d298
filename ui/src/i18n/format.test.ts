import { describe, expect, it } from 'vitest';
import { amounts, bytes, duration, energy, money, roughMoney, when } from './format';

describe('figures as people read them', () => {
  it('money keeps cents, and shows small prices as more than zero', () => {
    expect(money('en', '4.12', 'EUR')).toBe('€4.12');
    expect(money('en', 0, 'EUR')).toBe('€0.00');
    expect(money('en', '0.0004', 'EUR')).toBe('€0.0004');
    expect(money('de', '1234.5', 'EUR')).toBe('1.234,50\u00a0€');
    expect(money('en', -3.1, 'EUR')).toBe('−€3.10');
  });
  it('money that is looked over leaves out cents that are none, or do not count', () => {
    expect([800, '12.5', 1782.25, 0].map((one) => roughMoney('en', one, 'EUR'))).toEqual(['€800', '€12.50', '€1,782', '€0']);
  });
  it('a range tells its currency once, where the language has it', () => {
    expect(amounts('en', 3.7, 4.8, 'EUR')).toBe('€3.70–4.80');
    expect(amounts('de', 3.7, 4.8, 'EUR')).toBe('3,70–4,80\u00a0€');
    expect(amounts('de', 3.7, 3.7, 'EUR')).toBe('3,70\u00a0€');
  });
  it('durations take the units that fit', () => {
    expect([0, 0.4, 42, 57 * 60, 161 * 60, 76 * 3600].map(duration)).toEqual(['0 s', '<1 s', '42 s', '57 min', '2 h 41 min', '3 d 4 h']);
    expect(duration(-27 * 60)).toBe('−27 min');
  });
  it('energy is told in kWh where it is that much, never as thousands of joules', () => {
    expect(energy('en', 6_840_000)).toBe('1.9 kWh');
    expect(energy('en', 41_000)).toBe('11 Wh');
    expect(energy('en', 120)).toBe('120 J');
  });
  it('sizes are decimal', () => {
    expect([999, 212_000, 1_800_000_000].map((size) => bytes('en', size))).toEqual(['999 B', '212 kB', '1.8 GB']);
  });
  it('times of today are short', () => {
    const now = new Date(2026, 10, 21, 15, 0);
    expect(when('en', new Date(2026, 10, 21, 14, 2), now)).toBe('14:02');
    expect(when('en', new Date(2026, 9, 3, 9, 5), now)).toContain('3 Oct');
  });
});
