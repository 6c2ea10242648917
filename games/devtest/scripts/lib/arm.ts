import type { Self } from 'roost';

type Harm = Self<{ armed: boolean }>;

/** Told to do harm, until told to stop. On disk before the answer comes, so that a restart finds it armed. */
export const arm = {
  label: 'Arm',
  allow: 'view',
  durable: true,
  params: { on: 'boolean' },
  handle(self: Harm, { params }: { readonly params: { readonly on: boolean } }) {
    self.state.armed = params.on;
    return params.on ? 'armed' : 'disarmed';
  },
} as const;

let ticks = 0;

/** Half a second after it was told, or was loaded: the tick of the answer is over, and everybody has come in. */
export function isArmed(self: Harm): boolean {
  ticks = self.state.armed ? ticks + 1 : 0;
  return ticks > 10;
}
