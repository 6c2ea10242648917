/**
 * What was taken away a moment ago. Somebody who presented a token just before may get his session just after: whoever still
 * has what is listed here loses it.
 */
import type { Host } from 'roost/plugin';

export type Revoked = {
  /** These logins are over. */
  end(credentials: readonly string[], now: number): void;
  /** This is what the account may do now. */
  change(account: string, privileges: readonly string[], now: number): void;
  /** Goes through the live sessions. @param now  Unix seconds. */
  apply(host: Host, spare?: string): void;
};

/** Longer than a token is looked up, in seconds. */
const keepS = 30;

export function createRevoked(): Revoked {
  const ended = new Map<string, number>();
  const changed = new Map<string, { readonly privileges: readonly string[]; readonly at: number }>();

  function forgetOld(now: number): void {
    for (const [id, at] of ended) if (now - at > keepS) ended.delete(id);
    for (const [id, { at }] of changed) if (now - at > keepS) changed.delete(id);
  }

  return {
    end(credentials, now) {
      for (const id of credentials) ended.set(id, now);
    },
    change(account, privileges, now) {
      changed.set(account, { privileges, at: now });
    },
    apply({ sessions, clock }, spare) {
      if (ended.size === 0 && changed.size === 0) return;
      for (const { id, account } of sessions.list()) {
        if (account === null || id === spare) continue;
        if (ended.has(account.credential)) sessions.end(id, { code: 'session.logged-out', leave: true });
        const now = changed.get(account.id);
        if (now && now.privileges.join() !== account.privileges.join())
          sessions.changeAccount(account.id, { privileges: now.privileges });
      }
      forgetOld(clock.now());
    },
  };
}
