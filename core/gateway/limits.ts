import type { ApiDocs } from './api-door.ts';

/** Settings of the gateway, a part of `Config`; core/config.ts has their defaults and bounds. */
export type GatewayConfig = {
  readonly port: number;
  readonly host: string;
  /** Of the plain format of the turn relay; 0: none of its own. */
  readonly turnPort: number;
  /** Game that `/` shows. */
  readonly game: string;
  readonly origins: readonly string[];
  readonly hosts: readonly string[];
  /** Addresses of proxies whose `X-Forwarded-For` is believed. */
  readonly trustProxy: readonly string[];
  /** In development whoever comes from this machine is the operator. */
  readonly dev: boolean;
  readonly graceS: number;
  readonly callsPerSecond: number;
  readonly callBurst: number;
  readonly callsInFlight: number;
  readonly messageBytes: number;
  readonly bytesPerSecond: number;
  readonly packetsPerSecond: number;
  readonly connectionsPerAddress: number;
  readonly connectsPerAddressPerSecond: number;
  readonly connectTimeoutMs: number;
  readonly sessions: number;
  readonly floodFactor: number;
  readonly floodS: number;
  readonly heartbeatMs: number;
  readonly heartbeatTimeoutMs: number;
  /** Bytes waiting for a slow client above which it gets no deltas, and above which it is disconnected. */
  readonly slowBytes: number;
  readonly closeBytes: number;
  readonly idleSessionS: number;
  readonly sumEveryS: number;
  readonly accountSessions: 'replace' | 'refuse' | 'many';
  /** 0: any time. */
  readonly guestMs: number;
  /** 0: never. */
  readonly silentMs: number;
  /** Oldest version of a client that tells its own; empty: any. */
  readonly clientLeast: string;
  /** Sessions beyond `sessions` for accounts with `priority`. */
  readonly sessionsPriority: number;
  /** The address that people use is https: cookies go over nothing else. */
  readonly secure: boolean;
  /** Empty: only programs on this machine may read /metrics. */
  readonly metricsToken: string;
  /** Port for lines of text; 0: none. */
  readonly textPort: number;
  /** Connections to it, in all and of one address. */
  readonly textMost: number;
  readonly textPerAddress: number;
  /** Time without a line of a program, and of a person; 0: any. */
  readonly textIdleMs: number;
  readonly textPeopleIdleMs: number;
  /** Who may see what there is to call, at /docs/api. */
  readonly apiDocs: ApiDocs;
};
