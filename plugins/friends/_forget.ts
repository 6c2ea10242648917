/** What nobody needs any more. */
import type { Host } from 'roost/plugin';

const dayS = 86_400;
/** A guest is somebody else the next time it comes. */
const guestsS = dayS;
/** Whoever takes a request back may have it told again after that time. */
const withdrawnS = 30 * dayS;

export async function forget({ db }: Host, owners: readonly string[]): Promise<void> {
  await db.transaction(async (trx) => {
    for (const owner of owners)
      for (const table of ['buddies', 'blocks'])
        await trx.run(`delete from ${table} where owner = ? or other = ?`, [owner, owner]);
  });
}

/** Removes what is left of characters that are no more, and what has become old. */
export async function sweep({ db, clock }: Host): Promise<void> {
  const now = clock.now();
  const there = "(select 'character:' || id from characters)";
  await db.transaction(async (trx) => {
    await trx.run(`delete from buddies where owner not in ${there} or other not in ${there}`);
    await trx.run('delete from buddies where withdrawn = 1 and created < ?', [now - withdrawnS]);
    await trx.run(`delete from blocks where owner like 'character:%' and owner not in ${there}`);
    await trx.run(`delete from blocks where other like 'character:%' and other not in ${there}`);
    await trx.run("delete from blocks where owner like 'guest:%' and created < ?", [now - guestsS]);
    await trx.run("delete from blocks where other like 'guest:%' and created < ?", [now - withdrawnS]);
  });
}
