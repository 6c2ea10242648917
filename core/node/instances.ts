/** Which zone somebody comes into who names one: their own, or the instance with room; and who may not come in. */
import type { Game, ZoneSpec } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';
import { isLetIn } from '../contract/let-in.ts';
import type { ZoneId } from '../contract/link.ts';
import type { Comer, Houses } from '../contract/ports.ts';
import { parseZoneId, toZoneId, type ZoneName } from './zone-id.ts';

export type AdmissionOptions = {
  readonly game: (name: string) => Game | undefined;
  /** Whether zones of games for development may be entered. */
  readonly dev: boolean;
  readonly houses: Houses;
  readonly isOpen: (zone: ZoneId) => boolean;
  /** Characters in it. */
  readonly players: (zone: ZoneId) => number;
};

export interface Admission {
  /**
   * Whether this node may run the zone: declared, with a dimension, number and owner only where it has them.
   * @returns Its id as it is written. @throws HostError zone.malformed, zone.unknown, zone.dev-only
   */
  check(zone: ZoneId): ZoneId;
  /** As `Zones.admit`. */
  admit(zone: ZoneId, comer: Comer, full?: ReadonlySet<ZoneId>): Promise<ZoneId>;
}

const none: ReadonlySet<ZoneId> = new Set();

export function createAdmission(options: AdmissionOptions): Admission {
  const { dev, houses, isOpen, players } = options;

  /** @throws HostError zone.unknown, zone.dev-only */
  function specOf(name: ZoneName): ZoneSpec {
    const game = options.game(name.game);
    const spec = game?.zones.find((one) => one.name === name.zone);
    const isThere = spec && (name.dimension === null || spec.dimensions?.includes(name.dimension));
    if (!game || !isThere) throw new HostError('zone.unknown', `No game declares zone "${toZoneId(name)}"`);
    if (game.dev && !dev) throw new HostError('zone.dev-only');
    if (name.owner !== null && !isOwned(spec)) throw notOpen(name);
    if (name.instance !== null && name.instance > (spec.instances ?? 1)) throw notOpen(name);
    return spec;
  }

  async function admit(zone: ZoneId, comer: Comer, full = none): Promise<ZoneId> {
    const name = parseZoneId(zone);
    const spec = specOf(name);
    const { needs } = spec;
    if (needs !== undefined && comer.as !== 'thing' && !isLetIn(comer.account, needs))
      throw new HostError('zone.forbidden');
    const id = isOwned(spec) ? await ownedOf(name, comer) : sharedOf(name, spec, comer, full);
    if (full.has(id)) {
      const { capacity } = spec;
      throw new HostError('zone.full', `Cannot enter zone "${id}": it holds ${capacity} of ${capacity} players`);
    }
    return id;
  }

  async function ownedOf({ game, zone, dimension, owner }: ZoneName, { as, account, player }: Comer): Promise<ZoneId> {
    const place = `${game}/${zone}`;
    const known = await houses.admit({ place, owner, as, account: account?.id ?? null, player });
    return toZoneId({ game, zone, dimension, instance: null, owner: known });
  }

  function sharedOf(name: ZoneName, spec: ZoneSpec, { as, from }: Comer, full: ReadonlySet<ZoneId>): ZoneId {
    const numbered = (instance: number) => toZoneId({ ...name, instance });
    if (name.instance !== null) {
      const id = numbered(name.instance);
      if (name.instance > 1 && !isOpen(id)) throw notOpen(name);
      return id;
    }
    if (as === 'spectator' || spec.instances === undefined) return numbered(1);
    const all = Array.from({ length: spec.instances }, (_, i) => numbered(i + 1));
    if (from !== null && all.includes(from)) return from;
    const left = all.filter((id) => !full.has(id));
    // Where none has room the gateway may still make some: characters whose players are gone give way.
    return left.find((id) => players(id) < spec.capacity) ?? left[0] ?? numbered(1);
  }

  return {
    check(zone) {
      const name = parseZoneId(zone);
      const spec = specOf(name);
      if (isOwned(spec) && name.owner === null) throw notOpen(name);
      return toZoneId(name);
    },
    admit,
  };
}

/** Whether each of them is somebody's: an account's or a match's. */
function isOwned({ owned, matched }: ZoneSpec): boolean {
  return owned === true || matched === true;
}

function notOpen(name: ZoneName): HostError {
  return new HostError('zone.unknown', `Zone "${toZoneId(name)}" is not open`);
}
