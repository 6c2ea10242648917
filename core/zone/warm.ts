/** Isolates are booted ahead of their need: to take over new programs then costs half of what it did. */
import type { CreateSandbox, Sandbox, SandboxOptions } from '../contract/driver.ts';

export interface WarmSandboxes {
  /** Gives one that stands ready when it fits, else a new one. */
  readonly create: CreateSandbox;
  /** Boots one more, unless enough stand ready. */
  prepare(): void;
  /** Whether none stands ready. */
  empty(): boolean;
  /** So many will soon be asked for: until they are, or `forget`, so many are enough. */
  expect(count: number): void;
  /** Nobody came for them: those that are more than usual go. */
  forget(): void;
}

/** A build that fails is taken back in all zones of a worker before their next tick. At 3 MB each, more would be waste. */
const enough = 3;

/**
 * @param options  Of those that stand ready; one with other limits, or a callback, is made anew.
 * @param wanted   Called when there is room for one more.
 */
export function keepWarm(create: CreateSandbox, options: SandboxOptions, wanted: () => void): WarmSandboxes {
  const ready: Sandbox[] = [];
  let expected = 0;
  const most = () => Math.max(enough, expected);

  return {
    create(asked) {
      const sandbox = asked === options ? ready.pop() : undefined;
      expected = Math.max(0, expected - 1);
      if (!sandbox) return create(asked);
      wanted();
      return sandbox;
    },
    prepare() {
      if (ready.length >= most()) return;
      const made = create(options);
      // Why it failed is heard by whoever makes the next one in its place.
      if (!made.boot()) return;
      ready.push(made);
      if (ready.length < most()) wanted();
    },
    empty: () => ready.length === 0,
    expect(count) {
      expected = count;
      if (ready.length < most()) wanted();
    },
    forget() {
      expected = 0;
      for (const sandbox of ready.splice(enough)) sandbox.dispose();
    },
  };
}
