/** Shapes of what a worker may send: bytes become exact types here. What the values claim is checked in claims.ts. */
import { z } from 'zod';
import { tickBounds } from '../contract/buckets.ts';
import type { Json, JsonObject } from '../contract/content.ts';
import type { KindInfo, ToNode } from '../contract/link.ts';

/** State of objects is at most 16 deep and 16 KB; what the runtime keeps beside it may be a little more. */
const stateDepth = 24;
const linesMost = 2_000;

const id = z.string().regex(/^[0-9a-f]{16}$/);
const zone = z.string().max(200);
const text = (most: number) => z.string().max(most).refine(isPlain, 'text that is not well-formed');
const count = z.int().min(0);
const json = z.custom<Json>((value) => isState(value, stateDepth), 'a value nested too deep, or with a key __proto__');
const state = z.custom<JsonObject>(
  (value) => isRecord(value) && isState(value, stateDepth),
  'not an object of plain values',
);
/** Flat numbers, six to an object. */
const moves = z.custom<readonly number[]>(isMoves, 'not six integers for each');

const place = { x: z.number(), y: z.number(), angle: z.number(), vx: z.number(), vy: z.number() };
const shared = {
  kind: text(64),
  name: text(200),
  look: json,
  holder: id.nullable(),
  ...place,
  scale: z.number(),
  speed: z.number(),
  owner: z.string().max(64).nullable(),
  words: z.array(text(64)).max(64),
  physical: z.boolean(),
  state,
  changed: z.number(),
  changedTick: count,
};
const objectRow = z.object({
  id,
  ...shared,
  shape: json,
  scripts: z.array(text(64)).max(16),
  own: state,
  keep: state,
  tiledId: z.int().nullable(),
});
const timer = z.object({
  // A zone's own script has timers without an object.
  object: z.union([id, z.literal('')]),
  script: text(64),
  name: text(64),
  due: z.number(),
  every: z.number().nullable(),
  data: json,
});
const publicObject = z.object({ id, slot: count, ...shared, body: json });
const publicChange = publicObject.omit({ id: true, slot: true, kind: true }).partial().extend({ slot: count });

const event = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('say'),
    id,
    name: text(200),
    text: text(2_000),
    x: z.number(),
    y: z.number(),
    player: z.boolean(),
    at: z.number(),
  }),
  z.object({ type: z.literal('tell'), to: z.string().max(64), id, name: text(200), text: text(2_000) }),
  z.object({
    type: z.literal('ask'),
    to: z.string().max(64),
    id,
    name: text(200),
    question: text(64),
    text: text(2_000),
    choices: z.array(text(200)).max(16),
  }),
  z.object({ type: z.literal('effect'), id, name: text(64), data: json }),
  z.object({ type: z.literal('emit'), name: text(64), data: json }),
]);

const publicFrame = z.object({
  zone,
  epoch: count,
  tick: count,
  time: z.number(),
  in: z.array(publicObject),
  moves,
  changes: z.array(publicChange),
  out: z.array(count),
  jumps: z.array(count),
  events: z.array(event).max(linesMost),
  world: state.nullable(),
  own: z.array(z.object({ owner: z.string().max(64), id, own: state })),
  acks: z.array(z.object({ owner: z.string().max(64), seq: z.number() })),
});

const keepFrame = z.object({
  populated: z.boolean(),
  state,
  keep: state,
  pending: z.array(z.object({ to: id, from: z.union([id, z.literal('')]), name: text(64), data: json })).max(linesMost),
  objects: z.array(objectRow),
  removed: z.array(id),
  timers: z.array(timer.extend({ due: z.number().nullable() })),
  lines: z
    .array(
      z.object({
        from: id,
        name: text(200),
        x: z.number(),
        y: z.number(),
        text: text(2_000),
        at: z.number(),
        player: z.boolean(),
      }),
    )
    .max(linesMost),
  nextDue: z.number().nullable(),
});

const timing = z.object({ at: z.number().min(0), waitMs: z.number().min(0), tickMs: z.number().min(0) }).optional();
const outcome = z.discriminatedUnion('ok', [
  z.object({ call: count, ok: z.literal(true), result: json, durable: z.boolean(), timing }),
  z.object({
    ...{ call: count, ok: z.literal(false), code: text(64), message: text(2_000), details: json.optional() },
    timing,
  }),
]);

const target = z.union([text(64), z.object({ x: z.number(), y: z.number() }), z.null()]);
const request = z.discriminatedUnion('type', [
  z.object({ type: z.literal('goto'), object: id, zone, at: target }),
  z.object({ type: z.literal('ids') }),
]);

const report = z.object({
  zone,
  tick: count,
  object: id.nullable(),
  kind: text(64).nullable(),
  script: text(200),
  build: text(64),
  handler: text(200),
  file: text(400),
  line: z.number(),
  column: z.number(),
  message: text(4_000),
  what: z.enum(['throw', 'refused', 'suspended', 'stopped', 'load', 'log', 'slow']),
  count,
});
const reports = z.array(report).max(1_000);

const method = z.object({
  name: text(64),
  label: text(200),
  allow: z.enum(['owner', 'reach', 'view']),
  reach: z.number(),
  durable: z.boolean(),
  params: z.record(z.string().max(64), z.string().max(16)),
});
const kinds = z
  .array(
    z.object({
      kind: text(64),
      build: text(64),
      version: z.number(),
      body: z.custom<KindInfo['body']>((value) => isState(value, stateDepth)),
      look: z.custom<KindInfo['look']>((value) => isState(value, stateDepth)),
      activates: z.boolean(),
      methods: z.array(method).max(256),
    }),
  )
  .max(1_000);

/** Bounded by the scripts a zone may have, each with its handlers. */
const handlers = z.array(z.object({ script: text(200), build: text(64), handler: text(200) })).max(20_000);
const every = z.literal([0, 1, 2, 4, 8]);
const kindCost = z.object({
  kind: text(64),
  build: text(64),
  cpuMs: z.number(),
  calls: z.number(),
  objects: z.number(),
  stateBytes: z.number(),
  messages: z.number(),
  spawns: z.number(),
  says: z.number(),
  every,
});
const objectCost = z.object({
  id: z.union([id, z.literal('')]),
  kind: text(64),
  name: text(200),
  cpuMs: z.number(),
  stateBytes: z.number(),
  every,
});

const stats = z.object({
  zone,
  tick: count,
  objects: count,
  players: count,
  tickMs: z.number(),
  worstMs: z.number(),
  droppedTicks: z.number(),
  heap: z.number(),
  asleep: z.boolean(),
  cpuMs: z.number(),
  costs: z.array(kindCost).max(20),
  objectCosts: z.array(objectCost).max(10),
});

const spread = z.object({ counts: z.array(count).length(tickBounds.length + 1), sum: z.number().min(0) });
const tally = z.object({
  ...{ zone, frames: count, dropped: count, took: spread, late: spread },
  spent: z.array(z.object({ kind: text(64), build: text(64), ms: z.number().min(0) })).max(33),
});

const message = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), pid: count }),
  z.object({
    type: z.literal('loaded'),
    zone,
    epoch: count,
    tick: count,
    kinds,
    handlers: handlers.optional(),
    objects: count,
  }),
  z.object({ type: z.literal('load-failed'), zone, epoch: count, reports, message: text(4_000) }),
  z.object({
    type: z.literal('frame'),
    pub: publicFrame,
    keep: keepFrame.nullable(),
    outcomes: z.array(outcome),
    requests: z.array(request).max(256),
    taken: z.array(z.object({ move: count, objects: z.array(objectRow).max(1_000), timers: z.array(timer) })).max(256),
    asleep: z.boolean(),
    closed: z.boolean(),
  }),
  z.object({
    ...{ type: z.literal('swapped'), zone, epoch: count, ok: z.boolean(), tick: count, kinds },
    ...{ handlers: handlers.optional(), reports },
  }),
  z.object({
    ...{ type: z.literal('judged'), zone, epoch: count, tick: count },
    builds: z.array(z.object({ path: text(400), build: text(64) })).max(1_000),
    ...{ back: report.nullable(), kinds, handlers: handlers.optional() },
  }),
  z.object({ type: z.literal('convicted'), zone, epoch: count, report }),
  z.object({ type: z.literal('tried'), zone, epoch: count, fault: report.nullable(), reports }),
  z.object({ type: z.literal('reports'), zone, epoch: count, reports }),
  z.object({ type: z.literal('checkpoint'), zone, epoch: count, number: count, data: z.base64() }),
  z.object({
    ...{ type: z.literal('stats'), zones: z.array(stats), tallies: z.array(tally) },
    ...{ rss: z.number().min(0), cpu: z.number().min(0) },
  }),
]);

/** What the worker said, as an exact type, or in words what is wrong with it. */
export function readMessage(value: unknown): { readonly message: ToNode } | { readonly fault: string } {
  const read = message.safeParse(value);
  if (read.success) return { message: read.data as ToNode };
  const [issue] = read.error.issues;
  return { fault: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown'}` };
}

function isPlain(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0');
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON by where it comes from; not deeper than `depth`, and safe to copy key by key. */
function isState(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isState(item, depth - 1));
  for (const key of Object.keys(value)) {
    if (key === '__proto__' || !isState((value as Record<string, unknown>)[key], depth - 1)) return false;
  }
  return true;
}

function isMoves(value: unknown): boolean {
  return Array.isArray(value) && value.length % 6 === 0 && value.every(Number.isSafeInteger);
}
