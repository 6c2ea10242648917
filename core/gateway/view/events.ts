/**
 * The events of one delta. What is said and shown near somebody costs its bytes times those who are told: a view gets a
 * bounded part of it per tick, the nearest first, and what is left out is counted.
 */

import type { Effects } from './cell-set.ts';

/** An event as JSON, and how far from the view's eyes it happened, in framed units. */
export type Near = { readonly text: string; readonly distance: number };

/** What happened, as one session may hear of it. */
export type Happened = {
  /** For this session alone: before all others. */
  readonly own: readonly string[];
  readonly effects: Effects;
  readonly heard: readonly Near[];
  /** For the whole zone: after what is near. */
  readonly wide: readonly string[];
};

/** Events in one delta, and characters of them; one alone may be longer. Jumps are no events: they belong to places. */
const mostEvents = 16;
const mostLength = 4_096;

export type Chosen = {
  /** Joined with commas. */
  readonly text: string;
  /** How many were left out. */
  readonly dropped: number;
};

/** @param eyes  Where the view looks from, in framed units. */
export function chooseEvents(happened: Happened, eyes: { readonly x: number; readonly y: number }): Chosen {
  const { own, effects, heard, wide } = happened;
  const count = own.length + effects.all.length + heard.length + wide.length;
  if (count === 0) return none;
  if (count > mostEvents) return pickNearest(happened, eyes, count);
  // In the order of their kinds, while there is room for all: nearly always.
  const text = joinAll(happened);
  return text.length <= mostLength ? { text, dropped: 0 } : pickNearest(happened, eyes, count);
}

function joinAll({ own, effects, heard, wide }: Happened): string {
  let text = own.join(',');
  const add = (more: string) => {
    if (more !== '') text = text === '' ? more : `${text},${more}`;
  };
  add(effects.text);
  for (const line of heard) add(line.text);
  for (const event of wide) add(event);
  return text;
}

function pickNearest(
  { own, effects, heard, wide }: Happened,
  eyes: { readonly x: number; readonly y: number },
  count: number,
): Chosen {
  const shown = effects.all.map(({ text, x, y }) => ({ text, distance: Math.hypot(x - eyes.x, y - eyes.y) }));
  const near = [...shown, ...heard].sort((a, b) => a.distance - b.distance);
  const taken: string[] = [];
  let length = 0;
  for (const text of [...own, ...near.map((one) => one.text), ...wide]) {
    if (taken.length === mostEvents) break;
    if (taken.length > 0 && length + text.length > mostLength) continue;
    taken.push(text);
    length += text.length + 1;
  }
  return { text: taken.join(','), dropped: count - taken.length };
}

const none: Chosen = { text: '', dropped: 0 };
