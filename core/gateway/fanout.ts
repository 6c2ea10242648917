/**
 * Zone frames → mirrors → what each session sees: one message per session per tick at most, none when nothing in its
 * view changed. Also answers what of a zone the gateway knows without asking the zone (`Views`).
 */
import type { Json, JsonObject, ViewSpec } from '../contract/content.ts';
import type { ObjectId, PublicFrame, ZoneId } from '../contract/link.ts';
import type { Clock, Views } from '../contract/ports.ts';
import { CellSets } from './view/cell-set.ts';
import { toFrameText } from './view/frame-text.ts';
import type { Tracked } from './view/tracked.ts';
import { type Scene, type Spot, Viewer, type Watcher } from './view/viewer.ts';
import { ZoneMirror } from './view/zone-mirror.ts';

/** What the game says of a zone. */
export type ZoneSight = {
  readonly width: number;
  readonly height: number;
  readonly view: ViewSpec;
  readonly hearing: number;
  readonly tickRate: number;
  readonly units: { readonly metre: number; readonly turn: number };
};

export type FanoutOptions = {
  /** What the game says of the zone, undefined when no game declares it. */
  readonly sight: (zone: ZoneId) => ZoneSight | undefined;
  readonly slowBytes: number;
  readonly sumEveryS: number;
  readonly clock: Clock;
};

type Place = {
  readonly sight: ZoneSight;
  readonly scene: Scene;
  readonly viewers: Set<Viewer>;
  mirror: ZoneMirror | undefined;
  /** False while the zone recovers: nothing is sent until it runs again. */
  running: boolean;
  /** Frames of lower epochs are late words of a dead worker. */
  epoch: number;
};

/** A snapshot that a session asks for is sent at most so often. */
const snapshotEveryMs = 2_000;

export class Fanout implements Views {
  /** How often a session asked for a snapshot. */
  resyncs = 0;
  /** Events that views were not told because more happened round them than a view is told of in a tick. */
  eventsDropped = 0;
  readonly #options: FanoutOptions;
  readonly #places = new Map<ZoneId, Place>();
  readonly #viewers = new Map<string, { readonly viewer: Viewer; readonly place: Place }>();
  readonly #putOff = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(options: FanoutOptions) {
    this.#options = options;
  }

  /**
   * Shows the zone to a session, as its character sees it or from a spot: a snapshot as soon as that is in the mirror, then
   * deltas.
   */
  attach(watcher: Watcher, zone: ZoneId, from: ObjectId | Spot): void {
    this.detach(watcher.id);
    const place = this.#placeOf(zone);
    if (place === undefined) return;
    const viewer = new Viewer(watcher, from, place.scene);
    place.viewers.add(viewer);
    this.#viewers.set(watcher.id, { viewer, place });
    this.#begin(place, viewer);
  }

  /** Whether a session looks at the zone from a spot. */
  shows(session: string, zone: ZoneId): boolean {
    const found = this.#viewers.get(session);
    return found?.viewer.character === null && found.place.scene.zone === zone;
  }

  /** Has a session that looks from a spot look from another one. */
  turn(session: string, spot: Spot): void {
    const found = this.#viewers.get(session);
    const mirror = found?.place.mirror;
    if (found?.viewer.character === null && mirror) found.viewer.turn(spot, mirror, this.#options.clock.monotonicMs());
  }

  detach(session: string): void {
    const found = this.#viewers.get(session);
    if (found === undefined) return;
    clearTimeout(this.#putOff.get(session));
    this.#putOff.delete(session);
    this.#viewers.delete(session);
    found.place.viewers.delete(found.viewer);
    found.viewer.close();
  }

  /** Takes a frame and sends what of it each session sees. */
  publish(frame: PublicFrame): void {
    const place = this.#placeOf(frame.zone);
    if (place === undefined || frame.epoch < place.epoch) return;
    if (place.mirror?.epoch !== frame.epoch) {
      place.epoch = frame.epoch;
      const { width, height, view, units } = place.sight;
      place.mirror = new ZoneMirror(frame.epoch, { width, height, cell: view.cell, units });
      for (const viewer of place.viewers) viewer.ready = false;
    }
    const { mirror } = place;
    const changes = mirror.apply(frame);
    if (place.viewers.size === 0) return;
    const text = toFrameText(frame, mirror.units.metre);
    const nowMs = this.#options.clock.monotonicMs();
    for (const viewer of place.viewers) {
      viewer.take(mirror, changes, text, nowMs);
      if (!viewer.ready) this.#begin(place, viewer);
    }
  }

  /** The zone's process died: nothing is sent until `resume`. */
  pause(zone: ZoneId): void {
    const place = this.#places.get(zone);
    if (place === undefined) return;
    place.running = false;
    for (const viewer of place.viewers) viewer.ready = false;
  }

  /** The zone runs under this epoch: snapshots go out as soon as its first frame is here. */
  resume(zone: ZoneId, epoch: number): void {
    const place = this.#placeOf(zone);
    if (place === undefined) return;
    place.running = true;
    place.epoch = Math.max(place.epoch, epoch);
    for (const viewer of place.viewers) this.#begin(place, viewer);
  }

  /** The zone is not loaded any more. */
  forget(zone: ZoneId): void {
    const place = this.#places.get(zone);
    if (place === undefined) return;
    for (const viewer of [...place.viewers]) this.detach(viewer.watcher.id);
    this.#places.delete(zone);
  }

  /** Once a second: sessions that had read too slowly and now wait for a snapshot while their zone is quiet. */
  sweep(): void {
    for (const { viewer, place } of this.#viewers.values()) if (!viewer.ready) this.#begin(place, viewer);
  }

  sees(session: string, object: ObjectId): boolean {
    const found = this.#viewers.get(session);
    const tracked = found?.place.mirror?.objects.get(object);
    return found !== undefined && tracked !== undefined && found.viewer.sees(tracked);
  }

  object(zone: ZoneId, object: ObjectId): JsonObject | undefined {
    const mirror = this.#places.get(zone)?.mirror;
    const tracked = mirror?.objects.get(object);
    return mirror === undefined || tracked === undefined ? undefined : toReadable(tracked, mirror.units);
  }

  objects(session: string, since?: number): readonly Json[] {
    const found = this.#viewers.get(session);
    const mirror = found?.place.mirror;
    if (found === undefined || mirror === undefined) return [];
    const { viewer } = found;
    return (since === undefined ? [...viewer.seen(mirror)] : viewer.seenSince(mirror, since))
      .sort((a, b) => b.changed - a.changed || b.changedTick - a.changedTick || a.slot - b.slot)
      .map((object) => toReadable(object, mirror.units));
  }

  snapshot(session: string): void {
    const found = this.#viewers.get(session);
    if (found === undefined) return;
    this.resyncs += 1;
    if (this.#putOff.has(session)) return;
    const waitMs = found.viewer.snapshotMs + snapshotEveryMs - this.#options.clock.monotonicMs();
    if (waitMs <= 0) {
      this.#renew(session);
      return;
    }
    const timer = setTimeout(() => this.#renew(session), waitMs);
    timer.unref();
    this.#putOff.set(session, timer);
  }

  #renew(session: string): void {
    this.#putOff.delete(session);
    const found = this.#viewers.get(session);
    if (found === undefined) return;
    found.viewer.ready = false;
    this.#begin(found.place, found.viewer);
  }

  #begin({ mirror, running, epoch }: Place, viewer: Viewer): void {
    if (viewer.ready || !running || mirror === undefined || mirror.epoch < epoch) return;
    if (!viewer.hasEyes(mirror)) return;
    if (viewer.watcher.waitingBytes() > this.#options.slowBytes / 4) return;
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs >= viewer.pausedMs) viewer.sendSnapshot(mirror, nowMs);
  }

  #placeOf(zone: ZoneId): Place | undefined {
    const known = this.#places.get(zone);
    if (known !== undefined) return known;
    const sight = this.#options.sight(zone);
    if (sight === undefined) return undefined;
    const { view, hearing, tickRate } = sight;
    const { slowBytes, sumEveryS } = this.#options;
    const sets = new CellSets();
    const dropped = (events: number) => {
      this.eventsDropped += events;
    };
    const scene = { zone, view, hearing, tickRate, sets, slowBytes, sumEveryMs: sumEveryS * 1000, dropped };
    const place: Place = { sight, scene, viewers: new Set(), mirror: undefined, running: true, epoch: 0 };
    this.#places.set(zone, place);
    return place;
  }
}

/** An object in metres and radians, for people and for clients that poll. */
function toReadable(object: Tracked, { metre, turn }: ZoneSight['units']): JsonObject {
  return {
    id: object.id,
    kind: object.kind,
    name: object.name,
    look: object.look as Json,
    body: object.body as Json,
    holder: object.holder,
    x: object.fx / metre,
    y: object.fy / metre,
    angle: (object.fa / turn) * 2 * Math.PI,
    vx: object.vx / metre,
    vy: object.vy / metre,
    scale: object.scale,
    speed: object.speed,
    owner: object.owner,
    words: object.words,
    physical: object.physical,
    state: { ...object.state },
    changed: object.changed,
    changedTick: object.changedTick,
  };
}
