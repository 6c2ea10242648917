/** One isolate is booted ahead of its need: to take over new programs then costs half of what it did. */
import type { CreateSandbox, Sandbox, SandboxOptions } from '../contract/driver.ts';

export interface WarmSandboxes {
  /** Gives the one that stands ready when it fits, else a new one. */
  readonly create: CreateSandbox;
  /** Boots the next one, unless one stands ready. */
  prepare(): void;
}

/**
 * @param options  Of those that stand ready; one with other limits, or a callback, is made anew.
 * @param taken    Called when the one that stood ready is gone.
 */
export function keepWarm(create: CreateSandbox, options: SandboxOptions, taken: () => void): WarmSandboxes {
  let ready: Sandbox | null = null;

  return {
    create(wanted) {
      const sandbox = ready;
      if (!sandbox || wanted !== options) return create(wanted);
      ready = null;
      taken();
      return sandbox;
    },
    prepare() {
      if (ready) return;
      const made = create(options);
      if (made.boot()) ready = made;
    },
  };
}
