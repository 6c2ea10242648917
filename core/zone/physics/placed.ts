/** Where bodies are, what becomes of what is asked of physics, and which numbers it takes. Nothing here knows planck. */
import { area, bodyLimits } from '../../contract/body.ts';
import type { BodySpec } from '../../contract/content.ts';

export type Spot = { readonly x: number; readonly y: number };

/** Metres, radians, metres per second. */
export type Placed = {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly vx: number;
  readonly vy: number;
};

export type Moved = Placed & { readonly id: string };

/** `x` and `y` are where it was put: beside the place wanted when that is full. */
export type AddOutcome = { readonly kind: 'added'; readonly x: number; readonly y: number } | Refused;
export type PlaceOutcome = { readonly kind: 'placed'; readonly x: number; readonly y: number } | Refused;
export type Outcome = { readonly kind: 'done' } | Refused;
export type Refused = { readonly kind: 'refused'; readonly reason: string };

/** Why a body cannot be there and move so, or null. */
export function whyNotPlaced({ x, y, angle, vx, vy }: Placed): string | null {
  return whyNotNumbers(x, y, angle) ?? whyNotSpeed(vx, vy);
}

export function whyNotNumbers(x: number, y: number, angle: number): string | null {
  if (!Number.isFinite(x) || !Number.isFinite(y) || !Number.isFinite(angle)) return 'a number is not finite';
  return Math.max(Math.abs(x), Math.abs(y), Math.abs(angle)) <= 1e6 ? null : 'a number is beyond a million';
}

export function whyNotSpeed(vx: number, vy: number): string | null {
  const speed = Math.hypot(vx, vy);
  if (!Number.isFinite(speed)) return 'a number is not finite';
  return speed <= bodyLimits.speed ? null : `the speed is ${speed} m/s, wanted at most ${bodyLimits.speed}`;
}

/** Whether the place is in a zone of that size. */
export function isInside(x: number, y: number, width: number, height: number): boolean {
  return x >= 0 && y >= 0 && x <= width && y <= height;
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

export function refuse(reason: string): Refused {
  return { kind: 'refused', reason };
}

/** Square metres. */
export function areaOf(spec: BodySpec): number {
  if (spec.shape === 'circle') return Math.PI * spec.radius ** 2;
  return spec.shape === 'box' ? spec.width * spec.height : Math.abs(area(spec.points));
}

/** Where the id is, or would be, in a list by id. */
export function placeInOrder(order: readonly { readonly id: string }[], id: string): number {
  let [low, high] = [0, order.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((order[middle] as { id: string }).id < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
