/** The bag of letters: 100 at first, then what nobody has drawn. */
import { rackSize } from '../../client/rules.ts';

const counts = { 11: 'e', 9: 'a', 8: 'i', 7: 'or', 6: 'nt', 5: 'sl', 4: 'u', 3: 'dgcmph', 2: 'bfyw', 1: 'kvjxzq' };

export const fullBag = Object.entries(counts)
  .flatMap(([count, letters]) => [...letters].map((letter) => letter.repeat(Number(count))))
  .join('');

export type Drawn = { readonly rack: string; readonly bag: string };

/** Fills a rack from the bag, as far as that goes. @param random  0 ≤ n < 1 */
export function fill(rack: string, bag: string, random: () => number): Drawn {
  const letters = [...bag];
  let filled = rack;
  while (filled.length < rackSize && letters.length > 0)
    filled += letters.splice(Math.floor(random() * letters.length), 1)[0];
  return { rack: filled, bag: letters.join('') };
}
