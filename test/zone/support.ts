/** A zone in the test's own process: time by hand, and scripts that are plain functions instead of an isolate. */

import type { MapObject } from '../../core/contract/content.ts';
import type { Intent, LoadIn, Sandbox, SandboxFault, TickIn, TickOut } from '../../core/contract/driver.ts';
import type {
  Frame,
  InboxItem,
  KindInfo,
  ObjectRow,
  PublicFrame,
  ToNode,
  ZoneContent,
  ZoneSaved,
} from '../../core/contract/link.ts';
import { newRow } from '../../core/zone/new-row.ts';
import { openZone, type RunningZone, type ZoneMessage, type ZoneOptions } from '../../core/zone/turns.ts';

/** What a plain script does in a tick: parts of the outcome, or a fault that ends the isolate. */
export type Script = (
  input: TickIn,
  loaded: LoadIn,
) => (Partial<TickOut> | { readonly fault: SandboxFault }) & { readonly cpuMs?: number };

/** A tick in which nothing happened. */
export const nothing: TickOut = {
  intents: [],
  changes: [],
  world: { state: null, keep: null },
  timers: [],
  outcomes: [],
  acks: [],
  reports: [],
  costs: { kinds: [], handlers: [], objects: [] },
  restless: false,
  looks: true,
  nextDue: null,
};

export function kind(name: string, more: Partial<KindInfo> = {}): KindInfo {
  return {
    kind: name,
    build: '000000000000',
    version: 1,
    body: null,
    look: null,
    activates: false,
    methods: [],
    ...more,
  };
}

export const farmer = kind('farmer', { body: { shape: 'circle', radius: 0.3 } });
export const crate = kind('crate', { body: { shape: 'box', width: 1, height: 1 } });

export function mapObject(tiledId: number, more: Partial<MapObject> = {}): MapObject {
  return {
    tiledId,
    kind: 'crate',
    name: '',
    x: 10,
    y: 10,
    angle: 0,
    shape: null,
    state: {},
    words: [],
    physical: true,
    ...more,
  };
}

export function content(more: Partial<ZoneContent> = {}, spec: Partial<ZoneContent['spec']> = {}): ZoneContent {
  return {
    spec: {
      name: 'yard',
      map: null,
      capacity: 10,
      tickRate: 20,
      physics: { linearDamping: 4, angularDamping: 4 },
      awake: 'players',
      view: { radius: 12, cell: 8, most: 200 },
      hearing: 15,
      width: 40,
      height: 30,
      ...spec,
    },
    character: 'farmer',
    settings: {},
    units: { metre: 100, turn: 256 },
    solids: [],
    areas: [{ name: 'spawn', x: 5, y: 5, width: 0, height: 0 }],
    mapObjects: [],
    ...more,
  };
}

export const emptySaved: ZoneSaved = {
  populated: true,
  tick: 0,
  state: {},
  keep: {},
  pending: [],
  objects: [],
  timers: [],
};

export function row(id: string, more: Partial<ObjectRow> = {}): ObjectRow {
  return newRow(id, 'crate', { x: 10, y: 10, changed: 1, ...more });
}

export type TestZone = {
  readonly zone: RunningZone;
  readonly sent: ToNode[];
  /** What each isolate was loaded with and told, in order. */
  readonly loads: LoadIn[];
  readonly ticks: TickIn[];
  frames(): Frame[];
  /** Lets time pass and turns the zone as a worker's loop would. Gives the frames sent meanwhile. */
  pass(seconds: number): Frame[];
  /** Lets time pass without a turn, as a stall does. */
  stall(seconds: number): void;
  accept(message: DistributiveOmit<ZoneMessage, 'zone' | 'epoch'>): void;
  items(...items: InboxItem[]): void;
  /** Turns until a persist set was sent, and gives what a database would have after all of them. */
  saved(): ZoneSaved;
};

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export type TestZoneOptions = {
  readonly content?: ZoneContent;
  readonly saved?: ZoneSaved;
  readonly kinds?: readonly KindInfo[];
  /** What the plain scripts of all kinds hear of. */
  readonly hears?: readonly string[];
  readonly script?: Script;
  readonly reason?: 'start' | 'recover';
  readonly createSandbox?: ZoneOptions['createSandbox'];
  readonly programs?: ZoneOptions['load']['programs'];
  readonly former?: ZoneOptions['load']['former'];
  readonly caution?: ZoneOptions['load']['caution'];
  readonly limits?: ZoneOptions['limits'];
  readonly stepLimitMs?: number;
  readonly tickLimitMs?: number;
  /** The runtime's words, for stops of real isolates. */
  readonly words?: Int32Array;
  readonly blame?: Partial<ZoneOptions['blame']>;
  readonly onRecord?: ZoneOptions['onRecord'];
  /** Unix seconds at the start. */
  readonly now?: number;
};

/** What a trial of the zone answers. */
export function tryZone(options: TestZoneOptions = {}): readonly ToNode[] {
  const { zoneOptions, sent } = prepare({ caution: 'trial', ...options });
  openZone(zoneOptions);
  return sent;
}

function prepare(options: TestZoneOptions) {
  const time = { ms: (options.now ?? 1_000_000) * 1000 };
  const sent: ToNode[] = [];
  const loads: LoadIn[] = [];
  const ticks: TickIn[] = [];
  const kinds = options.kinds ?? [farmer, crate];
  const hears = kinds.map((each) => ({
    script: each.kind,
    hears: options.hears ?? ['input', 'touch', 'part'],
    speed: null,
  }));
  const start = options.saved ?? emptySaved;

  function createPlain(): Sandbox {
    let loaded: LoadIn | undefined;
    return {
      boot: () => true,
      load(input) {
        loads.push(input);
        loaded = input;
        return {
          kind: 'ok',
          out: { kinds: [...kinds], scripts: hears, reports: [], handlers: [], migrated: [] },
          cpuMs: 0,
        };
      },
      tick(input) {
        ticks.push(input);
        const { cpuMs = 0, ...out } = options.script?.(input, loaded as LoadIn) ?? {};
        return 'fault' in out
          ? { kind: 'fault', fault: out.fault, cpuMs }
          : { kind: 'ok', out: { ...nothing, ...out }, cpuMs };
      },
      mind: () => ({ kind: 'ok', out: '', cpuMs: 0 }),
      heap: () => 0,
      dispose() {},
    };
  }

  const zoneOptions: ZoneOptions = {
    load: {
      type: 'load',
      zone: 'test/yard',
      epoch: 3,
      reason: options.reason ?? 'start',
      seed: 7,
      content: options.content ?? content(),
      programs: options.programs ?? [],
      saved: start,
      ids: [{ first: '0001000000001000', count: 1024 }],
      former: options.former ?? [],
      caution: options.caution ?? 'none',
    },
    createSandbox: options.createSandbox ?? createPlain,
    sandbox: { memoryMb: 64, tickLimitMs: options.tickLimitMs ?? 200, loadLimitMs: 1000, blame: options.words ?? null },
    clock: { now: () => time.ms / 1000, monotonicMs: () => time.ms },
    blame: { enter: () => void options.words?.fill(-1), leave() {}, ...options.blame },
    send: (message) => sent.push(message),
    flushMs: 250,
    mostObjects: 5_000,
    limits: options.limits ?? {},
    ...(options.stepLimitMs === undefined ? {} : { stepLimitMs: options.stepLimitMs }),
    ...(options.onRecord ? { onRecord: options.onRecord } : {}),
  };
  return { zoneOptions, time, sent, loads, ticks, start };
}

export function startZone(options: TestZoneOptions = {}): TestZone {
  const { zoneOptions, time, sent, loads, ticks, start } = prepare(options);
  const zone = openZone(zoneOptions);
  if (!zone) throw new Error(`The zone did not load: ${JSON.stringify(sent)}`);

  const frames = () => sent.filter((message) => message.type === 'frame');

  function pass(seconds: number): Frame[] {
    const before = frames().length;
    const end = time.ms + seconds * 1000;
    for (;;) {
      const next = (zone as RunningZone).nextTurnMs();
      if (next === null || next > end) break;
      time.ms = Math.max(time.ms, next);
      (zone as RunningZone).turn();
    }
    time.ms = Math.max(time.ms, end);
    return frames().slice(before);
  }

  const accept = (message: DistributiveOmit<ZoneMessage, 'zone' | 'epoch'>) =>
    zone.accept({ ...message, zone: 'test/yard', epoch: 3 } as ZoneMessage);

  return {
    zone,
    sent,
    loads,
    ticks,
    frames,
    pass,
    stall(seconds) {
      time.ms += seconds * 1000;
    },
    accept,
    items: (...items) => accept({ type: 'items', items }),
    saved() {
      accept({ type: 'save' });
      pass(0.01);
      return frames().reduce(apply, start);
    },
  };
}

/** What the database has after a frame. */
function apply(saved: ZoneSaved, { pub, keep }: Frame): ZoneSaved {
  if (!keep) return saved;
  const objects = new Map(saved.objects.map((object) => [object.id, object]));
  for (const object of keep.objects) objects.set(object.id, object);
  for (const id of keep.removed) objects.delete(id);
  const keyOf = ({ object, script, name }: { object: string; script: string; name: string }) =>
    [object, script, name].join();
  const timers = new Map(saved.timers.map((timer) => [keyOf(timer), timer]));
  for (const timer of keep.timers) {
    if (timer.due === null) timers.delete(keyOf(timer));
    else timers.set(keyOf(timer), { ...timer, due: timer.due });
  }
  return {
    populated: keep.populated,
    tick: pub.tick,
    state: keep.state,
    keep: keep.keep,
    pending: keep.pending,
    objects: [...objects.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    timers: [...timers.values()].filter((timer) => objects.has(timer.object) || timer.object === ''),
  };
}

/** All objects as a mirror has them after the frames. */
export function mirror(frames: readonly Frame[]): Map<string, PublicFrame['in'][number]> {
  const bySlot = new Map<number, PublicFrame['in'][number]>();
  for (const { pub } of frames) {
    for (const slot of pub.out) bySlot.delete(slot);
    for (const object of pub.in) bySlot.set(object.slot, object);
    for (let at = 0; at < pub.moves.length; at += 6) {
      const [slot, x, y, angle, vx, vy] = pub.moves.slice(at, at + 6) as [
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      const old = bySlot.get(slot);
      if (old) bySlot.set(slot, { ...old, x, y, angle, vx, vy });
    }
    for (const { slot, state, ...fields } of pub.changes) {
      const old = bySlot.get(slot);
      if (old) bySlot.set(slot, { ...old, ...fields, state: { ...old.state, ...state } });
    }
  }
  return new Map([...bySlot.values()].map((object) => [object.id, object]));
}

/** A script that does something only in its first tick. */
export function once(...intents: Intent[]): Script {
  let done = false;
  return () => {
    if (done) return {};
    done = true;
    return { intents };
  };
}
