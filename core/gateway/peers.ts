/** Who stands behind a connection: its own address, or behind a trusted proxy the one that it asks for. */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { isLoopbackAddress, isProxied, normalise, toAddress } from './addresses.ts';

/** Who asks, as every door sees it. */
export type Peer = {
  /** Key of its address: limits, bans and throttles are counted by it. */
  readonly address: string;
  /** On this machine, through no proxy. */
  readonly local: boolean;
  /** The same, on a node in development: nobody but who develops is taken for the operator by where he comes from. */
  readonly loopback: boolean;
};

export class Peers {
  readonly #proxies: ReadonlySet<string>;
  readonly #dev: boolean;

  /** @param proxies  Addresses whose `X-Forwarded-For` is believed. */
  constructor(proxies: readonly string[], dev: boolean) {
    this.#proxies = new Set(proxies.map(normalise));
    this.#dev = dev;
  }

  /** @param remote  Address that the TCP connection comes from. */
  find(remote: string | undefined, headers: IncomingHttpHeaders): Peer {
    const own = toAddress(remote);
    const local = isLoopbackAddress(own) && !isProxied(headers);
    const forwarded = this.isProxy(remote) ? this.#findHop(headers['x-forwarded-for']) : undefined;
    return { address: forwarded === undefined ? own : toAddress(forwarded), local, loopback: local && this.#dev };
  }

  isProxy(remote: string | undefined): boolean {
    return this.#proxies.size > 0 && remote !== undefined && this.#proxies.has(normalise(remote));
  }

  /**
   * The last hop that is no proxy of ours: each proxy adds who came to it, so what stands before was said by a stranger
   * and is not looked at. Undefined where that hop is missing or no address.
   */
  #findHop(header: string | readonly string[] | undefined): string | undefined {
    const hops = String(header ?? '').split(',');
    for (let hop = hops.pop()?.trim(); hop !== undefined; hop = hops.pop()?.trim()) {
      if (hop.length > longestAddress || isIP(hop) === 0) return undefined;
      if (!this.isProxy(hop)) return hop;
    }
    return undefined;
  }
}

/** Characters of an IPv6 address with an IPv4 one at its end. */
const longestAddress = 45;
