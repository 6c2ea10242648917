/** What everybody at the table has to know: the board plays by it (scripts/board.ts), and the page shows it. */

export const shortest = 3;
export const longest = 9;
export const rackSize = 7;
/** For a word that takes all seven letters of a rack. */
export const allBonus = 20;

/** What letters count, by letter. */
export const values: ReadonlyMap<string, number> = new Map(
  Object.entries({ 1: 'aeinorst', 2: 'dglu', 3: 'bchmp', 4: 'fwy', 5: 'kv', 8: 'jx', 9: 'qz' }).flatMap(
    ([value, letters]) => [...letters].map((letter): [string, number] => [letter, Number(value)]),
  ),
);

/**
 * How many letters the end of one word and the beginning of the next have in common: as many as possible, never all of
 * either. 0 when they cannot be tied.
 */
export function knotOf(last: string, word: string): number {
  for (let length = Math.min(last.length, word.length) - 1; length > 0; length--)
    if (last.endsWith(word.slice(0, length))) return length;
  return 0;
}

/** Points of a word that is tied by so many letters: what its letters count, times the knot. */
export function scoreOf(word: string, knot: number): number {
  const sum = [...word].reduce((total, letter) => total + (values.get(letter) ?? 0), 0);
  return sum * knot + (word.length - knot >= rackSize ? allBonus : 0);
}

/** What is left of a rack when these letters are taken, or null when it has not all of them. */
export function without(rack: string, letters: string): string | null {
  const left = [...rack];
  for (const letter of letters) {
    const at = left.indexOf(letter);
    if (at === -1) return null;
    left.splice(at, 1);
  }
  return left.join('');
}
