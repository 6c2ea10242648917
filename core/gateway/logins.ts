/** Who is logged in on which session, and whom it plays. */
import { HostError } from '../contract/errors.ts';
import type { Account, Persona } from '../contract/ports.ts';
import type { Player } from './player.ts';
import type { Presence } from './presence.ts';
import type { LiveSession } from './session.ts';

export type LoginsOptions = {
  readonly sessions: () => Iterable<LiveSession>;
  readonly presence: Presence;
  /** What becomes of a second session of one account. */
  readonly policy: 'replace' | 'refuse' | 'many';
  /** Gives the session the character of an earlier connection. */
  readonly takeBack: (session: LiveSession, player: Player) => Promise<void>;
  /** It looks at no zone any more. */
  readonly unwatch: (session: LiveSession) => void;
  /** Told of each connection that has become an account's. */
  readonly loggedIn: (session: LiveSession) => void;
};

export interface Logins {
  /** Whether another connection ends when this one becomes the account's. */
  replaces(session: LiveSession, account: Account): boolean;
  /** @throws HostError session.elsewhere */
  identify(session: LiveSession, account: Account | null): Promise<void>;
  /** @throws HostError session.playing, session.elsewhere */
  play(session: LiveSession, persona: Persona): Promise<void>;
  change(id: string, change: { readonly name?: string; readonly privileges?: readonly string[] }): void;
}

export function createLogins({ sessions, presence, policy, takeBack, unwatch, loggedIn }: LoginsOptions): Logins {
  /** Whose each connection is, or is about to be, and in which order they said so. */
  const claims = new WeakMap<LiveSession, { readonly id: string; readonly order: number }>();
  let order = 0;

  /** Live connections of the account beside this one. A request over HTTP is over when it was answered. */
  function others(session: LiveSession, id: string): readonly LiveSession[] {
    return [...sessions()].filter((one) => one !== session && one.listens && claims.get(one)?.id === id);
  }

  /** Those that came before: of many at once the last stays. */
  function earlier(session: LiveSession, id: string): readonly LiveSession[] {
    const mine = claims.get(session)?.order ?? 0;
    return others(session, id).filter((one) => (claims.get(one)?.order ?? 0) < mine);
  }

  /** What it looked at, it did as who it was; what another connection plays is that one's. */
  async function logOut(session: LiveSession): Promise<void> {
    unwatch(session);
    session.account = null;
    const { session: playing = session } = session.player;
    if (playing === session) await presence.leave(session);
    session.player = presence.createPlayer();
    session.idleSinceMs = session.lastMs;
  }

  /** The character that the account has in play, if this session is to have it. */
  function findLost({ id, credential }: Account): Player | undefined {
    const players = presence.ofAccount(id).filter(({ character }) => character !== null);
    if (policy === 'replace') return players[0];
    // What a request over HTTP has taken up is no connection's.
    return players.find(({ session, account }) => session?.listens !== true && account?.credential === credential);
  }

  return {
    replaces: (session, { id }) => policy === 'replace' && others(session, id).length > 0,
    async identify(session, account) {
      if (account === null) {
        claims.delete(session);
        return await logOut(session);
      }
      const same = session.account?.id === account.id;
      if (!same && session.listens && policy === 'refuse' && others(session, account.id).length > 0)
        throw new HostError('session.elsewhere');
      claims.set(session, { id: account.id, order: ++order });
      if (!same) await logOut(session);
      if (session.closed) return;
      session.account = account;
      if (same || !session.listens) return;
      const lost = findLost(account);
      // Whoever has the character is replaced by taking it back; the others of the account hear it before, so that none of
      // them takes it back after this one.
      const replace = (but?: LiveSession) => {
        if (policy !== 'replace') return;
        for (const other of earlier(session, account.id)) if (other !== but) other.end('session.replaced');
      };
      replace(lost?.session);
      if (lost !== undefined) await takeBack(session, lost).catch(onlyOutcome);
      replace();
      if (session.account?.id === account.id) loggedIn(session);
    },
    async play(session, persona) {
      const { player, account } = session;
      const there = presence.findByOwner(persona.owner);
      if (player.owner === persona.owner && (there === undefined || there === player)) return;
      // It may have been logged out while the caller looked the character up.
      if (account === null) throw new HostError('session.logged-out');
      if (player.zone !== null) throw new HostError('session.playing');
      if (there !== undefined && there.session === undefined && there.character !== null)
        return await takeBack(session, there);
      session.player = presence.createPersona(persona, account);
    },
    change(id, { name, privileges }) {
      for (const session of sessions()) {
        const { account } = session;
        if (account?.id !== id) continue;
        session.account = { ...account, name: name ?? account.name, privileges: privileges ?? account.privileges };
      }
    },
  };
}

/** A character that cannot be taken back is away: who wanted it goes on all the same. */
export function onlyOutcome(error: unknown): void {
  if (!(error instanceof HostError)) throw error;
}
