import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** An address that stays while the node behind it comes and goes on other ports; it can also fall silent, as networks do. */
export class Gate implements AsyncDisposable {
  /** Port of the node. */
  target: number;
  #isSilent = false;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(target: number) {
    this.target = target;
    this.#server = createServer((outside) => {
      if (this.#isSilent) return void outside.destroy();
      const inside = connect(this.target, '127.0.0.1');
      this.#join(outside, inside);
      this.#join(inside, outside);
    }).listen(0, '127.0.0.1');
  }

  async open(): Promise<this> {
    if (!this.#server.listening) await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Nothing comes through on the connections that there are, and nobody is told; new ones are refused until `speak`. */
  silence(): void {
    this.#isSilent = true;
    for (const socket of this.#sockets) socket.unpipe().pause();
  }

  speak(): void {
    this.#isSilent = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.pipe(to);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
