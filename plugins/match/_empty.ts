/** Zones of matches that are over: when nobody is in one any more, what stands in it is removed. */
import { type Host, HostError } from 'roost/plugin';
import { forget, keepOver, zonesOver } from './_kept.ts';

/** Removed in one go: others want to write, too. */
const atOnce = 50;

const gone: ReadonlySet<string> = new Set(['zone.unknown', 'zone.dev-only']);

export class EmptyZones {
  readonly #host: Host;
  /** By zone, the match that it was made for. */
  readonly #over = new Map<string, string>();
  /** Those of them that nobody was in when they were looked at last. */
  #left: ReadonlySet<string> = new Set();

  constructor(host: Host) {
    this.#host = host;
  }

  /** Those of earlier lives of the node. */
  async start(): Promise<void> {
    for (const [match, zone] of await zonesOver(this.#host)) this.#over.set(zone, match);
  }

  /** A match is over. */
  async give(match: string, zone: string): Promise<void> {
    await keepOver(this.#host, match, zone);
    this.#over.set(zone, match);
  }

  /**
   * Removes some of those that nobody is in and nobody comes into any more, loaded or not: each costs its worker memory
   * for minutes. Somebody who was let in a moment before its end may be on his way: nobody has to be there twice.
   */
  async sweep(): Promise<void> {
    const { zones } = this.#host;
    const left = [...this.#over].filter(([zone]) => (zones.find(zone)?.who().length ?? 0) === 0);
    const empty = left.filter(([zone]) => this.#left.has(zone) || zones.find(zone) === undefined).slice(0, atOnce);
    this.#left = new Set(left.map(([zone]) => zone));
    for (const [zone, match] of empty) {
      try {
        await this.#discard(zone);
        await forget(this.#host, match);
      } catch (error) {
        // It is tried again with the next look.
        if (error instanceof HostError && error.code === 'zone.in-use') continue;
        this.#host.log.warn({ match, zone, error }, 'zone of a match not removed');
        continue;
      }
      this.#over.delete(zone);
      this.#host.log.debug({ match, zone }, 'zone of a match removed');
    }
  }

  async #discard(zone: string): Promise<void> {
    try {
      await this.#host.zones.discard(zone);
    } catch (error) {
      // A game that has the zone no more has nothing that would come back.
      if (!(error instanceof HostError) || !gone.has(error.code)) throw error;
    }
  }
}
