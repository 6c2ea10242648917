/** Calls that wait for their outcome: each is answered once, in the tick that had it. */
import type { CallOutcome } from '../contract/link.ts';
import { cleanText, valueLimits, whyNotData } from './check.ts';

export interface Calls {
  /** A call that the runtime is to answer in this tick. */
  wait(call: number, durable: boolean): void;
  /** An outcome of the zone itself. */
  answer(outcome: CallOutcome): void;
  /** Outcomes from the isolate: claims; only of calls that wait. */
  apply(outcomes: readonly CallOutcome[]): void;
  /** Answers all that still wait with a code. */
  fail(code: string, message: string): void;
  waiting(): boolean;
  /** Outcomes since the last call of this, for the frame. */
  take(): readonly CallOutcome[];
}

/** Characters of an error code out of a script. */
const codePattern = /^[a-z][a-z0-9.-]{0,60}$/;

export function createCalls(): Calls {
  const open = new Map<number, boolean>();
  let outcomes: CallOutcome[] = [];

  function checked(outcome: CallOutcome, durable: boolean): CallOutcome {
    const { call } = outcome;
    if (!outcome.ok) {
      const code = typeof outcome.code === 'string' && codePattern.test(outcome.code) ? outcome.code : 'object.failed';
      const message = cleanText(outcome.message);
      const details = outcome.details;
      return details !== undefined && whyNotData(details, valueLimits.data) === null
        ? { call, ok: false, code, message, details }
        : { call, ok: false, code, message };
    }
    const result = outcome.result ?? null;
    if (whyNotData(result, valueLimits.state) !== null) {
      return {
        call,
        ok: false,
        code: 'object.failed',
        message: 'The script answered with something that is not plain data.',
      };
    }
    return { call, ok: true, result, durable: durable || outcome.durable === true };
  }

  return {
    wait: (call, durable) => void open.set(call, durable),
    answer: (outcome) => void outcomes.push(outcome),
    apply(claims) {
      for (const outcome of claims) {
        const durable = open.get(outcome.call);
        if (durable === undefined) continue;
        open.delete(outcome.call);
        outcomes.push(checked(outcome, durable));
      }
    },
    fail(code, message) {
      for (const call of open.keys()) outcomes.push({ call, ok: false, code, message });
      open.clear();
    },
    waiting: () => outcomes.length > 0,
    take() {
      const taken = outcomes;
      outcomes = [];
      return taken;
    },
  };
}
