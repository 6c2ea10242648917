/** Who looks at a zone from a spot, without a character: named nowhere, and counted against a limit of its own. */
import { HostError } from '../contract/errors.ts';
import type { ZoneId } from '../contract/link.ts';
import type { Clock, ZoneState, Zones } from '../contract/ports.ts';
import type { Audience } from './audience.ts';
import type { Fanout, ZoneSight } from './fanout.ts';
import type { LiveSession } from './session.ts';
import type { Spot } from './view/viewer.ts';

export type SpectatorsOptions = {
  readonly zones: Zones;
  readonly fanout: Fanout;
  readonly audience: Audience;
  readonly clock: Clock;
  readonly sight: (zone: ZoneId) => (ZoneSight & { readonly spectators?: number }) | undefined;
};

export class Spectators {
  readonly #options: SpectatorsOptions;
  readonly #byZone = new Map<ZoneId, Set<LiveSession>>();

  constructor(options: SpectatorsOptions) {
    this.#options = options;
  }

  /** Shows a zone from a spot; where the session looks at it already, from another one. @throws HostError session.playing, zone.* */
  async watch(session: LiveSession, named: ZoneId, spot: Spot): Promise<ZoneId> {
    const { zones, fanout } = this.#options;
    checkFree(session);
    const { account, owner: player, watching: from } = session;
    const zone = await zones.admit(named, { as: 'spectator', account, player, from });
    const seen = this.#within(zone, spot);
    if (session.watching !== zone) {
      await zones.open(zone);
      this.#begin(session, zone);
      session.afterAnswer(() => {
        if (session.watching === zone) session.send('zone', { zone, state: 'running' });
      });
    }
    session.spot = seen;
    session.afterAnswer(() => {
      if (session.watching !== zone || session.spot !== seen) return;
      if (fanout.shows(session.id, zone)) fanout.turn(session.id, seen);
      else fanout.attach(session, zone, seen);
    });
    return zone;
  }

  /** Harmless when it looks at nothing. */
  unwatch(session: LiveSession): void {
    const zone = session.watching;
    if (zone === null) return;
    session.watching = null;
    session.idleSinceMs = this.#options.clock.monotonicMs();
    this.#options.fanout.detach(session.id);
    this.#options.audience.leave(zone, session.id);
    const others = this.#byZone.get(zone);
    others?.delete(session);
    if (others?.size === 0) this.#byZone.delete(zone);
  }

  /** Tells those who look at a zone how it is. */
  changed({ zone, state, code }: ZoneState): void {
    for (const session of [...(this.#byZone.get(zone) ?? [])]) {
      session.send('zone', code === undefined ? { zone, state } : { zone, state, code });
      if (state === 'closed') this.unwatch(session);
    }
  }

  #begin(session: LiveSession, zone: ZoneId): void {
    // While the zone started the session may have gone, or into a zone.
    if (session.closed) throw new HostError('zone.interrupted');
    checkFree(session);
    const others = this.#byZone.get(zone) ?? new Set();
    const most = this.#options.sight(zone)?.spectators ?? 0;
    if (others.size >= most)
      throw new HostError('zone.full', `Cannot watch zone "${zone}": ${others.size} of ${most} do`);
    this.unwatch(session);
    this.#byZone.set(zone, others.add(session));
    session.watching = zone;
    this.#options.audience.enter(zone, session.id);
  }

  /** The spot inside the zone, looking no further than a player. @throws HostError zone.forbidden */
  #within(zone: ZoneId, { x, y, distance }: Spot): Spot {
    const sight = this.#options.sight(zone);
    if (!sight?.spectators) throw new HostError('zone.forbidden', `Zone "${zone}" shows itself only to who is in it`);
    const inside = (place: number, most: number) => Math.min(most, Math.max(0, place));
    return {
      x: inside(x, sight.width),
      y: inside(y, sight.height),
      distance: Math.min(distance, sight.view.radius),
    };
  }
}

/** @throws HostError session.playing: its deltas would be of two zones */
function checkFree(session: LiveSession): void {
  if (session.zone !== null) throw new HostError('session.playing');
}
