/**
 * Zones by hand: frames are published when a test says so. The gateway's other side in tests that are about clients
 * and not about worlds.
 */
import type { Game, Json, JsonObject, ZoneMap, ZoneSpec } from '../../core/contract/content.ts';
import { HostError } from '../../core/contract/errors.ts';
import type {
  Line,
  ObjectId,
  PublicChange,
  PublicFrame,
  PublicObject,
  ZoneEvent,
  ZoneId,
  ZoneStats,
} from '../../core/contract/link.ts';
import type {
  Comer,
  Moved,
  Off,
  Whereabouts,
  ZoneAnswer,
  ZoneAsk,
  ZoneInfo,
  ZoneState,
  Zones,
  ZoneTell,
} from '../../core/contract/ports.ts';

type Thing = { -readonly [K in keyof PublicObject]: PublicObject[K] };

/** One zone: objects in framed units, and what changed since its last frame. */
export class ScriptedZone {
  readonly id: ZoneId;
  epoch = 1;
  tick = 0;
  readonly things = new Map<ObjectId, Thing>();
  readonly told: ZoneTell[] = [];
  audience = 0;
  readonly #watchers = new Set<() => void>();
  readonly #publish: (frame: PublicFrame) => void;
  #slots = 1;
  #counter = 1;
  #in: PublicObject[] = [];
  #moved = new Set<Thing>();
  #changes: PublicChange[] = [];
  #out: number[] = [];
  #jumps: number[] = [];
  #events: ZoneEvent[] = [];
  #world: JsonObject | null = null;
  #own: { owner: string; id: ObjectId; own: JsonObject }[] = [];
  #acks: { owner: string; seq: number }[] = [];

  constructor(id: ZoneId, publish: (frame: PublicFrame) => void) {
    this.id = id;
    this.#publish = publish;
  }

  /** Resolves when it was told so many things of a type. */
  async toldOf(type: ZoneTell['type'], count: number): Promise<readonly ZoneTell[]> {
    const done = Promise.withResolvers<readonly ZoneTell[]>();
    const look = () => {
      const found = this.told.filter((tell) => tell.type === type);
      if (found.length >= count) done.resolve(found);
    };
    this.#watchers.add(look);
    look();
    return await done.promise.finally(() => this.#watchers.delete(look));
  }

  spawn(fields: Partial<PublicObject> = {}): Thing {
    const id = `0001${(this.#counter++).toString(16).padStart(12, '0')}`;
    const thing: Thing = {
      id,
      slot: this.#slots++,
      kind: 'crate',
      name: '',
      look: null,
      body: null,
      holder: null,
      x: 0,
      y: 0,
      angle: 0,
      vx: 0,
      vy: 0,
      scale: 1,
      speed: 0,
      owner: null,
      words: [],
      physical: true,
      state: {},
      changed: this.tick + 1,
      changedTick: this.tick + 1,
      ...fields,
    };
    this.things.set(thing.id, thing);
    this.#in.push({ ...thing });
    return thing;
  }

  place(thing: Thing, x: number, y: number, angle = thing.angle): void {
    Object.assign(thing, { x, y, angle });
    this.#moved.add(thing);
  }

  jump(thing: Thing, x: number, y: number): void {
    this.place(thing, x, y);
    this.#jumps.push(thing.slot);
  }

  change(thing: Thing, fields: Partial<Omit<PublicObject, 'id' | 'slot' | 'kind'>>): void {
    const { state, ...rest } = fields;
    Object.assign(thing, rest, state === undefined ? {} : { state: { ...thing.state, ...state } });
    this.#changes.push({ slot: thing.slot, ...fields });
  }

  destroy(thing: Thing): void {
    this.things.delete(thing.id);
    this.#moved.delete(thing);
    this.#out.push(thing.slot);
  }

  event(event: ZoneEvent): void {
    this.#events.push(event);
  }

  say(thing: Thing, text: string): void {
    const { id, name, x, y, owner } = thing;
    this.event({ type: 'say', id, name, text, x, y, player: owner !== null, at: this.tick });
  }

  world(changes: JsonObject): void {
    this.#world = { ...this.#world, ...changes };
  }

  own(owner: string, id: ObjectId, own: JsonObject): void {
    this.#own.push({ owner, id, own });
  }

  /** Publishes what changed as one tick. */
  step(): void {
    this.tick += 1;
    const fresh = new Set(this.#in.map(({ id }) => id));
    const frame: PublicFrame = {
      zone: this.id,
      epoch: this.epoch,
      tick: this.tick,
      time: this.tick,
      in: this.#in,
      moves: [...this.#moved]
        .filter(({ id }) => !fresh.has(id))
        .flatMap(({ slot, x, y, angle, vx, vy }) => [slot, x, y, angle, vx, vy]),
      changes: this.#changes,
      out: this.#out,
      jumps: this.#jumps,
      events: this.#events,
      world: this.#world,
      own: this.#own,
      acks: this.#acks,
    };
    // What was spawned and then changed in the same tick is whole in `in` already.
    const whole = frame.in.map(({ id }) => this.things.get(id)).filter((thing) => thing !== undefined);
    this.#in = [];
    this.#moved = new Set();
    this.#changes = [];
    this.#out = [];
    this.#jumps = [];
    this.#events = [];
    this.#world = null;
    this.#own = [];
    this.#acks = [];
    // Frames travel as JSON: nothing of ours may be shared with the gateway.
    this.#publish(JSON.parse(JSON.stringify({ ...frame, in: whole })) as PublicFrame);
  }

  /** Loses everything that was in memory, as after the death of a worker; the next frame has it all again. */
  restart(): void {
    this.epoch += 1;
    this.#slots = 1;
    for (const thing of this.things.values()) thing.slot = this.#slots++;
    this.#in = [...this.things.values()];
  }

  join(owner: string, name: string, character: ObjectId | null): { character: ObjectId; made: boolean } {
    const known = character === null ? undefined : this.things.get(character);
    const thing = known ?? this.spawn({ kind: 'player', name, owner, x: 2_000, y: 2_000 });
    this.step();
    return { character: thing.id, made: known === undefined };
  }

  tell(tell: ZoneTell): void {
    this.told.push(tell);
    for (const look of this.#watchers) look();
    const thing = this.things.get(tell.character);
    if (thing === undefined) return;
    if (tell.type === 'leave') this.destroy(thing);
    if (tell.type !== 'input') return;
    const { x = 0, y = 0 } = tell.input as { readonly x?: number; readonly y?: number };
    this.place(thing, thing.x + x, thing.y + y);
    this.#acks.push({ owner: tell.owner, seq: tell.seq });
  }
}

export const spec: ZoneSpec = {
  name: 'meadow',
  map: null,
  capacity: 100,
  tickRate: 20,
  physics: null,
  awake: 'players',
  view: { radius: 10, cell: 5, most: 1_000 },
  hearing: 8,
  width: 60,
  height: 40,
};

export class ScriptedZones implements Zones {
  readonly running = new Map<ZoneId, ScriptedZone>();
  /** Waits before `ask` is answered, for tests that look between. */
  gate: Promise<void> = Promise.resolve();
  readonly #game: Game;
  readonly #frames = new Set<(frame: PublicFrame) => void>();
  readonly #states = new Set<(state: ZoneState) => void>();
  readonly #moving = new Set<(owner: string, from: ZoneId) => void>();
  readonly #moved = new Set<(moved: Moved) => void>();

  constructor(zones: readonly ZoneSpec[]) {
    this.#game = {
      name: 'devtest',
      title: 'Test',
      dev: true,
      start: 'meadow',
      character: 'player',
      zones,
      settings: {},
      units: { metre: 100, turn: 256 },
      folder: '/nowhere',
    };
  }

  get(zone: ZoneId): ScriptedZone {
    const found = this.running.get(zone);
    if (found === undefined) throw new Error(`${zone} does not run`);
    return found;
  }

  state(state: ZoneState): void {
    for (const listener of this.#states) listener(state);
  }

  /** Moves a character as a portal does. */
  move(owner: string, character: ObjectId, from: ZoneId, to: ZoneId): void {
    for (const listener of this.#moving) listener(owner, from);
    const thing = this.get(from).things.get(character);
    if (thing === undefined) throw new Error('no such character');
    this.get(from).destroy(thing);
    this.get(from).step();
    for (const listener of this.#moved) listener({ owner, character, from, to });
    this.get(to).spawn({ kind: 'player', name: thing.name, owner, x: 500, y: 500, id: character });
    this.get(to).step();
  }

  /** A portal that refuses, after the character was on its way or before. */
  refuse(owner: string, character: ObjectId, zone: ZoneId, wasMoving: boolean): void {
    if (wasMoving) for (const listener of this.#moving) listener(owner, zone);
    for (const listener of this.#moved) listener({ owner, character, from: zone, to: zone });
  }

  async admit(zone: ZoneId, _comer: Comer, full?: ReadonlySet<ZoneId>): Promise<ZoneId> {
    if (full?.has(zone)) throw new HostError('zone.full');
    return zone;
  }

  register(): void {}

  async unregister(): Promise<void> {}
  async discard(): Promise<void> {}

  async open(zone: ZoneId): Promise<ZoneInfo> {
    if (!/^[a-z]+\/[a-z]+$/.test(zone)) throw new HostError('zone.malformed');
    if (!this.#game.zones.some(({ name }) => `devtest/${name}` === zone)) throw new HostError('zone.unknown');
    if (!this.running.has(zone)) {
      const opened = new ScriptedZone(zone, (frame) => {
        for (const listener of this.#frames) listener(frame);
      });
      this.running.set(zone, opened);
      this.state({ zone, epoch: opened.epoch, state: 'running' });
    }
    return this.find(zone) as ZoneInfo;
  }

  find(zone: ZoneId): ZoneInfo | undefined {
    const found = this.running.get(zone);
    return found && { zone, game: 'devtest', epoch: found.epoch, state: 'running', kinds: new Map() };
  }

  examine(): undefined {}

  list(): readonly ZoneInfo[] {
    return [...this.running.keys()].map((zone) => this.find(zone) as ZoneInfo);
  }

  async ask(zone: ZoneId, ask: ZoneAsk): Promise<ZoneAnswer> {
    await this.gate;
    const found = this.get(zone);
    const result: Json = ask.type === 'join' ? found.join(ask.owner, ask.name, ask.character) : null;
    if (ask.type === 'say') {
      const thing = found.things.get(ask.character);
      if (thing !== undefined) found.say(thing, ask.text);
      found.step();
    }
    return { tick: found.tick, outcome: { call: 0, ok: true, result, durable: false } };
  }

  tell(zone: ZoneId, tell: ZoneTell): void {
    this.running.get(zone)?.tell(tell);
  }

  /** Characters of accounts that nobody plays, by owner. */
  readonly away = new Map<string, Whereabouts & { readonly name: string }>();

  async locate(owner: string): Promise<Whereabouts | undefined> {
    const away = this.away.get(owner);
    if (away !== undefined) return away;
    for (const [zone, { things }] of this.running)
      for (const thing of things.values()) if (thing.owner === owner) return { object: thing.id, zone, away: false };
    return undefined;
  }

  async putAway(zone: ZoneId, character: ObjectId): Promise<void> {
    const found = this.get(zone);
    const thing = found.things.get(character);
    if (thing?.owner == null) return;
    found.destroy(thing);
    found.step();
    this.away.set(thing.owner, { object: character, zone, away: true, name: thing.name });
  }

  async bringBack(owner: string, from: Whereabouts, zone: ZoneId): Promise<void> {
    const away = this.away.get(owner);
    if (away === undefined) throw new HostError('object.no-character');
    this.away.delete(owner);
    const found = this.get(zone);
    found.spawn({ kind: 'player', name: away.name, owner, x: 500, y: 500, id: from.object });
    found.step();
  }

  async look(): Promise<undefined> {
    return undefined;
  }

  async erase(object: ObjectId): Promise<boolean> {
    const [owner] = [...this.away].find(([, one]) => one.object === object) ?? [];
    return owner !== undefined && this.away.delete(owner);
  }

  audience(zone: ZoneId, sessions: number): void {
    const found = this.running.get(zone);
    if (found !== undefined) found.audience = sessions;
  }

  onFrame(listener: (frame: PublicFrame) => void): Off {
    this.#frames.add(listener);
    return () => this.#frames.delete(listener);
  }

  onState(listener: (state: ZoneState) => void): Off {
    this.#states.add(listener);
    return () => this.#states.delete(listener);
  }

  onMoving(listener: (owner: string, from: ZoneId) => void): Off {
    this.#moving.add(listener);
    return () => this.#moving.delete(listener);
  }

  onMoved(listener: (moved: Moved) => void): Off {
    this.#moved.add(listener);
    return () => this.#moved.delete(listener);
  }

  async lines(): Promise<readonly Line[]> {
    return [];
  }

  async stats(): Promise<readonly ZoneStats[]> {
    return [];
  }

  game(name: string): Game | undefined {
    return name === 'devtest' ? this.#game : undefined;
  }

  games(): readonly Game[] {
    return [this.#game];
  }

  map(): ZoneMap | undefined {
    return {
      width: 60,
      height: 40,
      pixelsPerMetre: 16,
      layers: [],
      tiles: [],
      solids: [],
      areas: [],
      objects: [],
      hash: 'abcdef012345',
    };
  }
}
