import { expect, it } from 'vitest';
import { createLoopDelay, loopLookMs } from '../../core/report/loop-delay.ts';

const none = { p50: 0, p99: 0, worst: 0 };
const heldMs = 10 * loopLookMs;

/** Holds the loop, then lets it go round: once to begin a measurement, once more to end it. */
async function holdTwice(): Promise<void> {
  for (const _ of [1, 2]) {
    const from = performance.now();
    while (performance.now() - from < heldMs);
    for (const _ of [1, 2]) await new Promise((next) => setImmediate(next));
  }
}

it('tells how long the loop was held, and begins anew after each look', async () => {
  const loop = createLoopDelay();
  await holdTwice();
  expect(loop.read()).toEqual(none);
  loop.start();
  await holdTwice();
  const { p50, p99, worst } = loop.read();
  expect(worst).toBeGreaterThan(heldMs / 2 / 1_000);
  expect(worst).toBeGreaterThanOrEqual(p99);
  expect(p99).toBeGreaterThanOrEqual(p50);
  loop.stop();
  await holdTwice();
  expect(loop.read()).toEqual(none);
});
