/**
 * A player of the older turn server, from the description of its stress client: it polls, says what it holds, and goes on by
 * the codes of the answers alone. Every request has a connection of its own, as from a program without a pool.
 */
import { request } from 'node:http';

/** An answer, `code/subcode/data`, as any client of that server takes it apart. */
export type TurnAnswer = {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly code: number;
  readonly sub: string;
  /** All behind the second slash. */
  readonly data: string;
};

/** Posts a body as it is. The content type is what that client said of its text. */
export async function postTurn(
  url: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' },
): Promise<TurnAnswer> {
  const bytes = Buffer.from(body);
  const { status, type, text } = await ask(url, 'POST', bytes, { 'content-length': `${bytes.length}`, ...headers });
  const [code = '', sub = '', ...data] = text.split('/');
  return { status, type, text, code: Number(code), sub, data: data.join('/') };
}

/** Seconds that the last request took, as the server says. */
export async function getSeconds(url: string): Promise<string> {
  return (await ask(url, 'GET', undefined, {})).text;
}

function ask(url: string, method: string, body: Buffer | undefined, headers: Readonly<Record<string, string>>) {
  return new Promise<{ status: number; type: string; text: string }>((done, failed) => {
    const asked = request(url, { method, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        done({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'] ?? '',
          text: Buffer.concat(parts).toString(),
        }),
      );
    });
    asked.once('error', failed);
    asked.end(body);
  });
}

export type OlderOptions = {
  readonly url: string;
  readonly name: string;
  /** What it sends when it plays, by how many it has sent. */
  readonly say: (count: number) => string;
};

/** One player and what it has come to. */
export class OlderClient {
  /** Texts of the partner, as they came. */
  readonly read: string[] = [];
  readonly written: string[] = [];
  /** How often each error came. */
  readonly errors = new Map<number, number>();
  readonly secondsOnServer: number[] = [];
  readonly secondsOnWire: number[] = [];
  partner = '';
  readonly #options: OlderOptions;
  #next: string;
  #key = '';
  #gameKey = '';
  #playerKey = '';
  #counter = 0;

  constructor(options: OlderOptions) {
    this.#options = options;
    this.#next = `0,${options.name},*,*,*`;
  }

  get plays(): boolean {
    return this.#gameKey !== '';
  }

  /** One request, and after it the question how long the server took. */
  async step(): Promise<TurnAnswer> {
    const beganMs = performance.now();
    const answer = await postTurn(this.#options.url, this.#next);
    const allS = (performance.now() - beganMs) / 1_000;
    const serverS = Number(await getSeconds(this.#options.url));
    this.secondsOnServer.push(serverS);
    this.secondsOnWire.push(allS - serverS);
    this.#next = this.#after(answer);
    return answer;
  }

  #after({ code, sub, data }: TurnAnswer): string {
    if (code !== 0) return this.#startOver(code);
    switch (sub) {
      case '0':
        this.#key = data;
        return `2,*,${this.#key},*,*`;
      case '2':
        return `2,*,${this.#key},*,*`;
      case '3':
      case '4':
        this.partner = data;
        return `3,*,${this.#key},*,*`;
      case '5':
      case '6':
      case '7':
        return `4,*,${this.#key},*,*`;
      case '8':
        [this.#gameKey = '', this.#playerKey = ''] = data.split('|');
        this.#counter = 0;
        return this.#update();
      case '9':
        this.read.push(...data.split('|'));
        this.#counter += 1;
        return this.#update();
      case '10':
        this.#counter += 1;
        return this.#update();
      default:
        throw new Error(`no such success: 0/${sub}/${data.slice(0, 100)}`);
    }
  }

  #update(): string {
    const text = this.#options.say(this.written.length);
    this.written.push(text);
    return `6,${text},${this.#gameKey},${this.#playerKey},${this.#counter}`;
  }

  /** Whatever is wrong, it registers again. */
  #startOver(code: number): string {
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
    this.#gameKey = '';
    return `0,${this.#options.name},*,*,*`;
  }
}
