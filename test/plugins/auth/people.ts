/** People with accounts, over both doors. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { CallError, type TestClient } from '../../support/client.ts';
import type { TestNode } from '../../support/node.ts';

export const password = 'correct horse battery';

export type LoggedIn = {
  readonly token: string;
  readonly account: { readonly name: string; readonly privileges: readonly string[]; readonly trusted: boolean };
  readonly until: number;
};

/** What came of a `POST /rpc`, and the cookie that the browser was told to keep. */
export type Posted<T> = { readonly result: T; readonly cookie: string | undefined };

type Headers = Readonly<Record<string, string>>;

/** Calls a method over HTTP; `from` is the address of this machine that it comes from. @throws CallError */
export async function post<T = unknown>(
  node: TestNode,
  method: string,
  params: object = {},
  headers: Headers = {},
  from = '127.0.0.1',
): Promise<Posted<T>> {
  const answered = Promise.withResolvers<IncomingMessage>();
  const options = { method: 'POST', localAddress: from, headers: { 'content-type': 'application/json', ...headers } };
  const call = request(`${node.url}/rpc`, options, answered.resolve).once('error', answered.reject);
  call.end(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
  const answer = await answered.promise;
  const { result, error } = (await json(answer)) as {
    result: T;
    error?: { message: string; data: { code: string; details: unknown } };
  };
  if (error) throw new CallError(method, { message: error.message, ...error.data });
  return { result, cookie: answer.headers['set-cookie']?.[0] };
}

export const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });

/** Registers somebody and logs him in from a program, over HTTP. */
export async function makeAccount(node: TestNode, name: string): Promise<LoggedIn> {
  await post(node, 'auth.register', { name, password });
  return (await post<LoggedIn>(node, 'auth.login', { name, password })).result;
}

/** The code that a call was refused with. */
export async function refusalOf(call: Promise<unknown>): Promise<{ readonly code: string; readonly details: unknown }> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof CallError) return { code: outcome.code, details: outcome.details };
  throw outcome instanceof Error ? outcome : new Error('it was not refused');
}

/** Who is logged in on a connection; undefined for a stranger. */
export async function whoIs(client: TestClient): Promise<string | undefined> {
  const { account } = await client.call<{ account: { name: string } | null }>('auth.me');
  return account?.name;
}

/** Resolves when the connection has been ended, with the code of the notice that came before. */
export async function ended(client: TestClient): Promise<string | undefined> {
  await client.until(() => !client.socket.connected);
  const notices = client.messages.filter(({ event }) => event === 'notice');
  return (notices.at(-1)?.data as { code: string } | undefined)?.code;
}

/** Of a plugin that calls any method as the server does: what other plugins do with the methods that clients are refused. */
export const asServer = `import { defineMethod, z } from 'roost/plugin';
export default defineMethod({
  params: z.object({ method: z.string(), params: z.looseObject({}) }),
  handle: ({ params, host }) => host.call(params.method, params.params, { as: 'server' }),
});
`;

/**
 * Of a plugin that begins a transaction, `hold`, which changes something when it is released: all others wait behind it. Not
 * for longer than a few seconds.
 */
export const holding = {
  /** Where `as.hold` leaves what `as.release` ends. */
  '_held.ts': `export const held = { release: () => {}, done: Promise.resolve() };
`,
  'hold.ts': `import { defineMethod, z } from 'roost/plugin';
import { held } from './_held.ts';
export default defineMethod({
  params: z.object({ sql: z.string() }),
  async handle({ params, host }) {
    const begun = Promise.withResolvers();
    const released = Promise.withResolvers();
    held.release = released.resolve;
    held.done = host.db.transaction(async (trx) => {
      begun.resolve();
      await released.promise;
      await trx.run(params.sql);
    });
    await begun.promise;
    return {};
  },
});
`,
  'release.ts': `import { defineMethod } from 'roost/plugin';
import { held } from './_held.ts';
export default defineMethod({
  async handle() {
    held.release();
    await held.done;
    return {};
  },
});
`,
};

const own = {
  ...holding,
  'server.ts': asServer,
  /** Wants a privilege. */
  'builder.ts': `import { defineMethod } from 'roost/plugin';
export default defineMethod({ allow: 'build', handle: () => 'built' });
`,
  /** Tables that still have something of an account. */
  'rows.ts': `import { defineMethod, z } from 'roost/plugin';
const columns = {
  accounts: 'id', credentials: 'account', auth_known: 'account', auth_serials: 'account', auth_codes: 'account',
  auth_profiles: 'account', auth_avatars: 'account', auth_mails: 'account',
};
export default defineMethod({
  params: z.object({ id: z.string() }),
  async handle({ params, host }) {
    const left = [];
    for (const [table, column] of Object.entries(columns)) {
      const rows = await host.db.read('select 1 as one from ' + table + ' where ' + column + ' = ?', [params.id]);
      if (rows.length > 0) left.push(table);
    }
    return left;
  },
});
`,
};

/** A folder of plugins with `as.server`, `as.builder`, `as.rows`, `as.hold` and `as.release`; `await using` removes it. */
export async function withPlugins(): Promise<{ readonly folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'roost-as-'));
  await mkdir(join(folder, 'as'));
  for (const [name, text] of Object.entries(own)) await writeFile(join(folder, 'as', name), text, { mode: 0o644 });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
