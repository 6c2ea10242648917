import { describe, expect, it } from 'vitest';
import { createSandbox } from '../../core/script/sandbox.ts';
import { keepWarm } from '../../core/zone/warm.ts';

const options = { memoryMb: 16, tickLimitMs: 1_000, loadLimitMs: 5_000, blame: null };

/** Boots until no more are wanted, and counts them. */
function open() {
  let booted = 0;
  let wanted = true;
  const warm = keepWarm(
    (asked) => {
      booted++;
      return createSandbox(asked);
    },
    options,
    () => {
      wanted = true;
    },
  );
  const fill = (): number => {
    for (const before = booted; ; ) {
      wanted = false;
      warm.prepare();
      if (!wanted) return booted - before;
    }
  };
  return { warm, fill, booted: () => booted };
}

describe('isolates that stand ready', () => {
  it('are a few, and as many as are expected until these were asked for', () => {
    const { warm, fill, booted } = open();
    expect(fill()).toBe(3);
    warm.expect(5);
    expect(fill()).toBe(2);
    const taken = Array.from({ length: 5 }, () => warm.create(options));
    expect(booted()).toBe(5);
    expect(warm.empty()).toBe(true);
    expect(fill()).toBe(3);
    for (const sandbox of taken) sandbox.dispose();
    warm.expect(0);
    warm.forget();
  });

  it('go again when nobody came for them', () => {
    const { warm, fill } = open();
    warm.expect(5);
    expect(fill()).toBe(5);
    warm.forget();
    const taken = Array.from({ length: 3 }, () => warm.create(options));
    expect(warm.empty()).toBe(true);
    for (const sandbox of taken) sandbox.dispose();
  });
});
