/**
 * What a game designer writes and reads: `import { defineObject } from 'roost'`.
 *
 * Lengths are metres (y down), angles radians clockwise, times seconds, speeds metres per second.
 * docs/scripts.md explains the words; this file is what an editor shows. It imports types only. Inside the sandbox
 * `roost` is the runtime's own copy of the functions at the end.
 */
import type { BodySpec, Json, JsonObject, Look, Point } from './content.ts';

export type { BodySpec, Json, JsonObject, Look, Point };

/** What state may hold: plain data that fits into JSON, at most 16 deep and 16 KB an object. */
export type Data = null | boolean | number | string | Data[] | { [key: string]: Data };

/** Nothing declared. */
type None = Record<never, never>;

/** Declared fields with their defaults: `{ mood: 'calm', eggs: 0, friend: maybe<string>(), bag: list<string>() }`. */
export type Fields = { [name: string]: unknown };

/** A place, or something that has one. */
export type Target = Point | Thing;

/** A named place of the map (layer `areas`). */
export interface Area extends Point {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Whether the point, or the centre of the object, lies inside. */
  has(point: Target): boolean;
  /** A random point inside. */
  random(): Point;
}

/** What `around`, `find` and `contents` look for: a kind, or all that is named here. */
export type Where =
  | string
  | {
      /** A kind, or `player` for every character. */
      readonly kind?: string;
      readonly name?: string;
      readonly word?: string;
      /** State fields that must have these values. */
      readonly state?: JsonObject;
    };

/**
 * An object as every script may see it. Works only in the handler that got it: keep its `id` and ask
 * `world.get(id)` next time.
 */
export interface Thing extends Point {
  /** 16 hex digits, the same for the whole life of the object. */
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** Metres from the left edge of the zone, as of the last step. */
  readonly x: number;
  /** Metres from the upper edge of the zone, as of the last step. */
  readonly y: number;
  /** Radians clockwise, 0 looks right. */
  readonly angle: number;
  /** Metres per second. */
  readonly vx: number;
  readonly vy: number;
  /** Metres per second it walks at by default. */
  readonly speed: number;
  /** 1 is its natural size. */
  readonly scale: number;
  readonly look: Look | null;
  /** Whether it is the character of a player. */
  readonly isPlayer: boolean;
  /** Whether the player of this character is connected; false for anything else. */
  readonly connected: boolean;
  /** Id of the character of the player who owns it, when that character is here, else null. */
  readonly owner: string | null;
  /** Whether it has the word, such as `hidden` or `fixed`. */
  is(word: string): boolean;
  /** The object that contains it, or null. */
  readonly holder: View | null;
  /** What it contains, oldest first, at most 64. */
  contents(where?: Where): View[];
  /** Whether it contains `n` (default 1) things of a kind. */
  has(kind: string, n?: number): boolean;
  /** Makes `n` (default 1) things of a kind inside it: all, or none and false when it refuses or is full. */
  give(kind: string, n?: number): boolean;
  /** Destroys `n` (default 1) things of a kind inside it: all, or none and false when there are fewer. */
  take(kind: string, n?: number): boolean;
  /** Puts it into a holder; false when `before.take` of it, `before.enter` of the holder, or room says no. */
  into(holder: Thing): boolean;
  /** Pushes it by an impulse (kg·m/s); false when its `before.push` says no or it cannot be pushed. */
  push(ix: number, iy: number): boolean;
}

/** Another object: read only. To change it, send it a message. */
export interface View extends Thing {
  readonly words: readonly string[];
  /** Its public state. */
  readonly state: { readonly [field: string]: Json | undefined };
}

/** The character of a player. */
export type Player = View;

/** The words of an object: `hidden` (players do not see it), `fixed` (never moved by others), or your own. */
export interface Words extends Iterable<string> {
  add(word: string): void;
  remove(word: string): void;
  has(word: string): boolean;
}

/** The object a handler runs for. Works only in that handler. */
export interface Self<S = None, O = None, X = None> extends Thing {
  /** Shown to players; at most 64 characters. */
  name: string;
  look: Look | null;
  /** Where it faces, radians clockwise. */
  angle: number;
  /** Metres per second it walks at by default (4 for a character). */
  speed: number;
  scale: number;
  /** False takes the body out of physics. */
  physical: boolean;
  readonly words: Words;
  readonly body: {
    /** Whether it blocks; a door that opens sets it to false. */
    solid: boolean;
    type: 'dynamic' | 'static' | 'kinematic';
  };
  /** Everyone in view sees it. Saved. */
  readonly state: S;
  /** Only the session of its owner sees it. Saved. */
  readonly own: O;
  /** Only this script sees it; never leaves the server. Saved. */
  readonly secret: X;

  /** Sets its velocity, metres per second. Damping slows it down again. */
  velocity(x: number, y: number): void;
  /**
   * Walks there, round what never moves, until it arrives or is told otherwise.
   * @param speed  Metres per second, default its own `speed`.
   * @returns      Where this walk stands: `stuck` when there is no way.
   */
  walkTo(target: Target, speed?: number): 'there' | 'going' | 'stuck';
  /** Runs straight away from something (call it every tick). Metres per second. */
  flee(from: Target, speed?: number): void;
  /** Strolls about, turning now and then (call it every tick). Metres per second. */
  wander(speed?: number): void;
  /** Stops walking and moving. */
  stop(): void;
  /** Turns towards something at once. */
  face(target: Target): void;
  /** Jumps by (dx, dy) metres: false and unmoved when something fixed is in the way; movable bodies are pushed. */
  move(dx: number, dy: number): boolean;
  /** Jumps to a place of the zone: false and unmoved when it is outside. */
  teleport(x: number, y: number): boolean;

  /** The nearest of a kind (`player` for characters) within `radius` metres. */
  nearest(kind: string, radius: number): View | undefined;
  /** What is within `radius` metres of its centre, nearest first, at most 64. */
  around(radius: number, where?: Where): View[];
  /** What touches or overlaps its body, nearest first, at most 64. */
  touching(where?: Where): View[];
  /** Metres between the centres. */
  distance(target: Target): number;
  /** Whether nothing solid that never moves is between the centres. */
  sees(target: Target): boolean;

  /** Says a line that everyone within hearing hears, objects too. At most 500 characters, 5 a second. */
  say(text: string): void;
  /** Says one of the lines, by chance. */
  sayOneOf(lines: readonly string[]): void;
  /** Tells something to one player alone. */
  tell(player: Thing, text: string): void;
  /** Asks one player; the choice arrives in `answers[name]`. At most 8 choices. */
  ask(player: Thing, name: string, text: string, choices: readonly string[]): void;
  /** Sends a message to another object, which gets it in `messages[name]` in the next tick; false when it is not here. */
  send(to: Thing | string, name: string, data?: Json): boolean;
  /** Shows something to everyone who sees it: a sound, particles. Lost when nobody looks. */
  effect(name: string, data?: Json): void;

  /** Makes a thing inside it, usable at once. @throws when it is full or refuses. */
  create(kind: string): View;
  /** Puts something it contains on the ground beside it; a kind takes the first of that kind, or makes one when it has none. */
  drop(what: Thing | string): boolean;

  /** What this script remembers of a player: 1 KB each, kept as long as the character lives, seen by nobody else. */
  memory<T extends object = { [key: string]: Data | undefined }>(player: Thing): Partial<T>;
  /** True the first time, then false: for ever, or until the next day (UTC). `name` tells several apart. */
  once(player: Thing, per: 'ever' | 'day', name?: string): boolean;
  /** True when `seconds` have passed since it was last true for this name (and player). */
  cooldown(name: string, seconds: number, player?: Thing): boolean;

  /** Runs `timers[name]` once in `seconds`; setting a name again replaces it. At most 64 an object. Survives restarts. */
  after(seconds: number, name: string, data?: Json): void;
  /** Runs `timers[name]` every `seconds` (at least 0.05). */
  every(seconds: number, name: string, data?: Json): void;
  /** Forgets a timer. */
  cancel(name: string): void;

  /** Writes a line to the log and to the page that watches, in development. */
  log(...values: readonly unknown[]): void;
  /** Ends it after the handler, with what it holds. Players cannot be ended. */
  destroy(): void;
}

/** Merge your zone's fields in to have them typed: `declare module 'roost' { interface ZoneState { night: boolean } }`. */
// biome-ignore lint/suspicious/noEmptyInterface: it exists to be merged into
export interface ZoneState {}

export type SpawnAt = {
  /** Where: a point, an object, or the name of an area. Default: the middle of the zone, or beside what spawns. */
  readonly at?: Target | string;
  readonly name?: string;
  readonly look?: Look;
  readonly angle?: number;
  /** Metres per second it starts with in the direction of `angle`. */
  readonly speed?: number;
  /** The player it belongs to. */
  readonly owner?: Thing;
  /** What it does not collide with. */
  readonly ignore?: readonly Thing[];
  /** Seconds until it is destroyed by itself. */
  readonly life?: number;
  /** Fields of its state that differ from the defaults. */
  readonly state?: JsonObject;
  /** The object that contains it from the start. */
  readonly inside?: Thing;
};

/** The zone. */
export interface World<Z = ZoneState & { [field: string]: Data | undefined }> {
  /** The zone's public state, declared by its `defineZone`. Any script of the zone may set it. */
  readonly state: Z;
  /** The `settings` of game.json, live. */
  readonly settings: { readonly [name: string]: Json | undefined };
  /** Unix seconds, fixed for the tick. */
  readonly time: number;
  /** Number of this tick. */
  readonly tick: number;
  /** Seconds since the tick before. */
  readonly dt: number;
  /** Such as `farmyard/meadow`. */
  readonly zone: string;
  /** Metres. */
  readonly width: number;
  readonly height: number;

  /** Characters that are here, in id order. */
  players(): Player[];
  /** How many of a kind are here. */
  count(kind: string): number;
  /** The object with this id, when it is here. */
  get(id: string): View | undefined;
  /** Objects in id order, at most 64. */
  find(where: Where): View[];
  /** A named place of the map. */
  area(name: string): Area | undefined;

  /** Makes an object, usable at once; its `create` runs after this handler, in the same tick. 5 a second and object. */
  spawn(kind: string, at?: SpawnAt): View;
  /** Takes a character or thing, and what it holds, to another zone: an area's name or a point there. */
  goto(who: Thing, zone: string, at?: string | Point): void;
  /** Sends an event to every player in the zone. */
  emit(name: string, data?: Json): void;

  /** Dice: `2d6+1`, or several, `1d20 2d4-1`: the sum. @throws above 100 dice or when it is not dice. */
  roll(dice: string): number;
  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean;
  /** A number from `min` (default 0) up to, not including, `max` (default 1). */
  random(min?: number, max?: number): number;
  /** One of the list, by chance. @throws when it is empty. */
  pick<T>(list: readonly T[]): T;
  /** Text of a made-up language: vowels stay vowels, consonants consonants, case is kept; the same text gives the same. */
  babble(text: string): string;
  /** Writes a line to the log. */
  log(...values: readonly unknown[]): void;
}

/** What a handler may give back to the player: a text or plain data, at most 4 KB. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler without return is the usual one
export type Reply = Json | void;

/** A reason to refuse, or nothing to let it happen. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler without return lets it happen
export type Refusal = string | false | void;

/** What happens to an object. Handlers go by the name of the event. */
export type Events<Me> = {
  /** Once in an object's life. */
  create?(self: Me, event: { readonly world: World }): void;
  /** Whenever it enters a sandbox: never assume only once. */
  load?(self: Me, event: { readonly world: World; readonly reason: 'start' | 'reload' | 'recover' | 'arrive' }): void;
  /** Every tick, or every `every` seconds. */
  tick?(self: Me, event: { readonly world: World }): void;
  /** On the character: what the player's keys say, as the client sends it. Without it: walks by `x`, `y` in -1 … 1. */
  input?(
    self: Me,
    event: {
      readonly world: World;
      readonly by: Player;
      readonly input: { readonly [key: string]: Json | undefined };
      readonly seq: number;
    },
  ): void;
  /** A player uses it. What is given back is shown to the player. */
  activate?(self: Me, event: { readonly world: World; readonly by: Player }): Reply;
  /** Its body begins to touch another; also sensors. */
  touch?(self: Me, event: { readonly world: World; readonly other: View }): void;
  /** Its body no longer touches another; also when that was destroyed. */
  part?(self: Me, event: { readonly world: World; readonly other: View }): void;
  /** Something of `near.kinds` came within `near.radius`. */
  near?(self: Me, event: { readonly world: World; readonly other: View }): void;
  /** It went away again (a little beyond the radius), or is gone. */
  far?(self: Me, event: { readonly world: World; readonly other: View }): void;
  /** Somebody within hearing said something; never its own lines. */
  hear?(
    self: Me,
    event: { readonly world: World; readonly from: View; readonly text: string; readonly isPlayer: boolean },
  ): void;
  /** A player came into the zone. */
  enter?(self: Me, event: { readonly world: World; readonly who: Player }): void;
  /** A player goes out of the zone: for another one, or for good. */
  leave?(self: Me, event: { readonly world: World; readonly who: Player }): void;
  /** Its owner's connection came or went. */
  owner?(self: Me, event: { readonly world: World; readonly who: Player | null; readonly connected: boolean }): void;
  /** Something it asked for was refused outside: the verb, and why. */
  refused?(self: Me, event: { readonly world: World; readonly verb: string; readonly reason: string }): void;
  /** It is about to end. */
  destroy?(self: Me, event: { readonly world: World }): void;
};

/** May refuse with a reason. What they ask for is undone with the handler that caused them. */
export type Before<Me> = {
  /** It is about to go into `holder`. */
  take?(self: Me, event: { readonly world: World; readonly holder: View }): Refusal;
  /** `what` is about to come into it. */
  enter?(self: Me, event: { readonly world: World; readonly what: View }): Refusal;
  /** `by` is about to push it by a script. */
  push?(self: Me, event: { readonly world: World; readonly by: View | null }): Refusal;
};

/** `timers: { cluck(self) { … } }`. `missed` counts the firings of `every` that a sleep swallowed. */
export type Timers<Me> = {
  [name: string]: (self: Me, event: { readonly world: World; readonly data: Json; readonly missed: number }) => void;
};

/** `messages: { bite(self, { from, data }) { … } }`. `from` is null when the sender is gone. */
export type Messages<Me> = {
  // biome-ignore lint/suspicious/noExplicitAny: what other scripts send has the shape they agreed on; checking it is the receiver's choice
  [name: string]: (self: Me, event: { readonly world: World; readonly from: View | null; readonly data: any }) => void;
};

/** `answers: { start(self, { by, choice }) { … } }`: what a player chose after `ask`. */
export type Answers<Me> = {
  [name: string]: (self: Me, event: { readonly world: World; readonly by: Player; readonly choice: string }) => Reply;
};

/** Types of method params; `?` may be left out. Strings hold at most 500 characters, `id` is an object's. */
export type ParamType =
  | 'number'
  | 'integer'
  | 'string'
  | 'boolean'
  | 'id'
  | 'number?'
  | 'integer?'
  | 'string?'
  | 'boolean?'
  | 'id?';
export type ParamTypes = { readonly [name: string]: ParamType };

type ParamValue<T> = T extends `${'number' | 'integer'}${'' | '?'}`
  ? number
  : T extends `boolean${'' | '?'}`
    ? boolean
    : string;

/** Params as the handler gets them: `{ amount: 'number', note: 'string?' }` is `{ amount: number; note?: string }`. */
export type ParamsOf<P> = {
  readonly [K in keyof P as P[K] extends `${string}?` ? never : K]: ParamValue<P[K]>;
} & {
  readonly [K in keyof P as P[K] extends `${string}?` ? K : never]?: ParamValue<P[K]>;
};

/** Something clients may ask of an object: `object.call { id, method, params }`. */
export type Method<Me, P> = {
  /** What players read beside the key: `Feed`. Default: the method's name. */
  readonly label?: string;
  /** `owner`: who controls or owns it. `reach`: a character near enough. `view`: everybody who sees it. Default `owner` on characters, else `reach`. */
  readonly allow?: 'owner' | 'reach' | 'view';
  /** Metres from edge to edge, default 2. */
  readonly reach?: number;
  /** True: the answer waits until what happened is on disk. */
  readonly durable?: boolean;
  readonly params?: { readonly [N in keyof P]: P[N] & ParamType };
  handle(self: Me, event: { readonly world: World; readonly by: Player; readonly params: ParamsOf<P> }): Reply;
};

/** What an object was before its `version` rose. */
export type Old = {
  readonly state: { [field: string]: Data };
  readonly own: { [field: string]: Data };
  readonly secret: { [field: string]: Data };
};

/** An object script: `export default defineObject({ … })`. Everything is optional. */
export type ObjectScript<S, O, X, P> = {
  /** Version of the shape of its state, a whole number from 1 on (default 1). When it rises, `migrate` runs on older objects. */
  readonly version?: number;
  /** How it is drawn: an emoji, or a shape with colour, size, label. */
  readonly look?: Look;
  /** Its body; without it, it is touched by nothing. */
  readonly body?: BodySpec;
  /** Metres per second it walks at. Default 2, for characters 4. */
  readonly speed?: number;
  /** Seconds between two `tick`s; default every tick. */
  readonly every?: number;
  /** For `near` and `far`: metres, and which kinds (default: players). */
  readonly near?: { readonly radius: number; readonly kinds?: readonly string[] };
  /** How many things it can hold (default 64). */
  readonly contains?: { readonly max: number };
  /** Fields everyone in view sees. */
  readonly state?: S;
  /** Fields only the owner sees. */
  readonly own?: O;
  /** Fields only this script sees. */
  readonly secret?: X;
  readonly on?: Events<Self<S, O, X>>;
  readonly before?: Before<Self<S, O, X>>;
  readonly timers?: Timers<Self<S, O, X>>;
  readonly messages?: Messages<Self<S, O, X>>;
  readonly answers?: Answers<Self<S, O, X>>;
  readonly methods?: { readonly [K in keyof P]: Method<Self<S, O, X>, P[K]> };
  /** Turns data of an older `version` into today's. */
  migrate?(
    old: Old,
    from: number,
  ): {
    state?: { [K in keyof S]?: unknown };
    own?: { [K in keyof O]?: unknown };
    secret?: { [K in keyof X]?: unknown };
  };
};

/** The zone as its own script has it: with timers. */
export interface Zone<Z> extends World<Z> {
  /** Runs `timers[name]` once in `seconds`. */
  after(seconds: number, name: string, data?: Json): void;
  /** Runs `timers[name]` every `seconds`. */
  every(seconds: number, name: string, data?: Json): void;
  cancel(name: string): void;
}

/** What happens to a zone. */
export type ZoneEvents<W> = {
  /** Once in the zone's life. */
  create?(world: W): void;
  /** Whenever the zone enters a sandbox. */
  load?(world: W, event: { readonly reason: 'start' | 'reload' | 'recover' }): void;
  tick?(world: W): void;
  enter?(world: W, event: { readonly who: Player }): void;
  leave?(world: W, event: { readonly who: Player }): void;
  /** Something the zone's script asked for was refused outside. */
  refused?(world: W, event: { readonly verb: string; readonly reason: string }): void;
};

/** What clients may ask of a zone's script. */
export type ZoneMethod<W, P> = {
  readonly label?: string;
  readonly durable?: boolean;
  readonly params?: { readonly [N in keyof P]: P[N] & ParamType };
  handle(world: W, event: { readonly by: Player; readonly params: ParamsOf<P> }): Reply;
};

/** A zone script: `games/<game>/zones/<zone>.ts`, `export default defineZone({ … })`. */
export type ZoneScript<Z, P> = {
  readonly version?: number;
  /** Seconds between two `tick`s; default every tick. */
  readonly every?: number;
  /** Public state of the zone, `world.state` in every script. */
  readonly state?: Z;
  readonly on?: ZoneEvents<Zone<Z>>;
  readonly timers?: {
    [name: string]: (world: Zone<Z>, event: { readonly data: Json; readonly missed: number }) => void;
  };
  readonly methods?: { readonly [K in keyof P]: ZoneMethod<Zone<Z>, P[K]> };
};

/** What `defineObject` gives back; Roost reads it. */
export type Definition = { readonly role: 'object' | 'zone'; readonly script: object };

/** Declares what objects of a kind are and do. The kind is the name of the file. */
export function defineObject<S extends Fields = None, O extends Fields = None, X extends Fields = None, P = None>(
  script: ObjectScript<S, O, X, P>,
): Definition {
  return { role: 'object', script };
}

/** Declares what a zone is and does. The zone is the name of the file. */
export function defineZone<Z extends Fields = None, P = None>(script: ZoneScript<Z, P>): Definition {
  return { role: 'zone', script };
}

/** A field that may be empty: `friend: maybe<string>()` holds a string or null, null at first. */
export function maybe<T>(first: T | null = null): T | null {
  return first;
}

/** A field that holds a list: `bag: list<string>()`, empty at first. */
export function list<T>(first: readonly T[] = []): T[] {
  return [...first];
}

/** Metres between two points or objects. */
export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** Radians clockwise from `from` towards `to`; 0 is to the right. */
export function direction(from: Point, to: Point): number {
  return Math.atan2(to.y - from.y, to.x - from.x);
}

/** The nearest number within the bounds. */
export function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

/**
 * Scrambles text into a language that can be pronounced: vowels stay vowels, consonants consonants, case is kept,
 * everything else stays. The same text gives the same words.
 */
export function babble(text: string): string {
  const vowels = 'aeiou';
  const consonants = 'bcdfghjklmnpqrstvwxyz';
  let out = '';
  let turn = 0;
  for (const char of text) {
    const lower = char.toLowerCase();
    const group = vowels.includes(lower) ? vowels : consonants.includes(lower) ? consonants : '';
    turn = (turn * 31 + (char.codePointAt(0) ?? 0)) % 65_521;
    const other =
      group[(group.indexOf(lower) + 1 + (turn % Math.max(1, group.length - 1))) % Math.max(1, group.length)];
    out += other === undefined ? char : char === lower ? other : other.toUpperCase();
  }
  return out;
}
