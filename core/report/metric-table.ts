/** Every metric of Roost's own: name, what it says, and where it is in the figures. docs/operations.md lists the table. */
import { type Spread, tickBounds } from '../contract/buckets.ts';
import { callBounds, type Figures, flushBounds } from './figures.ts';

type Labels = Readonly<Record<string, string | number>>;

export type Sample = { readonly labels?: Labels; readonly value: number };

type Row = {
  readonly name: string;
  /** One sentence; the unit is in the name. */
  readonly help: string;
  readonly labels: readonly string[];
};

/** One metric. Names and units are Prometheus' conventions: seconds, bytes, `_total` for what only grows. */
export type Metric = Row &
  (
    | { readonly type: 'counter' | 'gauge'; readonly read: (figures: Figures) => readonly Sample[] }
    | {
        readonly type: 'histogram';
        /** Upper bounds of the classes. */
        readonly bounds: readonly number[];
        readonly read: (figures: Figures) => readonly { readonly labels?: Labels; readonly spread: Spread }[];
      }
  );

const one = (value: number): readonly Sample[] => [{ value }];

/** `[name, count]` pairs under one label. */
const by = (label: string, pairs: readonly (readonly [string, number])[]): readonly Sample[] =>
  pairs.map(([name, value]) => ({ labels: { [label]: name }, value }));

export const metrics: readonly Metric[] = [
  {
    ...{ name: 'roost_info', type: 'gauge', labels: ['version'] },
    help: 'Always 1; the version of Roost is its label.',
    read: ({ version }) => [{ labels: { version }, value: 1 }],
  },

  // Zones.
  {
    ...{ name: 'roost_zone_tick_seconds', type: 'histogram', labels: ['zone'], bounds: tickBounds },
    help: 'Time a tick took.',
    read: ({ zones }) => zones.map(({ zone, took }) => ({ labels: { zone }, spread: took })),
  },
  {
    ...{ name: 'roost_zone_tick_late_seconds', type: 'histogram', labels: ['zone'], bounds: tickBounds },
    help: 'Time from when a tick was due to when it began.',
    read: ({ zones }) => zones.map(({ zone, late }) => ({ labels: { zone }, spread: late })),
  },
  {
    ...{ name: 'roost_zone_ticks_dropped_total', type: 'counter', labels: ['zone'] },
    help: 'Ticks that were left out because the zone was more than five behind.',
    read: ({ zones }) => zones.map(({ zone, dropped }) => ({ labels: { zone }, value: dropped })),
  },
  {
    ...{ name: 'roost_zone_frames_total', type: 'counter', labels: ['zone'] },
    help: 'Frames that the zone sent to the node.',
    read: ({ zones }) => zones.map(({ zone, frames }) => ({ labels: { zone }, value: frames })),
  },
  {
    ...{ name: 'roost_zone_objects', type: 'gauge', labels: ['zone'] },
    help: 'Objects in a loaded zone.',
    read: ({ heaps }) => heaps.map(({ zone, objects }) => ({ labels: { zone }, value: objects })),
  },
  {
    ...{ name: 'roost_zone_players', type: 'gauge', labels: ['zone'] },
    help: 'Characters of players in a loaded zone, also those without a connection.',
    read: ({ heaps }) => heaps.map(({ zone, players }) => ({ labels: { zone }, value: players })),
  },
  {
    ...{ name: 'roost_zone_isolate_heap_bytes', type: 'gauge', labels: ['zone'] },
    help: 'Heap of the isolate that runs the scripts of a loaded zone.',
    read: ({ heaps }) => heaps.map(({ zone, bytes }) => ({ labels: { zone }, value: bytes })),
  },
  {
    ...{ name: 'roost_zones', type: 'gauge', labels: ['state'] },
    help: 'Zones that this node has in memory, by where they stand.',
    read: ({ states }) => by('state', states),
  },
  {
    ...{ name: 'roost_script_cpu_seconds_total', type: 'counter', labels: ['game', 'kind', 'build'] },
    help: 'CPU time of the handlers of a kind, by build; the kind @roost is what no handler spent.',
    read: ({ scripts }) => scripts.map(({ seconds, ...labels }) => ({ labels, value: seconds })),
  },

  // Methods.
  {
    ...{ name: 'roost_calls_total', type: 'counter', labels: ['method', 'code'] },
    help: 'Calls by outcome, also those that plugins make; the code is ok or that of the error.',
    read: ({ calls }) =>
      calls.flatMap(({ method, codes }) => codes.map(([code, value]) => ({ labels: { method, code }, value }))),
  },
  {
    ...{ name: 'roost_call_seconds', type: 'histogram', labels: ['method'], bounds: callBounds },
    help: 'Time from a call to its answer, of all outcomes.',
    read: ({ calls }) => calls.map(({ method, took }) => ({ labels: { method }, spread: took })),
  },
  {
    ...{ name: 'roost_calls_refused_total', type: 'counter', labels: ['code'] },
    help: 'Calls that were answered or dropped unread, because of a budget or their form.',
    read: ({ gateway }) => by('code', gateway.refused),
  },
  {
    ...{ name: 'roost_calls_in_flight', type: 'gauge', labels: [] },
    help: 'Calls of sessions that wait for an answer.',
    read: ({ gateway }) => one(gateway.callsInFlight),
  },

  // Sessions and what is sent to them.
  {
    ...{ name: 'roost_sessions', type: 'gauge', labels: ['via'] },
    help: 'Sessions that are open, by door.',
    read: ({ gateway: { sockets, texts, https } }) => [
      { labels: { via: 'socket' }, value: sockets },
      { labels: { via: 'text' }, value: texts },
      { labels: { via: 'http' }, value: https },
    ],
  },
  {
    ...{ name: 'roost_disconnects_total', type: 'counter', labels: ['reason'] },
    help: 'Sessions that ended, by why.',
    read: ({ gateway }) => by('reason', gateway.disconnects),
  },
  {
    ...{ name: 'roost_sent_bytes_total', type: 'counter', labels: [] },
    help: 'Text handed to socket.io connections, a character a byte.',
    read: ({ gateway }) => one(gateway.bytesOut),
  },
  {
    ...{ name: 'roost_sent_packets_total', type: 'counter', labels: [] },
    help: 'Packets handed to socket.io connections: deltas, answers, heartbeats.',
    read: ({ gateway }) => one(gateway.packetsOut),
  },
  {
    ...{ name: 'roost_received_bytes_total', type: 'counter', labels: [] },
    help: 'Messages of socket.io connections, also those dropped unread.',
    read: ({ gateway }) => one(gateway.bytesIn),
  },
  {
    ...{ name: 'roost_sessions_waiting_bytes', type: 'gauge', labels: [] },
    help: 'Text that clients have not taken yet, of all sessions.',
    read: ({ gateway }) => one(gateway.bytesWaiting),
  },
  {
    ...{ name: 'roost_resyncs_total', type: 'counter', labels: [] },
    help: 'Snapshots sent to clients that fell behind or asked for one.',
    read: ({ gateway }) => one(gateway.resyncs),
  },
  {
    ...{ name: 'roost_events_dropped_total', type: 'counter', labels: [] },
    help: 'Events left out of deltas, because more happened round a view than it is told in one tick.',
    read: ({ gateway }) => one(gateway.eventsDropped),
  },

  // Database.
  {
    ...{ name: 'roost_flush_seconds', type: 'histogram', labels: [], bounds: flushBounds },
    help: 'Time to write what changed in a zone, with its wait for the writer.',
    read: ({ flush }) => [{ spread: flush.took }],
  },
  {
    ...{ name: 'roost_flush_lag_seconds', type: 'histogram', labels: [], bounds: flushBounds },
    help: 'Time from a tick to the commit of what it changed, as the node got it.',
    read: ({ flush }) => [{ spread: flush.lag }],
  },
  {
    ...{ name: 'roost_flush_rows_total', type: 'counter', labels: [] },
    help: 'Rows of objects written.',
    read: ({ flush }) => one(flush.rows),
  },
  {
    ...{ name: 'roost_flush_failed_total', type: 'counter', labels: [] },
    help: 'Writes that were given up: the zone went back to its last commit.',
    read: ({ flush }) => one(flush.failed),
  },
  {
    ...{ name: 'roost_flush_waiting_zones', type: 'gauge', labels: [] },
    help: 'Zones whose changes are being written or wait for it.',
    read: ({ flush }) => one(flush.waiting),
  },
  {
    ...{ name: 'roost_flush_stuck_seconds', type: 'gauge', labels: [] },
    help: 'Longest time, of all zones, that the database has taken nothing; 0 when it takes everything.',
    read: ({ flush }) => one(flush.stuckS),
  },
  {
    ...{ name: 'roost_store_queue', type: 'gauge', labels: [] },
    help: 'Transactions that wait for the one writer, with the one that runs.',
    read: ({ queues }) => one(queues.transactions),
  },

  // Processes.
  {
    ...{ name: 'roost_event_loop_delay_seconds', type: 'gauge', labels: ['quantile'] },
    help: 'How late the node came to its timers since the last request of this page; 1 is the worst.',
    read: ({ loop: { p50, p99, worst } }) =>
      by('quantile', [
        ['0.5', p50],
        ['0.99', p99],
        ['1', worst],
      ]),
  },
  {
    ...{ name: 'roost_workers', type: 'gauge', labels: ['state'] },
    help: 'Worker processes: ready ones run zones, a spare one stands by.',
    read: ({ workers }) => by('state', workers.states),
  },
  {
    ...{ name: 'roost_worker_restarts_total', type: 'counter', labels: [] },
    help: 'Workers that ended without being asked to; each was replaced.',
    read: ({ workers }) => one(workers.ended),
  },
  {
    ...{ name: 'roost_worker_resident_memory_bytes', type: 'gauge', labels: ['worker'] },
    help: 'Resident memory of a worker process.',
    read: ({ workers }) => workers.processes.map(({ worker, rss }) => ({ labels: { worker }, value: rss })),
  },
  {
    ...{ name: 'roost_worker_cpu_seconds_total', type: 'counter', labels: ['worker'] },
    help: 'CPU time of a worker process since its start.',
    read: ({ workers }) => workers.processes.map(({ worker, cpu }) => ({ labels: { worker }, value: cpu })),
  },
  {
    ...{ name: 'roost_worker_queue_bytes', type: 'gauge', labels: ['worker'] },
    help: 'Data on its way to a worker.',
    read: ({ workers }) =>
      workers.processes.map(({ worker, queuedBytes }) => ({ labels: { worker }, value: queuedBytes })),
  },
  {
    ...{ name: 'roost_zone_requests', type: 'gauge', labels: ['state'] },
    help: 'Requests to zones: waiting until the zone runs, or handed to its worker and not answered.',
    read: ({ queues: { waiting, handed } }) => [
      { labels: { state: 'waiting' }, value: waiting },
      { labels: { state: 'handed' }, value: handed },
    ],
  },
];
