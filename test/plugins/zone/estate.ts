/** A node with the game `trial` and its zones as a test wants them, and people with accounts. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestClient } from '../../support/client.ts';
import type { TestNode, TestNodeOptions } from '../../support/node.ts';
import { type Files, startTrial } from '../../support/trial.ts';
import { type LoggedIn, makeAccount, password, post, refusalOf } from '../auth/people.ts';

export type Estate = AsyncDisposable & {
  readonly node: TestNode;
  /** Registers somebody and connects him; with a name, he has a character of that name. */
  join(account: string, character?: string): Promise<TestClient>;
  /** Logs somebody in who is registered. */
  tokenOf(account: string): Promise<string>;
  /** Calls a method as other plugins do. */
  asServer<T>(method: string, params: object): Promise<T>;
  /** Sets what an account may do. */
  grant(name: string, ...privileges: readonly string[]): Promise<void>;
  /** Zones that were started, in all lives. */
  started(): readonly unknown[];
};

const asServer = `import { defineMethod, z } from 'roost/plugin';
export default defineMethod({
  params: z.object({ method: z.string(), params: z.looseObject({}) }),
  handle: ({ params, host }) => host.call(params.method, params.params, { as: 'server' }),
});
`;

export const codeOf = async (call: Promise<unknown>) => (await refusalOf(call)).code;

/** Enters a zone, and waits until it is seen. */
export async function goInto(client: TestClient, zone: string): Promise<void> {
  const seen = client.next('snapshot');
  await client.enter(zone);
  await seen;
}

/** @param zones  Of game.json, beside the trial's yard. */
export async function startEstate(zones: object, options: TestNodeOptions = {}, files: Files = {}): Promise<Estate> {
  const folder = await mkdtemp(join(tmpdir(), 'roost-estate-'));
  await mkdir(join(folder, 'as'));
  await writeFile(join(folder, 'as/server.ts'), asServer);
  const game = {
    title: 'Trial',
    start: 'yard',
    character: 'walker',
    zones: { yard: { map: 'maps/yard.tmj' }, ...zones },
  };
  const { node, [Symbol.asyncDispose]: stop } = await startTrial(
    { plugins: [folder], ...options },
    { 'games/trial/game.json': JSON.stringify(game), ...files },
  );
  const ask = async <T>(method: string, params: object): Promise<T> =>
    (await post<T>(node, 'as.server', { method, params })).result;
  return {
    node,
    async join(account, character) {
      const { token } = await makeAccount(node, account);
      const client = await node.connect({ token });
      if (character !== undefined) await client.call('character.create', { name: character });
      return client;
    },
    async tokenOf(name) {
      return (await post<LoggedIn>(node, 'auth.login', { name, password })).result.token;
    },
    asServer: ask,
    async grant(name, ...privileges) {
      const { id } = await ask<{ id: string }>('auth.find', { name });
      await ask('auth.set-privileges', { id, privileges });
    },
    started: () => node.logs.flatMap(({ msg, zone }) => (msg === 'zone runs' ? [zone] : [])),
    async [Symbol.asyncDispose]() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
