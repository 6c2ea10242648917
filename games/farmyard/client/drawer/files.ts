import type { Client } from 'roost/client';

/** A script as `script.list` gives it. */
export type Script = {
  readonly path: string;
  readonly name: string;
  readonly role: 'object' | 'zone' | 'helper';
  readonly game: string | null;
  readonly build: string | null;
  readonly state: string;
};
/** Its text, and the hash of what the server has. */
export type Text = { readonly path: string; readonly text: string; readonly hash: string };

/** The scripts on the server. */
export class Files {
  readonly #client: Client;
  all: readonly Script[] = [];

  constructor(client: Client) {
    this.#client = client;
  }

  /** Reads the list anew. @returns Whether it may; undefined when nobody knows: the connection is gone again. */
  async refresh(): Promise<boolean | undefined> {
    try {
      this.all = (await this.#client.call('script.list')) as unknown as readonly Script[];
      return true;
    } catch (error) {
      return codeOf(error) === 'call.forbidden' ? false : undefined;
    }
  }

  find(path: string): Script | undefined {
    return this.all.find((script) => script.path === path);
  }

  /** The script of a kind; the game's own before the one of all games. */
  ofKind(kind: string, game: string): Script | undefined {
    const fitting = this.all.filter(({ name, role }) => role === 'object' && name === kind);
    return fitting.find((script) => script.game === game) ?? fitting.find((script) => script.game === null);
  }

  /** @throws CallError script.unknown */
  async open(path: string, original = false): Promise<Text> {
    return (await this.#client.call('script.open', { path, original })) as unknown as Text;
  }

  /** Puts `text` in place of a range of what the server has. @throws CallError script.changed and others */
  async save(file: Text, text: string, range: readonly [number, number]): Promise<string> {
    const params = { path: file.path, hash: file.hash, text, range: [...range] };
    return ((await this.#client.call('script.save', params)) as unknown as Text).hash;
  }

  /** Takes back what stands against a file. @throws CallError */
  async lift(path: string): Promise<void> {
    await this.#client.call('host.lift', { path });
  }
}

/** The code of a refused call. */
export function codeOf(error: unknown): string | undefined {
  return (error as { readonly code?: string }).code;
}
