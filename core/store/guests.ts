/** Guests by the newest resume token they were given. Only its hash is here. */
import type { Guests } from '../contract/ports.ts';
import { toOutcome } from './outcome.ts';
import type { Writer } from './writer.ts';

/** @param now  Unix seconds. */
export function createGuests(writer: Writer, now: () => number): Guests {
  return {
    async keep(owner, tokenHash) {
      await writer.transaction((trx) =>
        trx.run(
          `insert into guests (owner, token_hash, seen) values (?, ?, ?)
           on conflict (owner) do update set token_hash = excluded.token_hash, seen = excluded.seen`,
          [owner, tokenHash, now()],
        ),
      );
    },
    async take(tokenHash) {
      const [row] = await writer
        .transaction((trx) => trx.run('delete from guests where token_hash = ? returning owner', [tokenHash]))
        .catch(toOutcome);
      return row && String(row.owner);
    },
    async forget(before) {
      await writer.transaction((trx) => trx.run('delete from guests where seen < ?', [before]));
    },
  };
}
