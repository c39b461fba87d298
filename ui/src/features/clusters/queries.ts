import { queryOptions } from '@tanstack/react-query';
import { api, page, told, type Schemas } from '@/api/client';

export type Cluster = Schemas['ClusterOut'];
export type Queue = Schemas['QueueOut'];
export type Line = Schemas['LineOut'];
export type Report = Schemas['ReportOut'];
export type Finding = Schemas['FindingOut'];
export type Sighting = Schemas['SightingOut'];
export type Tariff = Schemas['TariffOut'];
export type Share = Schemas['heroes__clusters__schemas__ShareOut'];

/** While something is checked, it is looked at this often besides what the events tell. */
const CHECKING = 15_000;
const SLOWLY = 60_000;
const at = (cluster: string) => ({ params: { path: { cluster } } });

export const clusterQuery = (id: string) =>
  queryOptions({
    queryKey: ['cluster', id, 'overview'],
    queryFn: ({ signal }) => told(api.GET('/api/v1/organization/cluster/{cluster}', { ...at(id), signal })),
    refetchInterval: ({ state }) => (state.data?.state === 'ENROLLING' ? CHECKING : SLOWLY),
  });

export const queuesQuery = (id: string) =>
  queryOptions({
    queryKey: ['cluster', id, 'queues'],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/cluster/{cluster}/queues', { params: { path: { cluster: id }, query: { limit: 200 } }, signal })),
    refetchInterval: SLOWLY,
  });

export const linesQuery = (id: string) =>
  queryOptions({
    queryKey: ['cluster', id, 'lines'],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/cluster/{cluster}/lines', { params: { path: { cluster: id }, query: { limit: 50 } }, signal })),
  });

/** Null as long as it has not been checked. */
export const reportQuery = (id: string) =>
  queryOptions({
    queryKey: ['cluster', id, 'report'],
    queryFn: async ({ signal }): Promise<Report | null> => {
      const { data, error, response } = await api.GET('/api/v1/organization/cluster/{cluster}/report', { ...at(id), signal });
      return response.status === 404 ? null : told(Promise.resolve({ data, error, response }));
    },
    refetchInterval: ({ state }) => (state.data && state.data.state !== 'DONE' ? CHECKING : false),
  });

export const sightingsQuery = (id: string, hours: number) =>
  queryOptions({
    queryKey: ['cluster', id, 'sightings', hours],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/cluster/{cluster}/sightings', { params: { path: { cluster: id }, query: { hours, limit: 1000 } }, signal })),
    staleTime: SLOWLY,
  });

export const tariffsQuery = (id: string) =>
  queryOptions({
    queryKey: ['cluster', id, 'tariffs'],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/tariff/list', { params: { query: { cluster: id, limit: 200 } }, signal })),
  });

/** How much a change concerns now: never from memory. */
export const concernedQuery = (id: string) =>
  queryOptions({
    queryKey: ['cluster', id, 'concerned'],
    queryFn: ({ signal }) => told(api.GET('/api/v1/organization/cluster/{cluster}/concerned', { ...at(id), signal })),
    staleTime: 0,
  });

export const sharesQuery = (id: string) =>
  queryOptions({
    queryKey: ['cluster', id, 'shares'],
    queryFn: ({ signal }) => page(api.GET('/api/v1/organization/cluster/{cluster}/shares', { params: { path: { cluster: id }, query: { limit: 200 } }, signal })),
  });
