/** Who comes with a token: of a login, or of the character of an earlier connection. Calls of the session wait until that is known. */
import type { AsyncLocalStorage } from 'node:async_hooks';
import { HostError } from '../contract/errors.ts';
import type { Account, Log, Presented } from '../contract/ports.ts';
import type { Logins } from './logins.ts';
import type { Player } from './player.ts';
import type { Presence } from './presence.ts';
import { resumeLength } from './resume-tokens.ts';
import type { LiveSession } from './session.ts';
import { lacksPlace } from './stay.ts';

/** Gives the session the character of an earlier connection. @throws HostError when that is over */
export type TakeBack = (session: LiveSession, player: Player) => Promise<void>;

export type ArrivalsOptions = {
  readonly presence: Presence;
  readonly logins: Logins;
  readonly takeBack: TakeBack;
  /** It looks at no zone any more. */
  readonly unwatch: (session: LiveSession) => void;
  /** Whose token it is; null when it is nobody's. @throws HostError that the client is told */
  readonly authenticate: (presented: Presented) => Promise<Account | null>;
  readonly log: Log;
};

export interface Arrivals {
  /** Takes back the character of an earlier connection, or tells that there is none. */
  resume(session: LiveSession, token: string): Promise<void>;
  /** Finds out whose token it is that a new connection presented. */
  admit(session: LiveSession, presented: Presented): Promise<void>;
  /** A token that a connection over TCP presents: of a login, or of a guest's lost connection. */
  present(session: LiveSession, token: string): void;
}

/** @param calls  What the call that runs now wants to do once its answer was sent. */
export function createTakeBack(presence: Presence, calls: AsyncLocalStorage<(() => void)[]>): TakeBack {
  return async (session, player) => {
    await calls.run([], async () => {
      const back = await presence.resume(session, player);
      session.send('resumed', back);
      // A request over HTTP hears nothing: it waits for a connection.
      if (session.listens) {
        player.lost = false;
        for (const { event, data } of player.takeMissed()) session.send(event, data);
      }
      for (const work of calls.getStore() ?? []) work();
    });
  };
}

export function createArrivals({ presence, logins, takeBack, unwatch, authenticate, log }: ArrivalsOptions): Arrivals {
  async function resume(session: LiveSession, token: string): Promise<void> {
    const player = presence.findByToken(token);
    try {
      // A connection plays one character, and whoever is logged in those of his account: what it plays would be left behind.
      if (session.zone !== null || session.account !== null) throw new HostError('session.playing');
      unwatch(session);
      if (player === undefined) {
        session.player = (await presence.recall(session, token)) ?? session.player;
        throw new HostError('session.unknown-resume');
      }
      await takeBack(session, player);
    } catch (error) {
      log.debug({ session: session.id, error: String(error) }, 'not resumed');
      const { code, message } = new HostError('session.unknown-resume');
      session.send('notice', { code, message });
    } finally {
      session.resuming = undefined;
    }
  }

  async function admit(session: LiveSession, presented: Presented): Promise<void> {
    try {
      const account = await authenticate(presented);
      if (account === null) throw new HostError('session.unknown-token');
      // Who takes the place of another connection of the account needs none of its own.
      if (logins.replaces(session, account)) session.crowded = false;
      if (!session.closed && !lacksPlace(session, account)) await logins.identify(session, account);
    } catch (error) {
      const told = error instanceof HostError ? error : new HostError('call.failed');
      if (told !== error) log.error({ session: session.id, error }, 'token not looked up');
      // Who presents a token that does not hold would act as somebody else than it thinks. A browser sends its cookie by
      // itself: whoever opens the page with an old one is a stranger, not wrong.
      if (!presented.cookie || told.code === 'session.elsewhere') session.end(told.code, told.message);
      else if (told.code !== 'session.unknown-token')
        session.send('notice', { code: told.code, message: told.message });
    } finally {
      session.resuming = undefined;
      if (lacksPlace(session, session.account)) session.end('session.full');
    }
  }

  return {
    resume,
    admit,
    present(session, token) {
      const { address } = session;
      session.resuming =
        token.length <= resumeLength
          ? resume(session, token)
          : admit(session, { token, cookie: false, via: 'text', address, page: false });
    },
  };
}
