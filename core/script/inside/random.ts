/**
 * The zone's chance: the same seed and tick give the same sequence, whatever isolates there were before.
 * @source Chris Doty-Humphrey, PractRand: sfc32, 128 bits of state.
 */
export type Random = () => number;

/** Numbers from 0 up to, not including, 1. */
export function createRandom(seed: number, tick: number): Random {
  let a = seed | 0;
  let b = tick | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  function next(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** Dice: `2d6+1`, `1d20 2d4-1`; the modifier counts once a roll. At most 100 dice of at most 1,000 sides. */
export function roll(dice: unknown, random: Random): number {
  if (typeof dice !== 'string' || dice.length > 200) throw new TypeError('dice are a text such as 2d6+1');
  let sum = 0;
  let count = 0;
  const parts = dice.trim().split(/[\s,]+/);
  for (const part of parts) {
    const found = /^(\d{1,4})[dDwW](\d{1,4})([+-]\d{1,6})?$/.exec(part);
    const n = Number(found?.[1]);
    const sides = Number(found?.[2]);
    if (!found || n < 1 || sides < 1 || sides > 1_000) throw new RangeError(`'${dice}' is not dice such as 2d6+1`);
    count += n;
    if (count > 100) throw new RangeError(`'${dice}' is more than 100 dice`);
    for (let i = 0; i < n; i++) sum += 1 + Math.floor(random() * sides);
    sum += Number(found[3] ?? 0);
  }
  return sum;
}
