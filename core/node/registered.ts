/** Zones that a builder added while the node runs: each is like one that its game declares, under a name of its own. */
import type { Game, ZoneSpec } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';
import type { ZoneId } from '../contract/link.ts';
import type { Registration } from '../contract/ports.ts';
import type { WorldSource } from './world-source.ts';
import { parseZoneId } from './zone-id.ts';

export interface RegisteredWorld extends WorldSource {
  /** Once more changes it. @throws HostError zone.malformed */
  register(zone: ZoneId, registration: Registration): void;
  unregister(zone: ZoneId): void;
}

/** The games of the source with what is registered; what a game declares itself goes first. */
export function createRegistered(source: WorldSource): RegisteredWorld {
  /** By game and name. */
  const added = new Map<string, Map<string, Registration>>();
  /** Made anew when the game was read again, or its zones have changed. */
  let whole = new WeakMap<Game, Game>();

  function isDeclared(game: Game, zone: string): boolean {
    return game.zones.some(({ name }) => name === zone);
  }

  /** The declared zone that a registered one is like. */
  function likeOf(game: string, zone: string): string | undefined {
    const declared = source.game(game);
    return declared === undefined || isDeclared(declared, zone) ? undefined : added.get(game)?.get(zone)?.like;
  }

  function specsOf(game: Game): readonly ZoneSpec[] {
    return [...(added.get(game.name) ?? [])].flatMap(([name, { like, capacity }]) => {
      const spec = game.zones.find((one) => one.name === like);
      if (spec === undefined || isDeclared(game, name)) return [];
      return { ...spec, name, capacity: capacity ?? spec.capacity };
    });
  }

  function withAdded(game: Game): Game {
    if (!added.has(game.name)) return game;
    const known = whole.get(game) ?? { ...game, zones: [...game.zones, ...specsOf(game)] };
    whole.set(game, known);
    return known;
  }

  return {
    register(zone, registration) {
      const { game, zone: name } = parseZoneId(zone);
      added.set(game, (added.get(game) ?? new Map()).set(name, registration));
      whole = new WeakMap();
    },
    unregister(zone) {
      const { game, zone: name } = parseZoneId(zone);
      added.get(game)?.delete(name);
      whole = new WeakMap();
    },
    game(name) {
      const game = source.game(name);
      return game && withAdded(game);
    },
    games: () => source.games().map(withAdded),
    map: (game, zone) => source.map(game, likeOf(game, zone) ?? zone),
    async load(game, zone) {
      const like = likeOf(game.name, zone);
      if (like === undefined) return await source.load(game, zone);
      const spec = game.zones.find(({ name }) => name === zone);
      if (spec === undefined) throw new HostError('zone.unknown');
      const loaded = await source.load(game, like);
      return { ...loaded, content: { ...loaded.content, spec } };
    },
  };
}
