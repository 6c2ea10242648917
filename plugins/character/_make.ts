import { randomBytes } from 'node:crypto';
import { type Host, HostError } from 'roost/plugin';
import { checkCharacterName, insertCharacter, ownerOf, taken } from './_characters.ts';

/** @throws HostError character.unknown-game, character.taken, character.too-many, name.illegal */
export async function makeCharacter(host: Host, account: string, given: string, game: string) {
  if (!host.zones.game(game)) throw new HostError('character.unknown-game', 'There is no such game');
  const name = checkCharacterName(host, given);
  if (host.sessions.isNamed(name)) throw taken();
  const id = randomBytes(8).toString('hex');
  const character = { id, owner: ownerOf(id), account, game, name, created: host.clock.now(), lastSeen: null };
  await host.db.transaction((trx) => insertCharacter(trx, character, host.settings.charactersMost));
  return { name, game };
}
