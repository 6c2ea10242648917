/** Steps that take too long: which bodies have to lose physics for that. */
import { countContacts } from './contacts.ts';
import type { Entry } from './entry.ts';

const nobody: readonly string[] = [];

/** @param limitMs  Milliseconds a step may take. */
export function createOverload(limitMs = Number.POSITIVE_INFINITY) {
  let slowSteps = 0;

  return {
    /** Call once per step with those that are awake. After two too long in a row: a quarter of them, those with the most contacts. */
    findExcess(tookMs: number, all: readonly Entry[]): readonly string[] {
      slowSteps = tookMs > limitMs ? slowSteps + 1 : 0;
      if (slowSteps < 2) return nobody;
      slowSteps = 0;
      const awake = all.filter(({ body }) => body.isAwake());
      return awake
        .map((entry) => ({ id: entry.id, contacts: countContacts(entry.body, () => true) }))
        .sort((a, b) => b.contacts - a.contacts || (a.id < b.id ? -1 : 1))
        .slice(0, Math.ceil(awake.length / 4))
        .map(({ id }) => id);
    },
  };
}
