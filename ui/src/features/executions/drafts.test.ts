import { describe, expect, it } from 'vitest';
import { askedOf, draftOf, newDraft, same, type Kept } from './drafts';

describe('a draft', () => {
  const kept: Kept = {
    id: 'drf_0123456789',
    revision: 3,
    title: 'Lift of an airfoil',
    asked: { wtid: 'airfoil', parameters: { panels: 90 }, policy: 'cheapest', cluster: 'here', max_cost: '2.50', version: null, project: null, resources: { cores: 0 } },
    source: 'exe_1',
    created_at: '2026-03-01T12:00:00Z',
    updated_at: '2026-03-01T12:05:00Z',
  };

  it('comes from the platform and goes back as it was', () => {
    const draft = draftOf(kept);
    expect(draft.request).toEqual({ wtid: 'airfoil', parameters: { panels: 90 }, policy: 'cheapest', resources: { cores: 0 } });
    expect([draft.cluster, draft.maxCost, draft.from, draft.revision, draft.dirty]).toEqual(['here', '2.50', 'exe_1', 3, false]);
    const said = Object.entries(askedOf(draft)).filter(([, value]) => value !== undefined);
    expect(Object.fromEntries(said)).toEqual(Object.fromEntries(Object.entries(kept.asked).filter(([, value]) => value !== null)));
  });

  it('is known again after its answer was lost, whatever is said or left out as nothing', () => {
    const asked = { wtid: 'airfoil', parameters: { panels: 90, angles: [1, 2] }, project: undefined };
    expect(same({ ...kept.asked, ...asked, project: null }, { ...asked, ...kept.asked, parameters: asked.parameters, project: undefined })).toBe(true);
    expect(same(asked, { ...asked, parameters: { panels: 90, angles: [1, 3] } })).toBe(false);
    expect(same(asked, { ...asked, queue: 'q' })).toBe(false);
  });

  it('is new until it is changed, with an id that sorts by birth', () => {
    const [first, second] = [newDraft('airfoil', { parameters: {} }), newDraft('airfoil', { parameters: {} })];
    expect(first.id).toMatch(/^drf_[0-9a-f]{24}$/);
    expect(first.id.slice(0, 16) <= second.id.slice(0, 16)).toBe(true);
    expect([first.revision, first.dirty]).toEqual([0, false]);
  });
});
