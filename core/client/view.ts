/** The mirror of a client that draws: metres, radians, and where things are to be shown now. */
import type { Delta, Snapshot, WireEvent } from '../contract/protocol.ts';
import { Mirror } from '../sync/mirror.ts';
import type { Emitter } from './emitter.ts';
import type { ClientEvents, MirrorObject } from './events.ts';
import { Playback, Track } from './motion.ts';

export class View {
  readonly mirror: Mirror<MirrorObject>;
  readonly #playback = new Playback();
  readonly #events: Emitter<ClientEvents>;

  constructor(events: Emitter<ClientEvents>) {
    this.#events = events;
    this.mirror = new Mirror<MirrorObject>({
      complete: (object) => {
        const place = this.#toPlace(object.fx, object.fy, object.fa);
        const track = new Track(place, this.mirror.tick);
        return { ...object, ...place, track, drawn: track.drawn };
      },
      placed: (object, tick) => {
        Object.assign(object, this.#toPlace(object.fx, object.fy, object.fa));
        object.track.add(object, tick);
      },
    });
  }

  applySnapshot(snapshot: Snapshot, nowMs: number): void {
    const elsewhere = snapshot.z !== this.mirror.zone || snapshot.e !== this.mirror.epoch;
    const { appeared, vanished } = this.mirror.applySnapshot(snapshot);
    if (elsewhere) {
      this.#playback.restart(snapshot.r);
      for (const object of this.mirror.objects.values()) object.track.restart(object, snapshot.t);
    }
    this.#playback.heard(snapshot.t, nowMs);
    this.#events.emit('snapshot', snapshot);
    for (const object of vanished) this.#events.emit('vanish', object);
    for (const object of appeared) this.#events.emit('appear', object);
  }

  /** @returns False when the checksum of the delta differs from ours. */
  applyDelta(delta: Delta, nowMs: number): boolean {
    const applied = this.mirror.applyDelta(delta);
    if (applied === undefined) return true;
    this.#playback.heard(delta.t, nowMs);
    for (const event of applied.events) {
      if (event.ev === 'jump') this.mirror.bySlot(event.s)?.track.markJump();
    }
    this.#events.emit('delta', delta);
    for (const object of applied.appeared) this.#events.emit('appear', object);
    for (const { object, keys } of applied.changed) this.#events.emit('change', object, keys);
    for (const object of applied.vanished) this.#events.emit('vanish', object);
    for (const event of applied.events) this.#tell(event);
    return applied.sound;
  }

  /** Moves every object's `drawn` to where it is to be shown at `nowMs`. */
  draw(nowMs: number): void {
    const tick = this.#playback.at(nowMs);
    for (const object of this.mirror.objects.values()) object.track.draw(tick);
  }

  #tell(event: WireEvent): void {
    switch (event.ev) {
      case 'jump': {
        const object = this.mirror.bySlot(event.s);
        if (object !== undefined) this.#events.emit('jump', object);
        return;
      }
      case 'say':
        this.#events.emit('say', event);
        return;
      case 'tell':
        this.#events.emit('tell', event);
        return;
      case 'ask':
        this.#events.emit('ask', event);
        return;
      case 'effect':
        this.#events.emit('effect', event);
        return;
      case 'emit':
        this.#events.emit('emit', event);
        return;
      default:
        // A newer server may send more: docs/protocol.md has clients ignore what they do not know.
        event satisfies never;
    }
  }

  #toPlace(fx: number, fy: number, fa: number): { x: number; y: number; angle: number } {
    const [metre, turn] = this.mirror.units;
    return { x: fx / metre, y: fy / metre, angle: (fa / turn) * 2 * Math.PI };
  }
}
