/** Where zones get their games, maps and scripts from. */
import type { Game, ZoneMap } from '../contract/content.ts';
import type { LoadedContent } from './run.ts';

/** Games as they were read last. */
export interface WorldSource {
  game(name: string): Game | undefined;
  games(): readonly Game[];
  map(game: string, zone: string): ZoneMap | undefined;
  /** @throws HostError `zone.failed` when its files cannot be used. */
  load(game: Game, zone: string): Promise<LoadedContent>;
}
