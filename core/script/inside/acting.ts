/** All verbs, by what they are about. The copy inside changes at once, the rest is asked for with the tick. */
export * from './being.ts';
export * from './checks.ts';
export * from './having.ts';
export * from './life.ts';
export * from './moving.ts';
export * from './speaking.ts';
export * from './waiting.ts';
