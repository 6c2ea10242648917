/** Calls that wait for their outcome: each is answered once, in the tick that had it. */
import type { CallOutcome } from '../contract/link.ts';
import { cleanText, valueLimits, whyNotData } from './check.ts';

export interface Calls {
  /** A call that the runtime is to answer in this tick; `scripts` are those of the object that is called. */
  wait(call: number, durable: boolean, scripts?: readonly string[]): void;
  /** An outcome of the zone itself. */
  answer(outcome: CallOutcome): void;
  /** Outcomes from the isolate: claims; only of calls that wait. */
  apply(outcomes: readonly CallOutcome[]): void;
  /** Answers all that still wait with a code. */
  fail(code: string, message: string): void;
  waiting(): boolean;
  /** Durable answers of these scripts depend on state that may be taken back: they wait for `release` or `interrupt`. */
  hold(scripts: readonly string[]): void;
  /** What they depend on stays. */
  release(): void;
  /** It was taken back, or nobody will know: what the callers get is unknown. */
  interrupt(): void;
  /** Outcomes since the last call of this, for the frame. */
  take(): readonly CallOutcome[];
}

/** Characters of an error code out of a script. */
const codePattern = /^[a-z][a-z0-9.-]{0,60}$/;

export function createCalls(): Calls {
  const open = new Map<number, { readonly durable: boolean; readonly scripts: readonly string[] }>();
  const holding = new Set<string>();
  let outcomes: CallOutcome[] = [];
  let held: CallOutcome[] = [];

  function letGo(answers: readonly CallOutcome[]): void {
    outcomes.push(...answers);
    held = [];
    holding.clear();
  }

  function checked(outcome: CallOutcome, durable: boolean): CallOutcome {
    const { call } = outcome;
    if (!outcome.ok) {
      const code = codePattern.test(outcome.code) ? outcome.code : 'object.failed';
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
    wait: (call, durable, scripts = []) => void open.set(call, { durable, scripts }),
    answer: (outcome) => void outcomes.push(outcome),
    apply(claims) {
      for (const outcome of claims) {
        const asked = open.get(outcome.call);
        if (asked === undefined) continue;
        open.delete(outcome.call);
        const answer = checked(outcome, asked.durable);
        const isHeld = answer.ok && answer.durable && asked.scripts.some((script) => holding.has(script));
        (isHeld ? held : outcomes).push(answer);
      }
    },
    fail(code, message) {
      for (const call of open.keys()) outcomes.push({ call, ok: false, code, message });
      open.clear();
    },
    waiting: () => outcomes.length > 0,
    hold(scripts) {
      for (const script of scripts) holding.add(script);
    },
    release: () => letGo(held),
    interrupt() {
      letGo(held.map(({ call }) => ({ call, ok: false, ...interrupted })));
    },
    take() {
      const taken = outcomes;
      outcomes = [];
      return taken;
    },
  };
}

const interrupted = {
  code: 'zone.interrupted',
  message: 'The script went back to the build before while the call waited for it to prove itself.',
  details: { outcome: 'unknown' },
} as const;
