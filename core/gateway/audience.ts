import type { ZoneId } from '../contract/link.ts';

/** How many sessions look at each zone; a change is told, so that the zone can sleep. */
export class Audience {
  readonly #sessions = new Map<ZoneId, Set<string>>();
  readonly #changed: (zone: ZoneId, sessions: number) => void;

  constructor(changed: (zone: ZoneId, sessions: number) => void) {
    this.#changed = changed;
  }

  enter(zone: ZoneId, session: string): void {
    const sessions = this.#sessions.get(zone) ?? new Set();
    if (sessions.has(session)) return;
    this.#sessions.set(zone, sessions);
    sessions.add(session);
    this.#changed(zone, sessions.size);
  }

  leave(zone: ZoneId, session: string): void {
    const sessions = this.#sessions.get(zone);
    if (sessions?.delete(session) !== true) return;
    if (sessions.size === 0) this.#sessions.delete(zone);
    this.#changed(zone, sessions.size);
  }
}
