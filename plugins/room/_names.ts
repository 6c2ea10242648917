/** Names of rooms. Plain letters alone: no two look the same, and they are safe in logs and addresses. */
import { z } from 'roost/plugin';

/** Where everybody is who is in no room; nobody hears anybody there. */
export const lobby = 'lobby';

/** A channel is a room with a number: it needs nobody to make it. */
export function isChannel(room: string): boolean {
  return /^[0-9]/.test(room);
}

/** Params: `quiz-night`, or the number of a channel. */
export const roomName = z.union([
  z.int().min(1).max(9999).transform(String),
  z
    .string()
    .max(32)
    .regex(
      /^(?:[a-z][a-z0-9-]{1,31}|[1-9][0-9]{0,3})$/,
      'wanted 2 to 32 of a-z, 0-9 and dashes, a letter first, or a number from 1 to 9999',
    ),
]);
