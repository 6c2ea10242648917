/** Who may connect how often, by address, and which names a browser may use for this node. */
import { isIP, isIPv4, isIPv6 } from 'node:net';
import type { Clock } from '../contract/ports.ts';
import { Bucket } from './budget.ts';

/** One key for what one person may hold: an IPv4 address, or the /64 of an IPv6 address. */
export function toAddress(remote: string | undefined): string {
  const address = normalise(remote ?? '');
  if (!isIPv6(address)) return address;
  return address === '0:0:0:0:0:0:0:1' ? '::1' : `${address.split(':').slice(0, 4).join(':')}::/64`;
}

/** An address in the one way it is compared: IPv4 as it is, also where IPv6 stands round it; of IPv6 all eight groups. */
export function normalise(text: string): string {
  const address = text.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (isIPv4(address) || !isIPv6(address)) return address;
  const [head = '', tail] = withoutDots(address.toLowerCase()).split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : new Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0');
  const groups = [...front, ...zeros, ...back].map((group) => group.replace(/^0+(?=.)/, ''));
  return groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff' ? toDotted(groups.slice(6)) : groups.join(':');
}

/** `::ffff:1.2.3.4` → `::ffff:102:304`. */
function withoutDots(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...bytes: string[]) => {
    const [a, b, c, d] = bytes.slice(0, 4).map(Number) as [number, number, number, number];
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
}

/** `['102', '304']` → `1.2.3.4`. */
function toDotted(groups: readonly string[]): string {
  return groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]).join('.');
}

export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

type Entry = { connections: number; readonly rate: Bucket };

/** Connections by address. */
export class Addresses {
  readonly #most: number;
  readonly #perSecond: number;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  #barred: ReadonlyMap<string, number | null> = new Map();

  constructor(most: number, perSecond: number, clock: Clock) {
    this.#most = most;
    this.#perSecond = perSecond;
    this.#clock = clock;
  }

  /** Addresses that are not served until then (Unix seconds; null: for good); these and no others. */
  bar(addresses: ReadonlyMap<string, number | null>): void {
    this.#barred = addresses;
  }

  isBarred(address: string): boolean {
    const until = this.#barred.get(address);
    return until !== undefined && (until === null || until > this.#clock.now());
  }

  /** Whether the address may open one more now; counts the attempt. */
  admits(address: string): boolean {
    const entry = this.#entryOf(address);
    return entry.connections < this.#most && entry.rate.take(this.#clock.monotonicMs());
  }

  /** A connection is open. @returns Its undo, or undefined when the address has too many. */
  open(address: string): (() => void) | undefined {
    const entry = this.#entryOf(address);
    if (entry.connections >= this.#most) return undefined;
    entry.connections += 1;
    let open = true;
    return () => {
      if (open) entry.connections -= 1;
      open = false;
    };
  }

  /** Forgets addresses that have recovered. */
  sweep(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [address, { connections, rate }] of this.#entries) {
      if (connections === 0 && rate.isFull(nowMs)) this.#entries.delete(address);
    }
  }

  #entryOf(address: string): Entry {
    const nowMs = this.#clock.monotonicMs();
    const entry = this.#entries.get(address) ?? {
      connections: 0,
      rate: new Bucket(this.#perSecond, this.#perSecond, nowMs),
    };
    this.#entries.set(address, entry);
    return entry;
  }
}

type Headers = { readonly [name: string]: string | readonly string[] | undefined };

/** Behind a proxy every address is the proxy's. */
export function isProxied(headers: Headers): boolean {
  return headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined;
}

/**
 * Whether a request may come from where it comes from: a host name that a foreign page cannot have given itself by DNS,
 * and, for browsers, the node's own origin or an allowed one. Programs send no Origin.
 */
export class Origins {
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;
  /** The last one that was admitted: mostly the next one too. */
  #admitted: string | undefined;

  constructor(hosts: readonly string[], origins: readonly string[]) {
    this.#hosts = new Set(['localhost', ...hosts.map((host) => host.toLowerCase().replace(/:\d+$/, ''))]);
    this.#origins = new Set(origins);
  }

  admitsHost(host: string | undefined): boolean {
    if (host !== undefined && host === this.#admitted) return true;
    const name = hostNameOf(host);
    // An address cannot be rebound to another; a name can.
    const admits = name !== undefined && (this.#hosts.has(name) || isIP(name.replace(/^\[|\]$/g, '')) !== 0);
    if (admits) this.#admitted = host;
    return admits;
  }

  /** Whether a page in a browser asks, and no program. */
  isPage({ origin, referer, 'sec-fetch-site': site }: Headers): boolean {
    return origin !== undefined || referer !== undefined || site !== undefined;
  }

  /** Whether a page of this very node asks: the only ones whose browser may send the cookie of a login. */
  isOwn({ host, origin, 'sec-fetch-site': site }: Headers): boolean {
    if (origin === undefined) return site === 'same-origin';
    return typeof host === 'string' && (origin === `http://${host}` || origin === `https://${host}`);
  }

  /** The origin of a page of another server that is allowed: its browser has to be told so. */
  findAlly({ origin }: Headers): string | undefined {
    return typeof origin === 'string' && this.#origins.has(origin) ? origin : undefined;
  }

  admits(headers: Headers): boolean {
    const { host, origin } = headers;
    if (typeof host !== 'string' || !this.admitsHost(host)) return false;
    if (origin === undefined) {
      // A foreign page's script or image element sends no Origin, but browsers say where it is from.
      const site = headers['sec-fetch-site'];
      return site === undefined || site === 'same-origin' || site === 'none';
    }
    if (typeof origin !== 'string') return false;
    return origin === `http://${host}` || origin === `https://${host}` || this.#origins.has(origin);
  }
}

function hostNameOf(host: string | undefined): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.exec(host ?? '')?.[1]?.toLowerCase();
}
