import { describe, expect, it } from 'vitest';
import { columns, timeline } from './figures';
import type { Job } from './queries';
import { joined } from './useLog';

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString();
const job = (id: string, submitted: number, started: number | null, ended: number | null): Job => ({
  id, step: id, index: 0, title: id, state: ended === null ? 'RUNNING' : 'ENDED', state_since: at(0), code: null, text: null, heard_at: null, cluster: 'here', queue: 'q', attempt: 1, end: 'SUCCEEDED', exit_code: 0,
  submitted_at: at(submitted), started_at: started === null ? null : at(started), ended_at: ended === null ? null : at(ended), usage: null, cost: null,
});

describe('the timeline', () => {
  it('shows waiting before running', () => {
    const drawn = timeline([job('mesh', 0, 2, 10)]);
    expect(drawn?.lanes[0]).toMatchObject({ waitFrom: Date.parse(at(0)), runFrom: Date.parse(at(2)) });
    expect(drawn?.place(Date.parse(at(5)))).toBe(50);
  });
  it('cuts out what is long idle, so that short jobs stay visible', () => {
    const drawn = timeline([job('mesh', 0, 0, 5), job('solve', 55, 55, 60)]);
    expect(drawn?.cuts).toHaveLength(1);
    expect(drawn?.place(Date.parse(at(55)))).toBe(50);
  });
  it('is nothing where nothing was submitted', () => {
    expect(timeline([])).toBeNull();
  });
});

describe('the graph', () => {
  it('puts a step after all that it needs', () => {
    const steps = [{ name: 'a', needs: [] }, { name: 'b', needs: ['a'] }, { name: 'c', needs: ['a'] }, { name: 'd', needs: ['b', 'c'] }];
    expect(columns(steps)).toEqual([['a'], ['b', 'c'], ['d']]);
  });
});

describe('a log in pieces', () => {
  it('joins a line that two pieces share', () => {
    expect(joined(['one', 'tw'], 'o\nthree').lines).toEqual(['one', 'two', 'three']);
  });
  it('keeps the newest lines and says how many went', () => {
    expect(joined(['a', 'b'], '\nc\nd', 2)).toEqual({ lines: ['c', 'd'], dropped: 2 });
  });
});
