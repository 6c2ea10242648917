/** What becomes of logins and rights while their owners play. */
import { io } from 'socket.io-client';
import { CallError } from '../../core/client/client.ts';
import type { Login } from './login.ts';
import { cameTrue, sleep } from './wait.ts';
import type { Walker } from './walker.ts';
import { expectSoon, type World } from './world.ts';

const againMs = 250;

type Member = { readonly walker: Walker; readonly login: Login };

function pick({ random, walkers }: World): Member {
  return random.pick(walkers.flatMap((walker) => (walker.login ? [{ walker, login: walker.login }] : [])));
}

/** A login is ended elsewhere: its connection goes, its token is nobody's, and a new one has the same character. */
export async function endLogin(world: World): Promise<number> {
  const { walker, login } = pick(world);
  const former = login.token;
  await login.end();
  const lives = world.server.lives;
  const ended = () => !walker.client.stats.connected || world.server.lives !== lives;
  await expectSoon(world, `that ${walker.name} is logged out`, ended);
  const refusal = await login.refusal(former);
  if (refusal !== 'session.unknown-token')
    world.ledger.wrong('other', `a login that was ended is ${refusal ?? 'good'} (${login.name})`);
  const from = performance.now();
  await login.open();
  await walker.comeBack();
  return from;
}

/** A right is given and taken on an open connection. */
export async function changeRights(world: World): Promise<void> {
  const { walker, login } = pick(world);
  const uses = async (): Promise<boolean | undefined> => {
    try {
      await walker.client.call('rights.use');
      return true;
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      world.ledger.refused(error.code);
      return error.code === 'call.forbidden' ? false : undefined;
    }
  };
  for (const has of [true, false]) {
    let found: boolean | undefined;
    for (const until = performance.now() + world.patienceMs; found === undefined && performance.now() < until; ) {
      await login.grant(has ? ['build'] : []);
      found = await uses();
      // The zone, the plugin or the node was away: that says nothing about rights.
      if (found === undefined) await sleep(againMs);
    }
    if (found !== has) world.ledger.wrong('other', `${login.name} ${has ? 'lacks' : 'keeps'} a right: ${found}`);
  }
}

/** Somebody else comes with the token, takes the character and goes without a word; the player takes it back. */
export async function takeOver(world: World): Promise<number> {
  const { server } = world;
  const { walker, login } = pick(world);
  const thief = io(server.url, { auth: { token: login.token }, transports: ['websocket'], reconnection: false });
  let got = false;
  thief.on('resumed', () => {
    got = true;
  });
  const lives = server.lives;
  // Where the node was killed meanwhile, or the player had just come from there, nothing is taken.
  await cameTrue(() => got || server.lives !== lives || !thief.active, 5_000);
  thief.disconnect();
  const from = performance.now();
  await walker.comeBack();
  return from;
}
