import { describe, expect, it } from 'vitest';
import { columns, marksOf, progress, timeline } from './figures';
import type { Execution, Job } from './queries';
import { appended, levelOf, printedTime } from './lines';

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
  it('is marked at round times that have room for their words', () => {
    const drawn = timeline([job('mesh', 1, 1, 33)]);
    expect(drawn && marksOf(drawn).map((time) => new Date(time).getUTCMinutes())).toEqual([10, 20, 30]);
  });
  it('is nothing where nothing was submitted', () => {
    expect(timeline([])).toBeNull();
  });
});

describe('the graph', () => {
  it('puts a step after all that it needs', () => {
    const steps = [{ name: 'a', needs: [] }, { name: 'b', needs: ['a'] }, { name: 'c', needs: ['a'] }, { name: 'd', needs: ['b', 'c'] }];
    expect(columns(steps)).toEqual([['a'], ['b', 'c'], ['d']]);
    expect(columns(steps.slice(1))).toEqual([['b', 'c'], ['d']]);
  });
});

describe('how far a run is', () => {
  it('counts as done only what finished', () => {
    const steps = ['FINISHED', 'FAILED', 'SKIPPED', 'RUNNING'].map((state) => ({ state, jobs: 2, jobs_ended: 1 }));
    expect(progress({ steps } as Execution)).toMatchObject({ steps: 4, stepsDone: 1, stepsFailed: 1, stepsSkipped: 1, stepsCancelled: 0, share: 1.5 / 4 });
  });
});

describe('a log in pieces', () => {
  const line = (number: number, text: string) => ({ number, text, level: levelOf(text), seen_at: null });
  const texts = (open: boolean, before: string[], piece: string, keep = 100) => {
    const lines = before.map((text, at) => line(at + 1, text));
    const made = appended(lines, open, piece, lines.length + 1, '2026-11-22T10:00:00Z', keep);
    return { told: made.lines.map((one) => `${one.number} ${one.text}`), open: made.open };
  };
  it('joins a line that two pieces share', () => {
    expect(texts(true, ['one', 'tw'], 'o\nthree')).toEqual({ told: ['1 one', '2 two', '3 three'], open: true });
    expect(texts(true, ['tw'], 'o')).toEqual({ told: ['1 two'], open: true });
    expect(texts(true, ['two'], '\n\n')).toEqual({ told: ['1 two', '2 '], open: false });
    expect(texts(false, ['one'], 'two\n')).toEqual({ told: ['1 one', '2 two'], open: false });
    expect(texts(false, ['one'], '')).toEqual({ told: ['1 one'], open: false });
  });
  it('keeps the newest lines, with their numbers', () => {
    expect(texts(false, ['a', 'b'], 'c\nd\n', 2).told).toEqual(['3 c', '4 d']);
  });
  it('tells level and time by what a line begins with', () => {
    expect(['ERROR: no', '2026-11-22 10:00:00,1 WARN x', '[info] a', '10:00:01 debug z', 'Traceback (most', 'ValueError: x', 'no error', 'informal'].map(levelOf)).toEqual(['error', 'warning', 'info', 'debug', 'error', 'error', null, null]);
    expect(['[2026-11-22T10:00:07Z] a', '10:00:08 b', 'at 10:00'].map(printedTime)).toEqual(['10:00:07', '10:00:08', null]);
  });
});
