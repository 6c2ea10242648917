/** People with accounts, over both doors. */
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

/** Calls a method over HTTP. @throws CallError */
export async function post<T = unknown>(
  node: TestNode,
  method: string,
  params: object = {},
  headers: Headers = {},
): Promise<Posted<T>> {
  const answer = await fetch(`${node.url}/rpc`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const body = (await answer.json()) as {
    result: T;
    error?: { message: string; data: { code: string; details: unknown } };
  };
  if (body.error) throw new CallError(method, { message: body.error.message, ...body.error.data });
  return { result: body.result, cookie: answer.headers.get('set-cookie') ?? undefined };
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

/**
 * A plugin folder of a test with one method, `as.server`, that calls any method as the server does: what other plugins do with
 * the methods that clients are refused.
 */
export const asServer = `import { defineMethod, z } from 'roost/plugin';
export default defineMethod({
  params: z.looseObject({ method: z.string(), params: z.any() }),
  handle: ({ params, host }) => host.call(params.method, params.params, { as: 'server' }),
});
`;
