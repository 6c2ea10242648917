/** An object as the gateway knows it. */
import type { Mirrored } from '../../sync/mirror.ts';
import { objectSum } from '../../sync/sum.ts';
import type { Fragment } from './fragments.ts';

/** Cell of what nobody is shown. */
export const nowhere = -1;

export type Tracked = Mirrored & {
  /** Framed units per second. */
  vx: number;
  vy: number;
  /** Unix seconds and tick of the last change. */
  changed: number;
  changedTick: number;
  /** Cell of its outermost holder; `nowhere` while it or a holder is hidden. */
  cell: number;
  /** JSON of the whole object, made when somebody needs it. */
  whole: string | undefined;
  /** What the frame of that tick changed. */
  readonly fragment: Fragment;
};

/** An object that came to another cell in a frame. `nowhere` on one side: it appeared or is gone. */
export type Crossing = {
  readonly object: Tracked;
  readonly from: number;
  readonly to: number;
  /** Sent whole: what was known of it does not count. */
  readonly replaced: boolean;
};

/** Checksum of objects. */
export function sumOf(objects: Iterable<Tracked>): number {
  let sum = 0;
  for (const { slot, fx, fy, fa } of objects) sum = (sum + objectSum(slot, fx, fy, fa)) >>> 0;
  return sum;
}
