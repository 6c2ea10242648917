/** Walking by `character.move`: steps of at most a second, as fast as the character is. */
import { done, refused, type Sitting } from './command.ts';
import type { Done } from './door.ts';
import { distance, type Spot } from './things.ts';

/** Seconds of one step; the first is short, since it tells how fast the character is. */
const firstStep = 0.2;
const mostStep = 1;
/** Between two tries when it cannot have come so far yet. */
const waitMs = 250;
const mostWaits = 60;
/** A step that brings it less far than this, in metres, is against something. */
const still = 0.02;

type Moved = { readonly object: { readonly x: number; readonly y: number; readonly speed: number } };

/** @param way  To the right and down, of length 1. */
export async function walk(sitting: Sitting, from: Spot, way: Spot, metres: number): Promise<Done> {
  let at: Spot = from;
  let step = firstStep;
  for (let waits = 0; waits < mostWaits; ) {
    if (sitting.terminal.interrupted?.()) return done([`You stop.${gone(from, at)}`]);
    const answer = await sitting.call('character.move', { dx: round(way.x * step), dy: round(way.y * step) });
    if (!answer.ok) {
      const { code } = answer.error;
      if (code === 'object.too-fast' || code === 'call.too-fast') {
        waits += 1;
        await sitting.wait(waitMs);
        continue;
      }
      if (code !== 'object.blocked') return refused(answer);
      if (step > firstStep) {
        // It may still come nearer by less.
        step = firstStep;
        continue;
      }
      return done([`Something is in the way.${gone(from, at)}`]);
    }
    const { x, y, speed } = (answer.result as unknown as Moved).object;
    const covered = distance(at, { x, y });
    at = { x, y };
    const left = metres - distance(from, at);
    if (left <= still || speed <= 0) return done([`You walk.${gone(from, at)}`], answer.result);
    if (covered < still) return done([`Something is in the way.${gone(from, at)}`], answer.result);
    step = Math.min(mostStep, left / speed);
  }
  return done([`You are tired of walking.${gone(from, at)}`]);
}

function gone(from: Spot, at: Spot): string {
  return ` ${round(distance(from, at), 10)} m gone, you are at ${round(at.x, 10)}, ${round(at.y, 10)}.`;
}

function round(value: number, parts = 1000): number {
  return Math.round(value * parts) / parts;
}
