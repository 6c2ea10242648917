/**
 * A real isolate with scripts from texts, and a small stand-in for the zone round it: it keeps rows, applies intents
 * without physics and hands messages and slots back, as core/zone does.
 */

import type { Area, JsonObject, Program, Solid } from '../../core/contract/content.ts';
import type { Entered, Intent, LoadIn, LoadOut, Sandbox, TickIn, TickOut } from '../../core/contract/driver.ts';
import type { CallOutcome, InboxItem, ObjectRow, ScriptReport, TimerRow } from '../../core/contract/link.ts';
import { compileScript } from '../../core/script/compile.ts';
import { createSandbox } from '../../core/script/sandbox.ts';
import { newRow } from '../../core/zone/new-row.ts';

export type IsolateOptions = {
  /** Source by kind, or by path for files in folders (`scripts/lib/x.ts`) and `zones/<zone>.ts`. */
  readonly scripts: Readonly<Record<string, string>>;
  readonly objects?: readonly (Partial<ObjectRow> & { readonly kind: string; readonly fresh?: boolean })[];
  readonly zone?: string;
  readonly character?: string;
  readonly solids?: readonly Solid[];
  readonly areas?: readonly Area[];
  readonly settings?: JsonObject;
  readonly state?: JsonObject;
  readonly keep?: JsonObject;
  readonly timers?: readonly TimerRow[];
  readonly reason?: LoadIn['reason'];
  readonly seed?: number;
  readonly limits?: { readonly memoryMb?: number; readonly tickLimitMs?: number; readonly loadLimitMs?: number };
  readonly blame?: Int32Array;
  readonly onHandler?: (slot: number, handler: number) => void;
  /** Why a script rests, by its name. */
  readonly resting?: Readonly<Record<string, string>>;
  readonly keepFormer?: boolean;
  readonly time?: number;
};

export type Row = ObjectRow & { slot: number };

/** Id of the n-th object of the test. */
export function idOf(n: number): string {
  return `0001${n.toString(16).padStart(12, '0')}`;
}

/** Compiles a script text, as the compiler process does. @throws Error naming the fault */
export function programOf(files: Readonly<Record<string, string>>, path: string): Program {
  const role = path.startsWith('zones/') ? 'zone' : 'object';
  const name = path.split('/').at(-1)?.replace('.ts', '') ?? '';
  const compiled = compileScript({ path, role, name, read: (file) => files[file] ?? null });
  if (compiled.kind === 'ok') return compiled.program;
  const [fault] = compiled.faults;
  throw new Error(`${fault?.file}:${fault?.line}:${fault?.column} ${fault?.message}`);
}

/** Body of `defineObject({ … })` as a whole file. */
export function script(body: string, before = ''): string {
  return `import { babble, defineObject, distance, list, maybe } from 'roost';\n${before}\nexport default defineObject({\n${body}\n});\n`;
}

export function row(kind: string, n: number, more: Partial<ObjectRow> = {}): ObjectRow {
  return newRow(idOf(n), kind, { x: 10, y: 10, ...more });
}

export interface Isolate {
  readonly sandbox: Sandbox;
  readonly rows: Map<string, Row>;
  readonly timers: Map<string, TimerRow>;
  readonly reports: ScriptReport[];
  /** The zone's public state. */
  readonly world: Record<string, unknown>;
  /** What the load gave. @throws when it was stopped */
  readonly load: LoadOut;
  readonly loaded: Entered<LoadOut>;
  /** What the last tick gave. */
  readonly out: TickOut;
  /** Runs a tick; gives the fault when it was stopped. */
  enter(input?: Partial<TickIn>, seconds?: number): Entered<TickOut>;
  /** Runs a tick that must not be stopped. */
  tick(input?: Partial<TickIn>, seconds?: number): TickOut;
  ticks(count: number, seconds?: number): TickOut;
  row(n: number): Row;
  state(n: number): Record<string, never>;
  ofKind(kind: string): readonly Row[];
  intents<V extends Intent['verb']>(verb: V): readonly Extract<Intent, { verb: V }>[];
  said(): readonly string[];
  /** Calls a method as object `by`; runs a tick and gives the outcome. */
  call(by: number, object: number | string, method: string, params?: JsonObject): CallOutcome;
  /** The same world in a new isolate, with other scripts when given. */
  restart(more?: Partial<IsolateOptions>): Isolate;
  [Symbol.dispose](): void;
}

/** Loads the scripts and objects. Objects get ids 1, 2, 3, … in the order given. */
export function startIsolate(options: IsolateOptions): Isolate {
  const files = Object.fromEntries(
    Object.entries(options.scripts).map(([name, text]) => [name.includes('/') ? name : `scripts/${name}.ts`, text]),
  );
  const entries = Object.keys(files).filter((path) => /^(scripts|zones)\/[^/]+$/.test(path));
  const rows = new Map<string, Row>();
  let slots = 0;
  for (const [i, { fresh: _, ...given }] of (options.objects ?? []).entries()) {
    const made = row(given.kind, i + 1, given);
    rows.set(made.id, { ...made, slot: slots++ });
  }
  const fresh = new Set((options.objects ?? []).flatMap((o, i) => (o.fresh === false ? [] : idOf(i + 1))));
  const time = options.time ?? 1_000_000;
  let tick = 0;
  let now = time;
  let pending: InboxItem[] = [];
  let newSlots: [string, number][] = [];
  let calls = 0;
  let out: TickOut | null = null;
  const world: Record<string, unknown> = { ...options.state };
  let worldKeep: JsonObject = options.keep ?? {};
  const timers = new Map<string, TimerRow>();
  const reports: ScriptReport[] = [];
  const keyOf = (timer: Pick<TimerRow, 'object' | 'script' | 'name'>) =>
    `${timer.object} ${timer.script} ${timer.name}`;
  for (const timer of options.timers ?? []) timers.set(keyOf(timer), timer);

  const sandbox: Sandbox = createSandbox({
    memoryMb: options.limits?.memoryMb ?? 64,
    tickLimitMs: options.limits?.tickLimitMs ?? 2_000,
    loadLimitMs: options.limits?.loadLimitMs ?? 5_000,
    blame: options.blame ?? null,
    ...(options.onHandler ? { onHandler: options.onHandler } : {}),
  });
  const loadIn = (reason: LoadIn['reason']): LoadIn => ({
    zone: options.zone ?? 'test/yard',
    width: 100,
    height: 100,
    tickRate: 20,
    hearing: 15,
    character: options.character ?? 'farmer',
    settings: options.settings ?? {},
    solids: options.solids ?? [],
    areas: options.areas ?? [],
    programs: entries.map((path) => {
      const program = programOf(files, path);
      const resting = options.resting?.[program.name];
      return resting === undefined ? program : { ...program, resting };
    }),
    seed: options.seed ?? 7,
    reason,
    state: world as JsonObject,
    keep: worldKeep,
    objects: [...rows.values()].map((each) => ({ ...each, fresh: fresh.has(each.id) })),
    timers: [...timers.values()],
    keepFormer: options.keepFormer ?? false,
    ids: [{ first: `0002${(4096 + tick * 1000).toString(16).padStart(12, '0')}`, count: 1024 }],
    connected: [...rows.values()].flatMap((each) => each.owner ?? []),
  });
  const loaded = sandbox.load(loadIn(options.reason ?? 'start'));

  function apply(intent: Intent): void {
    if (intent.verb === 'spawn') {
      const { verb: _, by: __, ignore: ___, owner, ...fields } = intent;
      const made = row(intent.kind, 0, { ...fields, owner: owner && (rows.get(owner)?.owner ?? null) });
      rows.set(intent.id, { ...made, slot: slots });
      newSlots.push([intent.id, slots++]);
      return;
    }
    const known = 'id' in intent && intent.id !== null ? rows.get(intent.id) : undefined;
    if (intent.verb === 'send') pending.push({ type: 'message', message: intent.message });
    if (!known) return;
    if (intent.verb === 'destroy') rows.delete(known.id);
    if (intent.verb === 'place') rows.set(known.id, { ...known, x: intent.x, y: intent.y });
    if (intent.verb === 'hold') rows.set(known.id, { ...known, holder: intent.holder, x: intent.x, y: intent.y });
    if (intent.verb === 'velocity') rows.set(known.id, { ...known, vx: intent.vx, vy: intent.vy });
    if (intent.verb === 'set') {
      const { solid: _, type: __, ...fields } = intent.fields;
      rows.set(known.id, { ...known, ...fields });
    }
  }

  function take(result: TickOut): TickOut {
    out = result;
    for (const intent of result.intents) apply(intent);
    for (const change of result.changes) {
      const known = rows.get(change.id);
      if (!known) continue;
      rows.set(change.id, {
        ...known,
        state: { ...(change.whole?.state ?? known.state), ...change.state },
        own: { ...(change.whole?.own ?? known.own), ...change.own },
        keep: change.keep ?? known.keep,
      });
    }
    Object.assign(world, result.world.state);
    worldKeep = result.world.keep ?? worldKeep;
    for (const timer of result.timers) {
      if (timer.due === null) timers.delete(keyOf(timer));
      else timers.set(keyOf(timer), { ...timer, due: timer.due });
    }
    reports.push(...result.reports);
    fresh.clear();
    return result;
  }

  /** Runs a tick; gives the fault when it was stopped. */
  function enter(input: Partial<TickIn> = {}, seconds = 0.05) {
    tick++;
    now += seconds;
    const items = [...pending, ...(input.items ?? [])];
    const quiet = { throttles: [], settled: false, measure: { handlers: false, part: 0, of: 16 } };
    const given = {
      moved: [],
      contacts: [],
      walks: [],
      loaded: [],
      timers: [],
      refused: [],
      ids: [],
      ...quiet,
      ...input,
    };
    const step: TickIn = { ...given, tick, time: now, dt: seconds, slots: newSlots, items };
    pending = [];
    newSlots = [];
    return sandbox.tick(step);
  }

  const api: Isolate = {
    sandbox,
    rows,
    timers,
    reports,
    world,
    get load() {
      if (loaded.kind !== 'ok') throw new Error(`not loaded: ${loaded.fault.kind} ${loaded.fault.message}`);
      return loaded.out;
    },
    loaded,
    get out() {
      if (!out) throw new Error('no tick yet');
      return out;
    },
    enter,
    tick(input = {}, seconds = 0.05) {
      const entered = enter(input, seconds);
      if (entered.kind === 'fault') throw new Error(`${entered.fault.kind}: ${entered.fault.message}`);
      return take(entered.out);
    },
    ticks(count, seconds = 0.05) {
      for (let i = 1; i < count; i++) api.tick({}, seconds);
      return api.tick({}, seconds);
    },
    row(n) {
      const found = rows.get(idOf(n));
      if (!found) throw new Error(`object ${n} is gone`);
      return found;
    },
    state: (n) => api.row(n).state as Record<string, never>,
    ofKind: (kind) => [...rows.values()].filter((each) => each.kind === kind),
    intents: <V extends Intent['verb']>(verb: V) =>
      api.out.intents.filter((intent): intent is Extract<Intent, { verb: V }> => intent.verb === verb),
    said: () => api.intents('say').map((intent) => intent.text),
    call(by, object, method, params = {}) {
      const call = ++calls;
      const owner = api.row(by).owner ?? '';
      const target = typeof object === 'string' ? object : idOf(object);
      const item = {
        type: 'call',
        call,
        owner,
        character: idOf(by),
        object: target,
        method,
        params,
        durable: false,
      } as const;
      const { outcomes } = api.tick({ items: [item] });
      const found = outcomes.find((outcome) => outcome.call === call);
      if (!found) throw new Error('no outcome');
      return found;
    },
    restart(more = {}) {
      sandbox.dispose();
      const objects = [...rows.values()].map(({ slot: _, ...rest }) => ({ ...rest, fresh: fresh.has(rest.id) }));
      const saved = { objects, timers: [...timers.values()], state: world as JsonObject, keep: worldKeep, time: now };
      return startIsolate({ ...options, ...saved, reason: 'reload', ...more });
    },
    [Symbol.dispose]: () => sandbox.dispose(),
  };
  return api;
}
