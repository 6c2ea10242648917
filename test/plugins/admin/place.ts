/** A node with an administrator, who was made as operators make one: on the command line. */
import { resolve } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { TestClient } from '../../support/client.ts';
import { startTestNode, type TestNode, type TestNodeOptions } from '../../support/node.ts';
import { runNode } from '../../support/run.ts';
import { bearer, makeAccount, password, post, withPlugins } from '../auth/people.ts';

export const launcher = resolve(import.meta.dirname, '../../../bin/roost.js');

export type Place = {
  readonly node: TestNode;
  /** A connection of the administrator Ada. */
  readonly ada: TestClient;
  readonly token: string;
} & AsyncDisposable;

/** The token of an administrator's own login. */
export async function openAdministration(node: TestNode, name: string): Promise<string> {
  return (await post<{ token: string }>(node, 'admin.login', { name, password })).result.token;
}

/** Grants on the command line, while the node runs. */
export async function grantFromOutside(node: TestNode, name: string, privilege = 'admin'): Promise<void> {
  const { code, stderr } = await runNode([launcher, 'admin', 'grant', name, privilege, '--data', node.data]);
  if (code !== 0) throw new Error(`roost admin grant failed: ${stderr}`);
}

export async function startPlace(options: TestNodeOptions = {}): Promise<Place> {
  // One person with several connections, and all from this machine.
  const env = { ROOST_ACCOUNT_SESSIONS: 'many', ...options.env };
  const node = await startTestNode({ ...options, env });
  await makeAccount(node, 'Ada');
  await grantFromOutside(node, 'Ada');
  const token = await openAdministration(node, 'Ada');
  const ada = await node.connect({ token });
  return { node, ada, token, [Symbol.asyncDispose]: () => node[Symbol.asyncDispose]() };
}

/** One place for all tests of a file, with the plugins of `people.ts`. */
export function onePlace(): Omit<Place, typeof Symbol.asyncDispose> {
  let place: Place | undefined;
  let plugins: Awaited<ReturnType<typeof withPlugins>> | undefined;
  beforeAll(async () => {
    plugins = await withPlugins();
    place = await startPlace({ plugins: [plugins.folder] });
  });
  afterAll(async () => {
    await place?.[Symbol.asyncDispose]();
    await plugins?.[Symbol.asyncDispose]();
  });
  const there = () => {
    if (place === undefined) throw new Error('not before the tests run');
    return place;
  };
  return {
    get node() {
      return there().node;
    },
    get ada() {
      return there().ada;
    },
    get token() {
      return there().token;
    },
  };
}

/** A connection of somebody who logged in from a program. */
export async function comeIn(node: TestNode, name: string): Promise<{ client: TestClient; token: string }> {
  const { token } = await makeAccount(node, name);
  return { client: await node.connect({ token }), token };
}

/** Calls over HTTP with a token. @throws CallError */
export async function postAs<T = unknown>(node: TestNode, token: string, method: string, params: object = {}) {
  return (await post<T>(node, method, params, bearer(token))).result;
}
