/** Which of the objects of an owner is the character. */
import type { Found } from '../store/store.ts';
import type { WorldSource } from './world-source.ts';
import { parseZoneId } from './zone-id.ts';

/**
 * By what the game of its zone plays, today or when it was made; else by what any game does: a script may have sent it to
 * another game's zone.
 */
export function findCharacter(
  owned: readonly Found[],
  { game, games }: Pick<WorldSource, 'game' | 'games'>,
): Found | undefined {
  const isOfGame = ({ kind, zone }: Found) => game(parseZoneId(zone).game)?.character === kind;
  return (
    owned.find(isOfGame) ?? owned.find(({ played }) => played) ?? owned.find(({ kind }) => isPlayed(kind, games()))
  );
}

/** Whether players of any of the games control such objects. */
export function isPlayed(kind: string, games: ReturnType<WorldSource['games']>): boolean {
  return games.some(({ character }) => character === kind);
}
