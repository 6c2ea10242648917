import type { Host } from 'roost/plugin';

/** The game's name for people: in it speaks whoever speaks for the house. */
export function titleOf(host: Host, game: string): string {
  return host.zones.game(game)?.title ?? game;
}
