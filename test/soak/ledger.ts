/** What the server has acknowledged, and what was found to be wrong. */
import { PunctualClock } from './wait.ts';

export type Wrong = 'loss' | 'duplicate' | 'late' | 'memory' | 'orphan' | 'other';

export type Violation = { readonly kind: Wrong; readonly text: string; readonly atS: number };

/** Numbers that a player counts up: one after the other, each acknowledged before the next is sent. */
export type Lane = {
  readonly name: string;
  /** Zone of the bank; empty for the table of the plugin. */
  readonly zone: string;
  sent: number;
  acked: number;
};

export type Fuse = {
  readonly label: string;
  readonly zone: string;
  /** Set when it was acknowledged. */
  id: string | null;
  /** By the ledger's punctual clock, in seconds: it must have burnt a while after that. */
  dueS: number;
  swept: boolean;
};

/** More of a kind are counted and not kept. */
const keptMost = 50;

export class Ledger {
  readonly lanes: Lane[] = [];
  readonly tallies: Lane[] = [];
  readonly fuses = new Map<string, Fuse>();
  /** Ids of fuses whose end was acknowledged. */
  readonly swept = new Set<string>();
  readonly violations: Violation[] = [];
  readonly counts = new Map<Wrong, number>();
  /** Refusals by code: the world was elsewhere for a moment. */
  readonly refusals = new Map<string, number>();
  /** Ids of the gems, by name, once they were seen. */
  readonly gems = new Map<string, string>();
  /** Names of characters of accounts, by owner: from now on each is there once. */
  readonly kept = new Map<string, string>();
  /** Times that a guest's token was lost with the node: it came back as somebody else. */
  ownersLost = 0;
  trips = 0;
  lines = 0;
  fusesWound = 0;
  fusesSwept = 0;
  readonly clock = new PunctualClock();
  readonly #from = performance.now();
  readonly #say: (line: string) => void;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  get seconds(): number {
    return (performance.now() - this.#from) / 1000;
  }

  lane(list: 'lanes' | 'tallies', name: string, zone = ''): Lane {
    const lane = { name, zone, sent: 0, acked: 0 };
    this[list].push(lane);
    return lane;
  }

  wrong(kind: Wrong, text: string): void {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    if (count > keptMost) return;
    this.violations.push({ kind, text, atS: this.seconds });
    this.#say(`${this.seconds.toFixed(1).padStart(7)} s  ${kind.toUpperCase()} ${text}`);
  }

  refused(code: string): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }

  total(list: 'lanes' | 'tallies'): number {
    return this[list].reduce((sum, { acked }) => sum + acked, 0);
  }
}
