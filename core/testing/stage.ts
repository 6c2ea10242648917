/** A real zone whose clock stands in the test's hand, and what a database would have of it after every tick. */
import type { JsonObject, Program } from '../contract/content.ts';
import type {
  CallOutcome,
  Frame,
  InboxItem,
  ObjectId,
  ObjectRow,
  Pending,
  ScriptReport,
  TimerRow,
  ToNode,
  ZoneContent,
  ZoneSaved,
} from '../contract/link.ts';
import { createSandbox } from '../script/sandbox.ts';
import { openZone, type RunningZone, type ZoneMessage } from '../zone/turns.ts';
import { type Ear, listen } from './sandbox.ts';

export type StageOptions = {
  readonly zone: string;
  readonly content: ZoneContent;
  readonly programs: readonly Program[];
  readonly seed: number;
  /** Unix seconds at which it begins. */
  readonly time: number;
  /** Milliseconds an entry into the sandbox may take. */
  readonly tickLimitMs: number;
  readonly world: JsonObject;
  /** Everything that the zone tells, as it tells it. */
  readonly onFrame: (frame: Frame) => void;
  readonly onReports: (reports: readonly ScriptReport[]) => void;
};

export interface Stage {
  readonly ear: Ear;
  /** What is in the zone. */
  readonly rows: ReadonlyMap<ObjectId, ObjectRow>;
  /** What was ever there, as it was last. */
  readonly known: ReadonlyMap<ObjectId, ObjectRow>;
  readonly timers: ReadonlyMap<string, TimerRow>;
  /** The zone's public state. */
  readonly world: JsonObject;
  /** Unix seconds and number of the last tick. */
  readonly now: { readonly time: number; readonly tick: number };
  /** An id that nothing has. */
  nextId(): ObjectId;
  push(...items: readonly InboxItem[]): void;
  /** A request that is answered: its number for the item, and its outcome after the next tick. */
  ask(item: (call: number) => InboxItem): () => CallOutcome | undefined;
  tick(): void;
  /** New programs beside the old; whether they were taken, and what they are reported for. */
  swap(programs: readonly Program[]): { readonly ok: boolean; readonly reports: readonly ScriptReport[] };
  /** Ends the zone and loads it again from what is saved. */
  restart(programs: readonly Program[], world: JsonObject): void;
  hash(): string;
  dispose(): void;
}

const blockSize = 4_096;
const epoch = 1;
const mostObjects = 5_000;
/** A load runs every script's file once. */
const loadFactor = 5;

/** @throws Error when the zone cannot be loaded; its scripts' faults are told by `onReports` */
export function openStage(options: StageOptions): Stage {
  const { zone: id, content } = options;
  const stepMs = 1_000 / content.spec.tickRate;
  const startMs = options.time * 1_000;
  const ear = listen(createSandbox);
  const rows = new Map<ObjectId, ObjectRow>();
  const known = new Map<ObjectId, ObjectRow>();
  const timers = new Map<string, TimerRow>();
  const outcomes = new Map<number, CallOutcome>();
  let ticks = 0;
  let calls = 0;
  let placed = 0;
  let blocks = 0;
  let world = options.world;
  let keep: JsonObject = {};
  let pending: readonly Pending[] = [];
  let tickNumber = 0;
  let swapped: Extract<ToNode, { type: 'swapped' }> | null = null;
  const clockMs = () => startMs + ticks * stepMs;
  let running = open('start', options.programs, content.mapObjects.length === 0);

  function open(reason: 'start' | 'recover', programs: readonly Program[], populated: boolean): RunningZone {
    const saved: ZoneSaved = {
      ...{ populated, tick: tickNumber, state: world, keep, pending },
      objects: [...rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
      timers: [...timers.values()],
    };
    let failure = 'the zone cannot be loaded';
    const opened = openZone({
      load: {
        ...{ type: 'load', zone: id, epoch, reason, seed: options.seed, content, programs, saved },
        ids: Array.from({ length: 1 + Math.ceil(content.mapObjects.length / blockSize) }, nextBlock),
        former: [],
        caution: 'none',
      },
      createSandbox: ear.createSandbox,
      sandbox: {
        memoryMb: 64,
        tickLimitMs: options.tickLimitMs,
        loadLimitMs: options.tickLimitMs * loadFactor,
        blame: new Int32Array(new SharedArrayBuffer(12)),
      },
      clock: { now: () => clockMs() / 1_000, monotonicMs: clockMs },
      blame: { enter() {}, leave() {} },
      send(message) {
        if (message.type === 'load-failed') failure = message.message;
        hear(message);
      },
      flushMs: 0,
      mostObjects,
    });
    if (!opened) throw new Error(failure);
    return opened;
  }

  function nextBlock() {
    return { first: `0001${(1 + blocks++ * blockSize).toString(16).padStart(12, '0')}`, count: blockSize };
  }

  function hear(message: ToNode): void {
    if ('reports' in message && message.type !== 'swapped') options.onReports(message.reports);
    if (message.type === 'swapped') swapped = message;
    if (message.type === 'convicted') options.onReports([message.report]);
    if (message.type === 'judged' && message.back) options.onReports([message.back]);
    if (message.type !== 'frame') return;
    tickNumber = message.pub.tick;
    for (const outcome of message.outcomes) outcomes.set(outcome.call, outcome);
    if (message.keep) write(message.keep);
    // What was taken out for another zone is in nobody's `removed`.
    for (const { objects } of message.taken) for (const { id: gone } of objects) drop(gone);
    options.onFrame(message);
    if (message.requests.some(({ type }) => type === 'ids')) accept({ type: 'ids', block: nextBlock() });
  }

  function write(kept: NonNullable<Frame['keep']>): void {
    for (const row of kept.objects) {
      rows.set(row.id, row);
      known.set(row.id, row);
    }
    for (const gone of kept.removed) drop(gone);
    for (const timer of kept.timers) {
      const key = [timer.object, timer.script, timer.name].join(' ');
      if (timer.due === null) timers.delete(key);
      else timers.set(key, { ...timer, due: timer.due });
    }
    ({ state: world, keep, pending } = kept);
  }

  function drop(gone: ObjectId): void {
    rows.delete(gone);
    for (const [key, timer] of timers) if (timer.object === gone) timers.delete(key);
  }

  type Told = ZoneMessage extends infer M ? (M extends ZoneMessage ? Omit<M, 'zone' | 'epoch'> : never) : never;

  function accept(message: Told): void {
    running.accept({ ...message, zone: id, epoch } as ZoneMessage);
  }

  return {
    ear,
    rows,
    known,
    timers,
    get world() {
      return world;
    },
    get now() {
      return { time: clockMs() / 1_000, tick: tickNumber };
    },
    nextId: () => `0002${(++placed).toString(16).padStart(12, '0')}`,
    push: (...items) => accept({ type: 'items', items }),
    ask(item) {
      const call = ++calls;
      accept({ type: 'items', items: [item(call)] });
      return () => outcomes.get(call);
    },
    tick() {
      // Asked for at every tick: what is saved is as new as the world.
      accept({ type: 'save' });
      ticks++;
      running.turn();
    },
    swap(programs) {
      swapped = null;
      accept({ type: 'programs', programs, way: 'new' });
      const { ok, reports } = swapped ?? { ok: false, reports: [] };
      return { ok, reports };
    },
    restart(programs, more) {
      running.dispose();
      world = { ...world, ...more };
      running = open('recover', programs, true);
    },
    hash: () => running.hash(),
    dispose: () => running.dispose(),
  };
}
