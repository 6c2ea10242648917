/** The methods of a node as `host.info` tells them: asked for once, and again when a word is not among them. */
import type { ShellDoor } from './door.ts';
import type { Schema } from './params.ts';

/** A method, for help and for the types of its params. */
export type MethodHelp = {
  /** `area.verb`. */
  readonly name: string;
  readonly doc: string;
  readonly plugin: string;
  readonly allow: string;
  readonly rate: { readonly perSecond: number; readonly burst: number };
  /** JSON Schema; null when everything passes. */
  readonly params: Schema | null;
};

/** A zone that a game declares. */
export type ZoneHelp = {
  /** `game/zone`. */
  readonly zone: string;
  /** Metres. */
  readonly width: number;
  readonly height: number;
  readonly view: number;
};

type Info = {
  readonly name: string;
  readonly version: string;
  readonly game: string;
  readonly games: readonly { readonly name: string; readonly title: string; readonly zones: readonly ZoneHelp[] }[];
  readonly methods: readonly MethodHelp[];
};

/** A plugin that was dropped in is there after this long at the latest. */
const freshMs = 500;

export class Catalogue {
  readonly #door: ShellDoor;
  readonly #nowMs: () => number;
  #info: Info | undefined;
  #atMs = Number.NEGATIVE_INFINITY;

  constructor(door: ShellDoor, nowMs: () => number) {
    this.#door = door;
    this.#nowMs = nowMs;
  }

  /** Undefined when nobody has it, now. */
  async find(name: string): Promise<MethodHelp | undefined> {
    const wanted = name.toLowerCase();
    const look = (info: Info | undefined) => info?.methods.find((method) => method.name.toLowerCase() === wanted);
    return look(this.#info ?? (await this.#load())) ?? look(await this.#fresh());
  }

  /** Those that somebody could call over a connection, by name. */
  async list(): Promise<readonly MethodHelp[]> {
    const { methods = [] } = (await this.#fresh()) ?? {};
    return methods.filter(({ allow }) => allow !== 'server').toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** What is known of a method without asking. */
  known(name: string): MethodHelp | undefined {
    return this.#info?.methods.find((method) => method.name.toLowerCase() === name.toLowerCase());
  }

  /** What is known without asking: names for completion. */
  names(): readonly string[] {
    return this.#info?.methods.filter(({ allow }) => allow !== 'server').map(({ name }) => name) ?? [];
  }

  /** Version, games and zones. */
  async about(): Promise<Omit<Info, 'methods'> | undefined> {
    return this.#info ?? (await this.#load());
  }

  /** A zone as its game declares it; instances are like their zone. */
  async zone(id: string): Promise<ZoneHelp | undefined> {
    const declared = id.replace(/[#@~].*$/, '');
    const info = await this.about();
    return info?.games.flatMap(({ zones }) => zones).find(({ zone }) => zone === declared);
  }

  async #fresh(): Promise<Info | undefined> {
    return this.#nowMs() - this.#atMs < freshMs ? this.#info : await this.#load();
  }

  /** What was known stays when the node does not answer. */
  async #load(): Promise<Info | undefined> {
    const answer = await this.#door.call('host.info', {});
    if (answer.ok) {
      this.#info = answer.result as Info;
      this.#atMs = this.#nowMs();
    }
    return this.#info;
  }
}
