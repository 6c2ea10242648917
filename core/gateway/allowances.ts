/**
 * What a connection may still send. It goes back to its address when the connection closes, and the next one from there
 * goes on with it: connecting again renews nothing. One that was not used up is forgotten.
 */
import { Bucket } from './budget.ts';
import type { GatewayConfig } from './limits.ts';

export type Allowance = {
  readonly calls: Bucket;
  readonly inputs: Bucket;
  readonly packets: Bucket;
  readonly bytes: Bucket;
  /** Bytes of answers to lines of text: what makes them costs more than to ask for it. */
  readonly answers: Bucket;
};

export type AllowanceLimits = Pick<
  GatewayConfig,
  'callsPerSecond' | 'callBurst' | 'packetsPerSecond' | 'bytesPerSecond'
> & { readonly inputsPerSecond: number };

/** Bytes of answers, for each that may be sent. */
const answerFactor = 4;
/** Allowances that wait at one address. */
const mostWaiting = 64;

export class Allowances {
  readonly #limits: AllowanceLimits;
  /** By address, the first given back first. */
  readonly #waiting = new Map<string, Allowance[]>();

  constructor(limits: AllowanceLimits) {
    this.#limits = limits;
  }

  /** For a new connection: one that waits at its address, else a whole one. */
  take(address: string, nowMs: number): Allowance {
    return this.#waiting.get(address)?.shift() ?? this.create(nowMs);
  }

  /** A whole one, for what is bounded by its address in another way. */
  create(nowMs: number): Allowance {
    const { callsPerSecond, callBurst, packetsPerSecond, bytesPerSecond, inputsPerSecond } = this.#limits;
    return {
      calls: new Bucket(callsPerSecond, callBurst, nowMs),
      inputs: new Bucket(inputsPerSecond, inputsPerSecond, nowMs),
      packets: new Bucket(packetsPerSecond, packetsPerSecond, nowMs),
      bytes: new Bucket(bytesPerSecond, 2 * bytesPerSecond, nowMs),
      answers: new Bucket(answerFactor * bytesPerSecond, 2 * answerFactor * bytesPerSecond, nowMs),
    };
  }

  giveBack(address: string, allowance: Allowance, nowMs: number): void {
    if (isWhole(allowance, nowMs)) return;
    const waiting = this.#waiting.get(address) ?? [];
    if (waiting.length < mostWaiting) waiting.push(allowance);
    this.#waiting.set(address, waiting);
  }

  /** Forgets what has filled up again. */
  sweep(nowMs: number): void {
    for (const [address, waiting] of this.#waiting) {
      const spent = waiting.filter((allowance) => !isWhole(allowance, nowMs));
      if (spent.length === 0) this.#waiting.delete(address);
      else this.#waiting.set(address, spent);
    }
  }
}

function isWhole({ calls, inputs, packets, bytes, answers }: Allowance, nowMs: number): boolean {
  return [calls, inputs, packets, bytes, answers].every((bucket) => bucket.isFull(nowMs));
}
