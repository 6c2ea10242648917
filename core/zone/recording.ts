/**
 * What happens to a zone, in order: steps, and what is done to its programs and content between two of them. The same
 * operations on the same zone give the same world; whoever decided them, and by which clock, plays no part any more.
 */
import type { Program } from '../contract/content.ts';
import type { ZoneContent } from '../contract/link.ts';
import type { Barring } from './barred.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Step } from './step.ts';
import type { Zone } from './zone.ts';

export type Op =
  /** It was loaded, with these programs in the end. */
  | { readonly op: 'begin'; readonly programs: readonly Program[] }
  | { readonly op: 'step'; readonly step: Step /** Of the world before it, now and then. */; readonly sum?: number }
  | { readonly op: 'swap'; readonly programs: readonly Program[]; readonly proving: boolean }
  | { readonly op: 'rebuild'; readonly programs: readonly Program[]; readonly barring?: Barring }
  | { readonly op: 'content'; readonly content: ZoneContent }
  | { readonly op: 'unblamed' }
  | { readonly op: 'recycle' }
  /** The zone went on in a space built anew. */
  | { readonly op: 'checkpoint'; readonly checkpoint: Checkpoint };

export type OnRecord = (op: Op) => void;

/** Steps between two checkpoints, at 20 a second: half a minute. Zones at rest make no steps. */
export const checkpointEvery = 600;
/** Steps between two sums. */
const sumEvery = 20;

/** The same zone, told of before everything that is done to it: whatever comes of that, it was told. */
export function recordZone(zone: Zone, onRecord: OnRecord): Zone {
  let sinceCheckpoint = 0;
  let sinceSum = 0;
  onRecord({ op: 'begin', programs: zone.programs });

  function checkpoint(): Checkpoint | null {
    const made = zone.checkpoint();
    if (made) onRecord({ op: 'checkpoint', checkpoint: made });
    return made;
  }

  const recorded: Pick<Zone, 'tick' | 'swap' | 'rebuild' | 'unblamed' | 'recycle' | 'replace' | 'checkpoint'> = {
    tick(step) {
      if (++sinceCheckpoint > checkpointEvery && checkpoint()) sinceCheckpoint = 0;
      const sums = ++sinceSum >= sumEvery;
      if (sums) sinceSum = 0;
      onRecord({ op: 'step', step, ...(sums ? { sum: sumOf(zone) } : {}) });
      return zone.tick(step);
    },
    swap(programs, proving) {
      onRecord({ op: 'swap', programs, proving });
      return zone.swap(programs, proving);
    },
    rebuild(programs, barring) {
      onRecord({ op: 'rebuild', programs, ...(barring ? { barring } : {}) });
      return zone.rebuild(programs, barring);
    },
    unblamed() {
      onRecord({ op: 'unblamed' });
      zone.unblamed();
    },
    recycle() {
      onRecord({ op: 'recycle' });
      return zone.recycle();
    },
    replace(content) {
      onRecord({ op: 'content', content });
      zone.replace(content);
    },
    checkpoint,
  };
  // Everything else, figures that change too, is the zone's own.
  return Object.assign(Object.create(zone) as Zone, recorded);
}

/** Does to a zone what was recorded of another. */
export function replayOp(zone: Zone, op: Op): void {
  switch (op.op) {
    case 'begin':
      break;
    case 'step':
      zone.tick(op.step);
      break;
    case 'swap':
      zone.swap(op.programs, op.proving);
      break;
    case 'rebuild':
      zone.rebuild(op.programs, op.barring);
      break;
    case 'content':
      zone.replace(op.content);
      break;
    case 'unblamed':
      zone.unblamed();
      break;
    case 'recycle':
      zone.recycle();
      break;
    case 'checkpoint':
      zone.checkpoint();
      break;
  }
}

/** A number that tells two worlds apart, mostly, and costs little: of all places, and which object changed when. */
export function sumOf({ objects }: Pick<Zone, 'objects'>): number {
  const numbers = new Float64Array(6);
  const words = new Int32Array(numbers.buffer);
  let sum = 0;
  for (const { x, y, angle, vx, vy, changedTick } of objects.all()) {
    numbers.set([x + 0, y + 0, angle + 0, vx + 0, vy + 0, changedTick]);
    for (const word of words) sum = (Math.imul(sum, 31) + word) | 0;
  }
  return sum;
}
