/**
 * The end of a character: its row is marked, then its object goes, then the row. Whoever enters meanwhile looks at the row
 * again afterwards, so that none is left in the world whom nobody owns.
 */
import { type Host, HostError } from 'roost/plugin';
import { type CharacterRow, ownerOf } from './_characters.ts';

/** @throws HostError character.in-play, and it stays; character.not-found when somebody else was faster */
export async function deleteCharacter(host: Host, character: CharacterRow): Promise<void> {
  const { id } = character;
  const [marked] = await host.db.transaction((trx) =>
    trx.run('update characters set gone = ? where id = ? and gone is null returning id', [host.clock.now(), id]),
  );
  if (!marked) throw new HostError('character.not-found');
  try {
    await erase(host, id);
  } catch (error) {
    await host.db.transaction((trx) => trx.run('update characters set gone = null where id = ?', [id]));
    if (!isPlayed(error)) throw error;
    throw new HostError('character.in-play', 'The character is in play: it has to leave first');
  }
}

/** All characters of an account, those in play as soon as they are not. */
export async function deleteAll(host: Host, account: string): Promise<void> {
  await host.db.transaction((trx) =>
    trx.run('update characters set gone = ? where account = ? and gone is null', [host.clock.now(), account]),
  );
  const owners = new Set((await host.db.read('select id from characters where account = ?', [account])).map(toOwner));
  const sessions = host.sessions.list().filter(({ owner }) => owners.has(owner));
  await Promise.all(sessions.map(({ id }) => host.sessions.find(id)?.leave()));
  await finish(host);
}

/** Goes on with what was marked: a life of the node may have ended in between, and who was in play may be so no more. */
export async function finish(host: Host): Promise<void> {
  for (const row of await host.db.read('select id from characters where gone is not null')) {
    try {
      await erase(host, String(row.id));
    } catch (error) {
      if (!isPlayed(error)) host.log.warn({ character: String(row.id), error }, 'character not erased yet');
    }
  }
}

async function erase(host: Host, id: string): Promise<void> {
  await host.characters.erase(ownerOf(id));
  await host.db.transaction((trx) => trx.run('delete from characters where id = ? and gone is not null', [id]));
}

function isPlayed(error: unknown): boolean {
  return error instanceof HostError && error.code === 'session.elsewhere';
}

function toOwner(row: { readonly [column: string]: unknown }): string {
  return ownerOf(String(row.id));
}
