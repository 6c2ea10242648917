import { CallError, type Client, type JsonObject } from 'roost/client';

/** Who is logged in. */
export type Me = {
  readonly name: string;
  readonly email: string | null;
  /** Unix seconds. */
  readonly created: number | null;
  readonly logins: number | null;
  readonly onlineMinutes: number | null;
};

/** How one becomes somebody here. */
export type Open = { readonly guests: boolean; readonly serials: boolean; readonly recovery: boolean };
export type Who = { readonly account: Me | null; readonly open: Open };

export type Character = {
  readonly name: string;
  readonly game: string;
  /** Where it is, or was last; null before the first time. */
  readonly zone: string | null;
  /** In play, perhaps in another window. */
  readonly online: boolean;
};

export type Login = {
  readonly id: string;
  /** Unix seconds. */
  readonly made: number;
  readonly seen: number;
  readonly address: string | null;
  readonly page: boolean;
  /** The one that this page came with. */
  readonly current: boolean;
};

/**
 * Everything the page asks about accounts. Logging in goes over HTTP, so that the browser keeps the token in a cookie
 * which no script can read; the connection is then made anew and brings the cookie along by itself.
 */
export class Accounts {
  readonly #client: Client;
  readonly #game: string;

  /** @param game  The one whose characters are meant. */
  constructor(client: Client, game: string) {
    this.#client = client;
    this.#game = game;
  }

  /** Who is logged in, if anybody is; undefined where there are no accounts. */
  async who(): Promise<Who | undefined> {
    try {
      return (await this.#client.call('auth.me')) as Who;
    } catch (error) {
      if (error instanceof CallError && error.code === 'call.unknown-method') return undefined;
      throw error;
    }
  }

  async logIn(name: string, password: string): Promise<void> {
    await post('auth.login', { name, password, cookie: true });
    await this.#client.reconnect();
  }

  async register(name: string, password: string, email: string, serial: string): Promise<void> {
    const more = { ...(email === '' ? {} : { email }), ...(serial === '' ? {} : { serial }) };
    await post('auth.register', { name, password, ...more });
    await this.logIn(name, password);
  }

  /** Opens an account again that its owner had put to sleep. */
  async wake(name: string, password: string): Promise<void> {
    await post('auth.reactivate', { name, password });
    await this.logIn(name, password);
  }

  /** The cookie goes, and with it everything that is open under this login. */
  async logOut(): Promise<void> {
    await post('auth.logout', {});
    await this.#client.reconnect();
  }

  /** The login has ended on the server: the cookie is of no use any more. */
  async forget(): Promise<void> {
    await post('auth.logout', {}).catch((error: unknown) => {
      if (!(error instanceof CallError)) throw error;
    });
    await this.#client.reconnect();
  }

  /** The account's characters of this game. */
  async characters(): Promise<readonly Character[]> {
    const { characters } = (await this.#client.call('character.list')) as { readonly characters: readonly Character[] };
    return characters.filter(({ game }) => game === this.#game);
  }

  async createCharacter(name: string): Promise<{ readonly name: string }> {
    return (await this.#client.call('character.create', { name, game: this.#game })) as { readonly name: string };
  }

  async deleteCharacter(name: string): Promise<void> {
    await this.#client.call('character.delete', { name });
  }

  async avatar(): Promise<string> {
    return ((await this.#client.call('auth.avatar')) as { readonly avatar: string | null }).avatar ?? '';
  }

  async setAvatar(avatar: string): Promise<void> {
    await this.#client.call('auth.set-avatar', { avatar: avatar === '' ? null : avatar });
  }

  /** Another address, or with `''` none; everything else that was told stays. */
  async setEmail(email: string, password: string): Promise<void> {
    const told = (await this.#client.call('auth.profile')) as JsonObject;
    await this.#client.call('auth.change-profile', { ...told, email, password });
  }

  async logins(): Promise<readonly Login[]> {
    return ((await this.#client.call('auth.logins')) as { readonly logins: readonly Login[] }).logins;
  }

  /** Any other method of the account, by the name after `auth.`. */
  async ask(method: string, params: JsonObject): Promise<void> {
    await this.#client.call(`auth.${method}`, params);
  }
}

/** Calls a method over HTTP, with the browser's cookie. @throws CallError */
export async function post(method: string, params: JsonObject): Promise<unknown> {
  const answer = await fetch('/rpc', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  }).catch(() => {
    throw new CallError('call.timeout', 'The server does not answer.');
  });
  const { result, error } = (await answer.json()) as {
    readonly result?: unknown;
    readonly error?: { readonly message: string; readonly data: { readonly code: string } };
  };
  if (error !== undefined) throw new CallError(error.data.code, error.message);
  return result;
}
