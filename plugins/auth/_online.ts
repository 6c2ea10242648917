/** How long accounts are online: counted by session, written down now and then and when a session ends. */
import type { Host } from 'roost/plugin';

export type Online = {
  /** From now on the session counts, for whoever is logged in. */
  begin(session: string, now: number): void;
  /** What the session was there counts for the account; it begins anew. */
  count(session: string, account: string, now: number): void;
  forget(session: string): void;
  /** Writes down what was counted; what comes meanwhile goes along the next time. */
  flush(host: Host): Promise<void>;
};

export function createOnline(): Online {
  /** Session → monotonic seconds since when it counts. */
  const since = new Map<string, number>();
  /** Account → seconds that are not written down. */
  let counted = new Map<string, number>();
  let writing: Promise<void> | null = null;

  async function write({ db }: Host): Promise<void> {
    while (counted.size > 0) {
      const now = counted;
      counted = new Map();
      await db.transaction(async (trx) => {
        for (const [account, seconds] of now) {
          const sql = 'update accounts set online_minutes = online_minutes + ? where id = ?';
          await trx.run(sql, [seconds / 60, account]);
        }
      });
    }
  }

  return {
    begin(session, now) {
      since.set(session, now);
    },
    count(session, account, now) {
      const began = since.get(session);
      if (began === undefined) return;
      since.set(session, now);
      counted.set(account, (counted.get(account) ?? 0) + now - began);
    },
    forget(session) {
      since.delete(session);
    },
    flush(host) {
      writing ??= write(host).finally(() => {
        writing = null;
      });
      return writing;
    },
  };
}

/** Counts everybody who is here now, and writes it down. */
export async function countAll(online: Online, host: Host): Promise<void> {
  const now = host.clock.monotonicMs() / 1000;
  for (const { id, account } of host.sessions.list()) if (account) online.count(id, account.id, now);
  await online.flush(host);
}
