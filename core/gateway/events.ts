/**
 * The events of one delta. What is said and shown near somebody costs its bytes times those who are told: a view gets a
 * bounded part of it per tick, the nearest first, and what is left out is counted.
 */

/** An event as JSON, and how far from the view's eyes it happened, in framed units. */
export type Near = { readonly text: string; readonly distance: number };

/** Events in one delta, and characters of them; one alone may be longer. Jumps are no events: they belong to places. */
const mostEvents = 16;
const mostLength = 4_096;

export type Chosen = {
  /** Joined with commas. */
  readonly text: string;
  /** How many were left out. */
  readonly dropped: number;
};

/**
 * @param own    For this session alone: before all others.
 * @param near   What happened at a place.
 * @param wide   For the whole zone: after what is near.
 */
export function chooseEvents(own: readonly string[], near: readonly Near[], wide: readonly string[]): Chosen {
  const count = own.length + near.length + wide.length;
  if (count === 0) return none;
  const texts = [...own, ...near.map((one) => one.text), ...wide];
  const all = texts.join(',');
  // As they happened, while there is room for all.
  if (count <= mostEvents && all.length <= mostLength) return { text: all, dropped: 0 };
  const nearest = near.toSorted((a, b) => a.distance - b.distance).map((one) => one.text);
  const taken: string[] = [];
  let length = 0;
  for (const text of [...own, ...nearest, ...wide]) {
    if (taken.length === mostEvents) break;
    if (taken.length > 0 && length + text.length > mostLength) continue;
    taken.push(text);
    length += text.length + 1;
  }
  return { text: taken.join(','), dropped: count - taken.length };
}

const none: Chosen = { text: '', dropped: 0 };
