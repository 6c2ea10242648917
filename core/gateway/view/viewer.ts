/**
 * What one session sees of its zone. Usually that is a set of cells shared with others, and its message is theirs with
 * its own parts added. In a crowd and for a hidden character the objects are compared one by one.
 */
import type { ViewSpec } from '../../contract/content.ts';
import type { Line, ObjectId, ZoneId } from '../../contract/link.ts';
import { type CellSet, type CellSets, type Sight, seenEffects, seenJumps } from './cell-set.ts';
import { chooseEvents, type Near } from './events.ts';
import { DeltaBody, type Form } from './fragments.ts';
import type { FrameText } from './frame-text.ts';
import { addNearest } from './nearest.ts';
import { nowhere, sumOf, type Tracked } from './tracked.ts';
import type { Changes, ZoneMirror } from './zone-mirror.ts';

/** What a view needs of its session. */
export type Watcher = {
  readonly id: string;
  readonly owner: string;
  /** Sends a socket.io packet that is already encoded; undefined for sessions that ask instead of listening. */
  readonly write?: (packet: string) => void;
  /** Takes what happened, a list of `ev` as JSON, for sessions that hear of it and not of every move. */
  readonly events?: (list: string) => void;
  /** How it reads moves. */
  readonly form: Form;
  /** Bytes that the client has not taken yet. */
  waitingBytes(): number;
  hear(line: Line): void;
};

/** A fixed place to look from, in metres, and how far. */
export type Spot = { readonly x: number; readonly y: number; readonly distance: number };

/** What is the same for all views of a zone. */
export type Scene = {
  readonly zone: ZoneId;
  readonly view: ViewSpec;
  /** Metres. */
  readonly hearing: number;
  readonly tickRate: number;
  readonly sets: CellSets;
  readonly slowBytes: number;
  readonly sumEveryMs: number;
  /** So many events were left out of a delta. */
  readonly dropped: (events: number) => void;
};

/** Lines that one session remembers of a tick, nearest first. */
const mostHeard = 16;
/** Characters of deltas that a session is sent in a second, and how many seconds ahead of that they may be. */
const pace = { perSecond: 512 * 1024, aheadS: 2 } as const;
/** In a crowd, who is nearest is looked up again after so many ticks when nobody came or went. */
const repickTicks = 5;
/** Cells are looked up so much further, as a part of a cell, that small steps need no new look. */
const slackCells = 0.1;

export class Viewer {
  readonly watcher: Watcher;
  /** Whom the view follows; null for who looks from a spot. */
  readonly character: ObjectId | null;
  /** A snapshot was sent and deltas follow. */
  ready = false;
  /** Monotonic milliseconds of the last snapshot. */
  snapshotMs = Number.NEGATIVE_INFINITY;
  /** Monotonic milliseconds until which it is sent nothing: it was sent too much. */
  pausedMs = Number.NEGATIVE_INFINITY;
  /** Monotonic milliseconds at which the pace has caught up with what was sent. */
  #paidMs = Number.NEGATIVE_INFINITY;
  readonly #scene: Scene;
  #spot: Spot | undefined;
  #set: CellSet;
  /** Exactly what the session knows, when that is not simply its cells. */
  #known: Set<Tracked> | undefined;
  #pickedTick = 0;
  /** Where the eyes were when the cells were looked up. */
  #eyes: { readonly x: number; readonly y: number } = nowhereYet;
  /** For who asks instead of listening: since when (Unix seconds) it sees what it sees. */
  readonly #seenSince = new Map<Tracked, number>();
  #sumMs = 0;

  constructor(watcher: Watcher, from: ObjectId | Spot, scene: Scene) {
    this.watcher = watcher;
    this.character = typeof from === 'string' ? from : null;
    this.#spot = typeof from === 'string' ? undefined : from;
    this.#scene = scene;
    this.#set = scene.sets.take([]);
  }

  close(): void {
    this.#scene.sets.release(this.#set);
  }

  /** Whether there is something to look from. */
  hasEyes(mirror: ZoneMirror): boolean {
    return this.#eyesIn(mirror) !== undefined;
  }

  /** Looks from another spot: what comes into view by that, and what leaves it, is sent at once. */
  turn(spot: Spot, mirror: ZoneMirror, nowMs: number): void {
    this.#spot = spot;
    this.#eyes = nowhereYet;
    if (this.ready) this.take(mirror, nothingChanged, nothingSaid, nowMs);
  }

  sees(object: Tracked): boolean {
    return this.#known === undefined ? this.#set.has(object.cell) : this.#known.has(object);
  }

  *seen(mirror: ZoneMirror): Iterable<Tracked> {
    if (this.#known !== undefined) yield* this.#known;
    else yield* inCells(mirror, this.#set);
  }

  /** Objects that changed or came into view at `since` (Unix seconds) or later. */
  seenSince(mirror: ZoneMirror, since: number): Tracked[] {
    const isNew = (object: Tracked): boolean => Math.max(object.changed, this.#seenSince.get(object) ?? 0) >= since;
    return [...this.seen(mirror)].filter(isNew);
  }

  /** Sends everything in view. Deltas follow. */
  sendSnapshot(mirror: ZoneMirror, nowMs: number): void {
    this.#release(this.#look(mirror));
    this.#known = this.#isPlain(mirror) ? undefined : this.#pick(mirror, undefined);
    this.ready = true;
    this.snapshotMs = nowMs;
    this.#sumMs = nowMs;
    if (this.watcher.write === undefined) return this.#remember(mirror);
    const objects = [...this.seen(mirror)].sort((a, b) => a.slot - b.slot).map((object) => mirror.wholeOf(object));
    const own = Object.fromEntries(mirror.own.get(this.watcher.owner) ?? []);
    const head = JSON.stringify({
      z: this.#scene.zone,
      e: mirror.epoch,
      t: mirror.tick,
      self: this.character,
      u: [mirror.units.metre, mirror.units.turn],
      r: this.#scene.tickRate,
      ...(Object.keys(mirror.world).length > 0 ? { w: mirror.world } : {}),
      ...(Object.keys(own).length > 0 ? { own } : {}),
    });
    this.watcher.write(`2["snapshot",${head.slice(0, -1)},"o":[${objects.join(',')}]}]`);
  }

  /** Takes a frame: sends what of it the session sees, if anything. */
  take(mirror: ZoneMirror, changes: Changes, text: FrameText, nowMs: number): void {
    const heard = this.#listen(mirror, text);
    if (!this.ready) return;
    if (this.watcher.write === undefined) {
      this.#release(this.#look(mirror));
      this.#known = this.#isPlain(mirror) ? undefined : this.#pick(mirror, this.#known);
      this.#remember(mirror);
      if (this.watcher.events) this.#tellEvents(this.watcher.events, text, heard);
      return;
    }
    if (this.watcher.waitingBytes() > this.#scene.slowBytes) {
      // What was missed is healed by a snapshot once it has caught up.
      this.ready = false;
      return;
    }
    const former = this.#look(mirror);
    const { body, jumps, effects } = this.#sightOf(mirror, changes, text, former);
    this.#release(former);
    const personal = text.personal.get(this.watcher.owner);
    const chosen = chooseEvents({ own: personal?.events ?? noTexts, effects, heard, wide: text.emits }, this.#eyes);
    if (chosen.dropped > 0) this.#scene.dropped(chosen.dropped);
    const events = jumps === '' || chosen.text === '' ? jumps + chosen.text : `${jumps},${chosen.text}`;
    const tail =
      text.world +
      (personal?.own === undefined ? '' : `,"own":${JSON.stringify(personal.own)}`) +
      (events === '' ? '' : `,"ev":[${events}]`) +
      (personal?.ack === undefined ? '' : `,"ack":${personal.ack}`);
    if (body === '' && tail === '') return;
    const sum = this.#sum(mirror, nowMs);
    const packet = `2["delta",{"e":${mirror.epoch},"t":${mirror.tick}${body}${tail}${sum}}]`;
    this.watcher.write(packet);
    this.#pay(packet.length, nowMs);
  }

  /** Whatever changes in a zone, or how often eyes are turned, one session does not take the line and the time of the others. */
  #pay(characters: number, nowMs: number): void {
    this.#paidMs = Math.max(this.#paidMs, nowMs) + (characters / pace.perSecond) * 1_000;
    if (this.#paidMs - nowMs <= pace.aheadS * 1_000) return;
    this.pausedMs = this.#paidMs;
    this.ready = false;
  }

  /** Words without pictures: what is said, asked and told. */
  #tellEvents(tell: (list: string) => void, text: FrameText, heard: readonly Near[]): void {
    const own = text.personal.get(this.watcher.owner)?.events ?? noTexts;
    const chosen = chooseEvents({ own, effects: noEffects, heard, wide: text.emits }, this.#eyes);
    if (chosen.dropped > 0) this.#scene.dropped(chosen.dropped);
    if (chosen.text !== '') tell(`[${chosen.text}]`);
  }

  /** Notes what came into view. */
  #remember(mirror: ZoneMirror): void {
    const seen = new Set(this.seen(mirror));
    for (const object of seen) if (!this.#seenSince.has(object)) this.#seenSince.set(object, mirror.time);
    for (const object of this.#seenSince.keys()) if (!seen.has(object)) this.#seenSince.delete(object);
  }

  /** Turns the eyes to where the character is now. Gives the set that it looked at before, to be released. */
  #look(mirror: ZoneMirror): CellSet {
    const former = this.#set;
    const eyes = this.#eyesIn(mirror);
    if (eyes === undefined) return former;
    const { x, y } = eyes;
    const cell = this.#scene.view.cell * mirror.units.metre;
    const slack = cell * slackCells;
    if (Math.abs(x - this.#eyes.x) <= slack / 2 && Math.abs(y - this.#eyes.y) <= slack / 2) return former;
    this.#eyes = { x, y };
    const radius = (this.#spot?.distance ?? this.#scene.view.radius) * mirror.units.metre;
    const numbers = mirror.grid.view(former.numbers, x, y, radius + slack, radius + cell / 2);
    if (numbers !== former.numbers) this.#set = this.#scene.sets.take(numbers);
    return former;
  }

  /** Where it looks from, in framed units: the spot, or where the character's outermost holder is. */
  #eyesIn(mirror: ZoneMirror): { readonly x: number; readonly y: number } | undefined {
    if (this.#spot) return { x: this.#spot.x * mirror.units.metre, y: this.#spot.y * mirror.units.metre };
    const character = this.#characterIn(mirror);
    return character && eyesOf(character, mirror);
  }

  #characterIn(mirror: ZoneMirror): Tracked | undefined {
    return this.character === null ? undefined : mirror.objects.get(this.character);
  }

  #release(former: CellSet): void {
    if (former !== this.#set) this.#scene.sets.release(former);
  }

  /** Whether the view is its cells: no crowd, and nothing hidden that is shown to its owner. */
  #isPlain(mirror: ZoneMirror): boolean {
    const { most } = this.#scene.view;
    const isCrowd = mirror.objects.size > most && this.#set.countIn(mirror) > most;
    return !isCrowd && this.#characterIn(mirror)?.cell !== nowhere;
  }

  #sightOf(mirror: ZoneMirror, changes: Changes, text: FrameText, former: CellSet): Sight {
    const plain = this.#isPlain(mirror);
    if (this.#known !== undefined || !plain) return this.#compare(mirror, changes, text, former, plain);
    const { form } = this.watcher;
    if (former === this.#set) return former.sightOf(mirror, changes, text, form);
    return this.#set.join(mirror, changes, text, form, former);
  }

  /** The delta of a view that is not simply its cells, or was not: object by object. */
  #compare(mirror: ZoneMirror, changes: Changes, text: FrameText, former: CellSet, plain: boolean): Sight {
    const before = this.#known ?? knownBefore(mirror, changes, former);
    const wanted = plain ? new Set(inCells(mirror, this.#set)) : this.#wanted(mirror, changes, before, former);
    const body = new DeltaBody(this.watcher.form);
    for (const object of wanted) {
      if (!before.has(object) || changes.crossings.get(object)?.replaced === true) body.enter(mirror.wholeOf(object));
      else if (changes.changed.has(object)) body.change(object.fragment);
    }
    for (const object of before) if (!wanted.has(object)) body.leave(object.slot);
    this.#known = plain ? undefined : wanted;
    const ids = new Set([...wanted, ...before].map((object) => object.id));
    return {
      body: body.toText(),
      jumps: seenJumps(mirror, changes, (id) => ids.has(id)),
      effects: seenEffects(mirror, changes, text, (id) => ids.has(id)),
    };
  }

  /** In a crowd where nobody came or went, who is nearest is not looked up in every tick. */
  #wanted(mirror: ZoneMirror, changes: Changes, before: Set<Tracked>, former: CellSet): Set<Tracked> {
    const isCrowd = this.#set.countIn(mirror) > this.#scene.view.most;
    const isStill =
      changes.crossings.size === 0 && former === this.#set && mirror.tick - this.#pickedTick < repickTicks;
    return isCrowd && isStill && this.#known !== undefined ? new Set(before) : this.#pick(mirror, before);
  }

  /** The nearest, and always the own character and its things. */
  #pick(mirror: ZoneMirror, before: ReadonlySet<Tracked> | undefined): Set<Tracked> {
    this.#pickedTick = mirror.tick;
    const picked = new Set<Tracked>();
    const eyes = this.#eyesIn(mirror);
    if (eyes === undefined) return picked;
    const character = this.#characterIn(mirror);
    if (character) for (const own of [character, ...mirror.heldBy(character.id)]) picked.add(own);
    addNearest(picked, this.#set, eyes, this.#scene.view, mirror, before);
    return picked;
  }

  /** What was said within hearing, remembered. */
  #listen(mirror: ZoneMirror, { said }: FrameText): readonly Near[] {
    if (said.length === 0) return silence;
    const ears = this.#spot ? this.#eyesIn(mirror) : placeOf(this.#characterIn(mirror));
    if (ears === undefined) return silence;
    const x = ears.x / mirror.units.metre;
    const y = ears.y / mirror.units.metre;
    const heard = said
      .map(({ line, text }) => ({ line, text, distance: Math.hypot(line.x - x, line.y - y) }))
      .filter(({ distance }) => distance <= this.#scene.hearing);
    const nearest =
      heard.length > mostHeard ? heard.sort((a, b) => a.distance - b.distance).slice(0, mostHeard) : heard;
    for (const { line } of nearest) this.watcher.hear(line);
    return nearest.map(({ text, distance }) => ({ text, distance: distance * mirror.units.metre }));
  }

  #sum(mirror: ZoneMirror, nowMs: number): string {
    if (nowMs - this.#sumMs < this.#scene.sumEveryMs) return '';
    this.#sumMs = nowMs;
    if (this.#known !== undefined) return `,"sum":${sumOf(this.#known)}`;
    let sum = 0;
    for (const cell of this.#set.cells(mirror)) sum = (sum + cell.sum()) >>> 0;
    return `,"sum":${sum}`;
  }
}

const nowhereYet = { x: Number.NaN, y: Number.NaN };
/** A frame in which nothing happened, for a view that turned between two. */
const nothingChanged: Changes = { frame: { jumps: [] }, number: -2, changed: new Set(), crossings: new Map() };
const nothingSaid: FrameText = { world: '', emits: [], effects: [], said: [], personal: new Map() };

const silence: readonly Near[] = [];
const noTexts: readonly string[] = [];
const noEffects = { all: [], text: '' };

function placeOf(object: Tracked | undefined): { x: number; y: number } | undefined {
  return object && { x: object.fx, y: object.fy };
}

/** A character sees from where its outermost holder is. */
function eyesOf(character: Tracked, mirror: ZoneMirror): { x: number; y: number } {
  let outer = character;
  for (let depth = 0; depth < 16 && outer.holder !== null; depth++) outer = mirror.objects.get(outer.holder) ?? outer;
  return { x: outer.fx, y: outer.fy };
}

function* inCells(mirror: ZoneMirror, set: CellSet): Iterable<Tracked> {
  for (const cell of set.cells(mirror)) yield* cell.objects;
}

/** What a session with these cells knew before the frame. */
function knownBefore(mirror: ZoneMirror, changes: Changes, set: CellSet): Set<Tracked> {
  const known = new Set<Tracked>();
  for (const object of inCells(mirror, set)) if (!changes.crossings.has(object)) known.add(object);
  for (const { object, from } of changes.crossings.values()) if (set.has(from)) known.add(object);
  return known;
}
