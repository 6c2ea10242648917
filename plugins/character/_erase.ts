/**
 * The end of a character: its row is marked, then its object goes, then the row. Whoever enters meanwhile looks at the row
 * again afterwards, so that none is left in the world whom nobody owns.
 */
import { type Host, HostError, perNode } from 'roost/plugin';
import { type CharacterRow, idOf, ownerOf } from './_characters.ts';
import { placeOf } from './_places.ts';

/**
 * What is done to each character, one after the other, by id: a deletion that is refused takes its mark back, and nobody else
 * erases by that mark meanwhile.
 */
const turnsOf = perNode(() => new Map<string, Promise<void>>());

/** @throws HostError character.in-play, and it stays; character.not-found when somebody else was faster */
export async function deleteCharacter(host: Host, character: CharacterRow): Promise<void> {
  const { id } = character;
  if ((await placeOf(host, character)).online) throw inPlay();
  await inTurn(host, id, async () => {
    if (!(await mark(host, id))) throw new HostError('character.not-found');
    try {
      await erase(host, id);
    } catch (error) {
      await host.db.transaction((trx) => trx.run('update characters set gone = null where id = ?', [id]));
      throw isPlayed(error) ? inPlay() : error;
    }
  });
}

/** All characters of an account, those in play as soon as they are not. */
export async function deleteAll(host: Host, account: string): Promise<void> {
  await host.db.transaction((trx) =>
    trx.run('update characters set gone = ? where account = ? and gone is null', [host.clock.now(), account]),
  );
  const rows = await host.db.read('select id from characters where account = ?', [account]);
  const owners = new Set(rows.map(({ id }) => ownerOf(String(id))));
  const sessions = host.sessions.list().filter(({ owner }) => owners.has(owner));
  await Promise.all(sessions.map(({ id }) => host.sessions.find(id)?.leave()));
  for (const { id } of rows) {
    // A deletion that was refused meanwhile has taken the mark back.
    await inTurn(host, String(id), () => mark(host, String(id)));
    await finishOne(host, String(id));
  }
}

/** Goes on with what was marked: a life of the node may have ended in between, and who was in play may be so no more. */
export async function finish(host: Host): Promise<void> {
  for (const { id } of await host.db.read('select id from characters where gone is not null'))
    await finishOne(host, String(id));
}

/** Erases what is in the world of a character that has no row. One with a row, marked or not, is for others to erase. */
export async function eraseOwnerless(host: Host, owner: string): Promise<void> {
  const id = idOf(owner);
  if (id !== undefined && !(await isRow(host, id))) await host.characters.erase(owner);
}

/** Erases it if it is still marked. */
async function finishOne(host: Host, id: string): Promise<void> {
  try {
    await inTurn(host, id, async () => {
      if (await isRow(host, id, 'and gone is not null')) await erase(host, id);
    });
  } catch (error) {
    if (!isPlayed(error)) host.log.warn({ character: id, error }, 'character not erased yet');
  }
}

async function erase(host: Host, id: string): Promise<void> {
  await host.characters.erase(ownerOf(id));
  await host.db.transaction((trx) => trx.run('delete from characters where id = ? and gone is not null', [id]));
}

/** False when it was marked already, or is gone. */
async function mark(host: Host, id: string): Promise<boolean> {
  const sql = 'update characters set gone = ? where id = ? and gone is null returning id';
  return (await host.db.transaction((trx) => trx.run(sql, [host.clock.now(), id]))).length > 0;
}

async function isRow({ db }: Host, id: string, which: 'and gone is not null' | '' = ''): Promise<boolean> {
  return (await db.read(`select id from characters where id = ? ${which}`, [id])).length > 0;
}

async function inTurn<T>(host: Host, id: string, work: () => Promise<T>): Promise<T> {
  const turns = turnsOf(host);
  const turn = (turns.get(id) ?? Promise.resolve()).then(work);
  // Whoever began it is told of an error; what comes next only waits for its end.
  const ended = turn.then(
    () => {},
    () => {},
  );
  turns.set(id, ended);
  try {
    return await turn;
  } finally {
    if (turns.get(id) === ended) turns.delete(id);
  }
}

function isPlayed(error: unknown): boolean {
  return error instanceof HostError && error.code === 'session.elsewhere';
}

function inPlay(): HostError {
  return new HostError('character.in-play', 'The character is in play: it has to leave first');
}
