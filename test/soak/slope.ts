/** Whether something grows, from samples of several lives. */

export type Point = { readonly life: string; readonly atS: number; readonly value: number };

export type Slope = {
  readonly perMinute: number;
  /** Minutes of all lives together that it is made of. */
  readonly minutes: number;
};

/** A process fills its caches first: this much of every life is left out. */
const warmS = 60;

/**
 * The common slope of all lives by least squares, each with a level of its own: Σ (t − t̄)(v − v̄) / Σ (t − t̄)², means within
 * a life. A life that ends early adds what it has, so that kills do not hide a leak.
 */
export function slopeOf(points: readonly Point[]): Slope {
  const lives = Map.groupBy(points, ({ life }) => life);
  let both = 0;
  let square = 0;
  let seconds = 0;
  for (const all of lives.values()) {
    const from = (all[0]?.atS ?? 0) + warmS;
    const life = all.filter(({ atS }) => atS >= from);
    const [first, last] = [life[0], life.at(-1)];
    if (first === undefined || last === undefined) continue;
    seconds += last.atS - first.atS;
    const meanT = life.reduce((sum, { atS }) => sum + atS, 0) / life.length;
    const meanV = life.reduce((sum, { value }) => sum + value, 0) / life.length;
    for (const { atS, value } of life) {
      both += (atS - meanT) * (value - meanV);
      square += (atS - meanT) ** 2;
    }
  }
  return { perMinute: square === 0 ? 0 : (both / square) * 60, minutes: seconds / 60 };
}
