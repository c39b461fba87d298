import { expect, test } from 'vitest';
import { isThere } from './useLog';
import type { Job } from './queries';

const job = (given: Partial<Job>) => ({ step: 'solve', index: 0, state: 'QUEUED', started_at: null, end: null, ...given }) as Job;

test('a log is asked for once its job was ordered, and not before it was made', () => {
  expect(isThere([], {})).toBe(false);
  expect(isThere([job({})], { step: 'mesh' })).toBe(false);
  expect(isThere([job({})], { step: 'solve', index: 1 })).toBe(false);
  for (const state of ['PLACED', 'STAGING', 'SUBMITTING']) expect(isThere([job({ state })], {})).toBe(false);
  for (const state of ['QUEUED', 'RUNNING', 'COLLECTING', 'ENDED']) expect(isThere([job({ state })], { step: 'solve' })).toBe(true);
});

test('without a step it is the last job that has started, as the platform chooses it', () => {
  const started = job({ step: 'mesh', state: 'ENDED', started_at: '2026-11-24T08:00:00Z', end: 'SUCCEEDED' });
  expect(isThere([started, job({ state: 'PLACED' })], {})).toBe(true);
});

test('of a list that may be cut, a job that is not in it may be there all the same', () => {
  const many = Array.from({ length: 1000 }, (_, index) => job({ index }));
  expect(isThere(many, { step: 'solve', index: 1000 })).toBe(true);
});
