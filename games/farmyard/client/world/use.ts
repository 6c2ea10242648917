import type { Client, MirrorObject } from 'roost/client';
import type { Figure } from './figure.ts';

/** What the action button does to a thing: its word, and the method (`activate` when there is none). */
export type Use = { readonly target: Figure; readonly verb: string; readonly method: string | undefined };

/** What `object.methods` says of a kind. */
type Offer = {
  readonly kind: string;
  readonly activates: boolean;
  readonly methods: readonly {
    readonly name: string;
    readonly label: string;
    readonly allow: string;
    readonly reach: number;
    /** Types by name; one that ends with `?` may be left out. */
    readonly params: Readonly<Record<string, string>>;
  }[];
};

type Known = { readonly method: string | undefined; readonly label: string; readonly reach: number };

/** The word for using a kind that has no method for it; any other is simply used. */
const words: ReadonlyMap<string, string> = new Map([
  ['farmhand', 'Talk'],
  ['sign', 'Read'],
  ['gate', 'Open'],
  ['cow', 'Pat'],
  ['basket', 'Look'],
  ['scoreboard', 'Look'],
]);
/** Metres, of things that are used so; the server allows 2. */
const activateReach = 1.5;

/** Finds what is near enough to be used, and uses it. */
export class Uses {
  readonly #client: Client;
  readonly #told = new Map<string, Known>();
  #asked: ReadonlySet<string> = new Set();

  constructor(client: Client) {
    this.#client = client;
  }

  /** Asks the server what the kinds in view offer, in its words. Ask again when scripts changed. */
  async learn(): Promise<void> {
    const kinds = [...new Set([...this.#client.objects.values()].map(({ kind }) => kind))].slice(0, 64);
    this.#asked = new Set(kinds);
    const answer = (await this.#client.call('object.methods', { kinds })) as unknown as {
      readonly kinds: readonly Offer[];
    };
    for (const { kind, activates, methods } of answer.kinds) {
      // One key says no more than that: what wants to be told something is not for it.
      const method = methods.find(({ allow, params }) => allow === 'reach' && wantsNothing(params));
      if (method !== undefined)
        this.#told.set(kind, { method: method.name, label: method.label || method.name, reach: method.reach });
      else if (activates)
        this.#told.set(kind, { method: undefined, label: words.get(kind) ?? 'Use', reach: activateReach });
      else this.#told.delete(kind);
    }
  }

  /** Whether the server was asked about a kind. */
  knows(kind: string): boolean {
    return this.#asked.has(kind);
  }

  /** The use of a thing, or undefined when it has none now. */
  of(figure: Figure): Use | undefined {
    const { thing } = figure;
    if (thing === this.#client.self || thing.holder !== null || thing.words.includes('useless')) return undefined;
    if (thing.kind === 'basket' && !this.#handsFull) return { target: figure, verb: 'Look', method: undefined };
    if (thing.kind === 'gate')
      return { target: figure, verb: thing.state.open === true ? 'Close' : 'Open', method: undefined };
    const known = this.#told.get(thing.kind);
    return known && { target: figure, verb: known.label, method: known.method };
  }

  /** Whether the own character carries something. */
  get #handsFull(): boolean {
    const { self, objects } = this.#client;
    for (const { holder } of objects.values()) if (holder !== null && holder === self?.id) return true;
    return false;
  }

  /** Whether the own character stands near enough, edge to edge. */
  reaches(me: Figure | undefined, figure: Figure): boolean {
    return me !== undefined && gap(me, figure) < Math.min(1.3, (this.#told.get(figure.thing.kind)?.reach ?? 1.5) - 0.2);
  }

  /** The nearest thing that can be used from where the own character stands; what it faces comes first. */
  nearest(me: Figure | undefined, figures: Iterable<Figure>): Use | undefined {
    if (me === undefined) return undefined;
    let best: Use | undefined;
    let least = 1.15;
    for (const figure of figures) {
      const away = gap(me, figure);
      if (away > 1.15) continue;
      const use = this.of(figure);
      if (use === undefined) continue;
      const ahead = (figure.x - me.x) * me.face > 0 ? 0 : 0.2;
      const likes = figure.thing.kind === 'ball' || figure.thing.kind === 'sign' ? 0.15 : 0;
      if (away + ahead + likes < least) {
        least = away + ahead + likes;
        best = use;
      }
    }
    return best;
  }

  /** What lies under a point of the land. */
  at(x: number, y: number, figures: Iterable<Figure>): Figure | undefined {
    let best: Figure | undefined;
    let least = 0.75;
    for (const figure of figures) {
      const away = Math.hypot(figure.x - x, (figure.y - 0.35 - y) * 0.8);
      if (away < least && this.of(figure) !== undefined) {
        least = away;
        best = figure;
      }
    }
    return best;
  }
}

const wantsNothing = (params: Readonly<Record<string, string>>) =>
  Object.values(params).every((type) => type.endsWith('?'));

function radius({ body }: MirrorObject): number {
  if (body?.shape === 'circle') return body.radius;
  if (body?.shape === 'box') return Math.max(body.width, body.height) / 2;
  return 0.3;
}

function gap(a: Figure, b: Figure): number {
  return Math.hypot(a.x - b.x, a.y - b.y) - radius(a.thing) - radius(b.thing) * b.thing.scale;
}
