/** An account of the soak: made once, logged in again whenever its login was ended. */
import { sleep } from './wait.ts';

const password = 'a password of the soak';
/** A server that is away, or busy, is asked again. */
const againMs = 250;
const patienceMs = 60_000;

type Answer = { readonly result?: unknown; readonly error?: { readonly data?: { readonly code?: string } } };

/** A call over HTTP. @throws Error of the system when the server is away */
export async function post(url: string, method: string, params: object, token?: string): Promise<Answer> {
  const headers = new Headers({ 'content-type': 'application/json' });
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  const response = await fetch(`${url}/rpc`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  return (await response.json()) as Answer;
}

export const codeOf = ({ error }: Answer): string | undefined => error?.data?.code;

export class Login {
  readonly name: string;
  /** What the client presents; a new one with each login. */
  token: string | undefined;
  /** Owner of its character, once it was seen: the same for ever. */
  owner: string | undefined;
  readonly #url: () => string;

  constructor(name: string, url: () => string) {
    this.name = name;
    this.#url = url;
  }

  /** Registers and logs in; an account that is there already does only the second. Tries until the server answers. */
  async open(): Promise<void> {
    const { name } = this;
    await this.#insist('auth.register', { name, password }, ['auth.taken']);
    const { token } = (await this.#insist('auth.login', { name, password })) as { token: string };
    this.token = token;
    await this.#insist('character.create', { name }, ['character.taken'], token);
  }

  /** Ends the login itself; what becomes of the connection is the server's. */
  async end(): Promise<void> {
    await this.#insist('auth.logout', {}, ['session.unknown-token'], this.token);
  }

  /** Sets what the account may do, as an operator's plugin does. */
  async grant(privileges: readonly string[]): Promise<void> {
    await this.#insist('rights.set', { name: this.name, privileges });
  }

  /** The code that a token is refused with; undefined when it is good. */
  async refusal(token: string | undefined): Promise<string | undefined> {
    let code: string | undefined;
    const answered = async () =>
      post(this.#url(), 'auth.me', {}, token).then(
        (answer) => {
          code = codeOf(answer);
          return !code?.startsWith('store.');
        },
        () => false,
      );
    for (const until = performance.now() + patienceMs; performance.now() < until && !(await answered()); )
      await sleep(againMs);
    return code;
  }

  /** @param fine  Refusals that mean that it is done. */
  async #insist(method: string, params: object, fine: readonly string[] = [], token?: string): Promise<unknown> {
    let said = '';
    let result: unknown;
    let done = false;
    for (const until = performance.now() + patienceMs; !done && performance.now() < until; await sleep(againMs)) {
      try {
        const answer = await post(this.#url(), method, params, token);
        said = codeOf(answer) ?? '';
        result = answer.result;
        done = said === '' || fine.includes(said);
      } catch (error) {
        // The server is away for a moment.
        said = String(error);
      }
    }
    if (!done) throw new Error(`${method} of ${this.name}: ${said}`);
    return result;
  }
}
