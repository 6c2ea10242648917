/** A program at the text port: whatever becomes of the node, each line that it sends on a connection is answered once, in order. */
import { TextClient } from '../support/text-client.ts';
import type { Ledger } from './ledger.ts';
import { sleep } from './wait.ts';

const everyMs = 600;
/** A line may wait for the node to come to it, and no longer. */
const answerMs = 30_000;

export class Lines {
  readonly #ledger: Ledger;
  readonly #port: number;
  #client: TextClient | undefined;
  #next = 1;
  #stopping = false;
  #work: Promise<void> = Promise.resolve();
  /** Lines that were answered. */
  answered = 0;

  constructor(ledger: Ledger, port: number) {
    this.#ledger = ledger;
    this.#port = port;
  }

  start(): void {
    this.#work = this.#talk();
  }

  async finish(): Promise<void> {
    this.#stopping = true;
    await this.#work;
  }

  close(): void {
    this.#stopping = true;
    this.#client?.cut();
  }

  async #talk(): Promise<void> {
    while (!this.#stopping) {
      try {
        this.#client ??= await this.#connect();
        await this.#ask(this.#client);
      } catch (error) {
        // Otherwise the node is gone, or will not have another connection yet.
        if (error instanceof SyntaxError)
          this.#ledger.wrong('other', `the text port answered no JSON: ${error.message}`);
        this.#client?.cut();
        this.#client = undefined;
        this.#ledger.refused('net.line');
      }
      await sleep(everyMs);
    }
    this.#client?.cut();
  }

  async #connect(): Promise<TextClient> {
    const client = new TextClient(this.#port);
    try {
      await client.line();
      client.type('MODE RPC');
      await client.line();
      return client;
    } catch (error) {
      client.cut();
      throw error;
    }
  }

  async #ask(client: TextClient): Promise<void> {
    const id = this.#next++;
    client.type(JSON.stringify({ jsonrpc: '2.0', id, method: 'host.ping', params: {} }));
    const answer = await Promise.race([answerOf(client), sleep(answerMs, undefined, { ref: false })]);
    if (answer === undefined) this.#ledger.wrong('late', `line ${id} was not answered within ${answerMs} ms`);
    else if (answer.id !== id)
      this.#ledger.wrong('duplicate', `line ${id} was answered with ${JSON.stringify(answer).slice(0, 200)}`);
    else this.answered += 1;
    if (answer?.id !== id) throw new Error('out of step');
  }
}

/** The next message that is no notification. */
async function answerOf(client: TextClient): Promise<Readonly<Record<string, unknown>>> {
  for (;;) {
    const message = await client.json();
    if ('id' in message) return message;
  }
}
