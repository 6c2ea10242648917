/** What a test of object scripts can do: the page that its author reads. docs/testing.md explains it. */
import type { Json, JsonObject, Point } from '../contract/content.ts';
import type { ScriptReport } from '../contract/link.ts';
import type { Cost } from './sandbox.ts';
import type { SceneOptions } from './scene.ts';
import type { Asked, Departure, Effect, Emitted, Said, Sent, Told } from './seen.ts';
import type { Fields, Thing } from './things.ts';

export type SimulateOptions = SceneOptions & {
  /** The same number, the same chances. 1 unless given. */
  readonly seed?: number;
  /** Unix seconds at the beginning. */
  readonly time?: number;
  /** `throw` (default): a script that fails ends the test at that place. `collect`: it is only in `errors`. */
  readonly errors?: 'throw' | 'collect';
  /** Milliseconds a tick may take before it is stopped and undone; 1,000, since a test may run on a busy machine. */
  readonly tickLimitMs?: number;
  /** Folders that paths are inside of; those of `roost test` unless given. */
  readonly roots?: readonly string[];
};

/** How something is when it is placed. */
export type PlaceOptions = Partial<Point> & {
  readonly name?: string;
  /** Radians clockwise. */
  readonly angle?: number;
  readonly state?: JsonObject;
  readonly own?: JsonObject;
  readonly secret?: JsonObject;
  readonly words?: readonly string[];
  /** The player who owns it. */
  readonly owner?: Thing;
  /** What holds it. */
  readonly inside?: Thing;
  /** It was stored by this version of its script: `create` has run already, and `migrate` brings it up to date. */
  readonly version?: number;
};

export interface Simulation extends Disposable, AsyncDisposable {
  /** Puts something there, exactly there, and lets one tick pass: `create` and `load` have run. */
  place(kind: string, options?: PlaceOptions): Thing;
  /** A player comes in with a character, at the area `spawn` or the middle unless told where. */
  join(name: string, options?: Omit<PlaceOptions, 'owner' | 'inside'>): Thing;
  /** The player leaves for good; what the character carried stays. */
  leave(player: Thing): void;
  /** The connection of the player breaks, or comes back. */
  connect(player: Thing, connected: boolean): void;
  /** Calls a method of an object as the player's client would. @throws Refused, ScriptError */
  call(player: Thing, object: Thing | 'zone', method: string, params?: JsonObject): Json;
  /** The player uses an object. Gives what is shown, null when nothing is. @throws Refused, ScriptError */
  activate(player: Thing, object: Thing): Json;
  /** The player chooses an answer to what an object has asked. @throws Refused, ScriptError */
  answer(player: Thing, object: Thing, name: string, choice: string): Json;
  /** What the player's keys say, until told otherwise. */
  input(player: Thing, input: JsonObject): void;
  /** The player says something where the character stands. */
  say(player: Thing, text: string): void;
  /** A message to an object, from another one or from nobody. */
  send(to: Thing, name: string, data?: Json, from?: Thing): void;

  /** Lets ticks pass, 1 unless told how many. @throws ScriptError at the tick in which a script fails */
  tick(count?: number): void;
  /** Lets seconds pass, at least one tick. @throws ScriptError */
  seconds(seconds: number): void;
  /** Lets time pass until it holds. @throws Error when it does not within `seconds` (60 unless given); ScriptError */
  until(holds: () => boolean, options?: { readonly seconds?: number }): void;

  /** Everything of a kind, in the order of their ids. */
  find(kind: string): readonly Thing[];
  /** The only one of a kind. @throws Error when there is none, or more */
  the(kind: string): Thing;
  get(id: string): Thing | undefined;
  /** `world.state`. */
  readonly world: Fields;
  /** Unix seconds. */
  readonly time: number;
  /** Number of the last tick. */
  readonly ticks: number;

  /** Lines that were said, players' among them. */
  readonly said: readonly Said[];
  readonly effects: readonly Effect[];
  /** What `world.emit` told everybody. */
  readonly emitted: readonly Emitted[];
  /** Messages that objects sent each other. */
  readonly messages: readonly Sent[];
  /** Who was sent to other zones. */
  readonly departures: readonly Departure[];
  /** What was told to one player alone. */
  told(player: Thing): readonly Told[];
  asked(player: Thing): readonly Asked[];
  /** What `log` wrote. */
  readonly logged: readonly string[];
  /** What scripts failed of, with file, line and column. */
  readonly errors: readonly ScriptReport[];
  /** What scripts asked for and did not get, with the reason. */
  readonly refused: readonly ScriptReport[];
  /** Forgets what was said, told, shown and reported. */
  clear(): void;

  /** What handlers spent: milliseconds and calls by kind, and by `kind handler`. */
  costs(): Costs;
  /**
   * What saving the files does: they are read again and take over with the state kept. A text stands for the file of
   * the script, or of another kind. @throws ScriptError when the new build is not taken; the old one goes on
   */
  reload(text?: string, kind?: string): void;
  /** What a restart of the node does: everything begins again from what was saved. */
  restart(options?: { readonly world?: JsonObject }): void;
  /** Over everything that is in the zone: equal when two runs are. */
  hash(): string;
}

export type Costs = {
  /** CPU milliseconds of everything. */
  readonly cpuMs: number;
  readonly kinds: { readonly [kind: string]: Cost };
  readonly handlers: { readonly [handler: string]: Cost };
};
