import type { Self } from 'roost';

/**
 * For what does harm, but only when it is told: from its next tick on. On disk before the answer comes, so that a
 * restart finds it armed.
 */
export const arm = {
  label: 'Arm',
  allow: 'view',
  durable: true,
  handle(self: Self<{ armed: boolean }>) {
    self.state.armed = true;
    return 'armed';
  },
} as const;
