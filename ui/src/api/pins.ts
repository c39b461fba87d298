/** Workflows that somebody keeps at hand: they follow the person to every browser. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { refused } from '@/components/Done';
import { api, told } from './client';
import { meQuery, type Me } from './session';

export function usePins(me: Me): { pins: string[]; toggle: (id: string) => void } {
  const client = useQueryClient();
  const pins = me.preferences.pinned_workflows;
  const keep = useMutation({
    mutationFn: (pinned_workflows: string[]) => told(api.PATCH('/api/v1/organization/auth/preferences', { body: { pinned_workflows }, keepalive: true })),
    onMutate: (pinned_workflows) => client.setQueryData(meQuery.queryKey, (old) => old && { ...old, preferences: { ...old.preferences, pinned_workflows } }),
    onError: (error) => {
      refused(error);
      return client.invalidateQueries({ queryKey: meQuery.queryKey });
    },
  });
  return { pins, toggle: (id) => keep.mutate(pins.includes(id) ? pins.filter((one) => one !== id) : [...pins, id]) };
}
