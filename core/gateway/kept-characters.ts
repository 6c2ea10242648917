/** Characters of accounts, which stay when their players leave: brought into a zone, and put away. */
import { setTimeout as sleep } from 'node:timers/promises';
import { HostError } from '../contract/errors.ts';
import type { ObjectId, ZoneId } from '../contract/link.ts';
import type { Log, Zones } from '../contract/ports.ts';
import type { Player } from './player.ts';

/** A character that is neither here nor there is looked for again, so often and after so long. */
const lookMost = 20;
const lookAgainMs = 100;

export class KeptCharacters {
  readonly #zones: Zones;
  readonly #log: Log;
  /** On their way out of their zones, by owner: nobody brings them in before they are out. */
  readonly #leaving = new Map<string, Promise<void>>();

  constructor(zones: Zones, log: Log) {
    this.#zones = zones;
    this.#log = log;
  }

  /** Brings the player's character into the zone, or finds it there. It stays null for one that was never made. */
  async fetch(player: Player, zone: ZoneId): Promise<void> {
    const zones = this.#zones;
    const { owner } = player;
    for (let look = 1; look <= lookMost; look++) {
      const found = await zones.locate(owner);
      if (found === undefined) return;
      try {
        if (found.away) await zones.bringBack(owner, found, zone);
        else if (found.zone !== zone) await zones.putAway(found.zone, found.object);
        if (found.away || found.zone === zone) {
          player.character = found.object;
          return;
        }
      } catch (error) {
        // It went elsewhere between the two.
        if (!(error instanceof HostError) || error.code !== 'object.no-character') throw error;
        await sleep(lookAgainMs, undefined, { ref: false });
      }
    }
    throw new HostError('zone.interrupted');
  }

  /** Takes it out of the zone: it is on disk when this resolves. */
  putAway(owner: string, zone: ZoneId, character: ObjectId): Promise<void> {
    const leaves = this.#zones
      .putAway(zone, character)
      // It stays where it is, and is found there by whoever plays it next.
      .catch((error: unknown) => this.#log.warn({ zone, character, error }, 'character not put away'))
      .finally(() => {
        if (this.#leaving.get(owner) === leaves) this.#leaving.delete(owner);
      });
    this.#leaving.set(owner, leaves);
    return leaves;
  }

  /** Resolves when the owner's character is out of the zone that it was leaving; undefined when it left none. */
  out(owner: string): Promise<void> | undefined {
    return this.#leaving.get(owner);
  }
}
