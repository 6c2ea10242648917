import { describe, expect, it } from 'vitest';
import { type Load, placeZone } from '../../core/node/placement.ts';
import type { Worker } from '../../core/node/worker.ts';

/** Workers with what they have: objects and roots. */
function workers(...loads: readonly (readonly [objects: number, ...roots: string[]])[]) {
  const all = loads.map((_, id) => ({ id, ready: true, stats: { zones: [], rss: 2 ** 20 } }) as unknown as Worker);
  const loadOf = ({ id }: Worker): Load => {
    const [objects, ...roots] = loads[id] as readonly [number, ...string[]];
    return { zones: 1, objects, roots: new Set(roots) };
  };
  return (root: string) => placeZone(all, root, loadOf, 2 ** 29).id;
}

describe('the worker for one more zone', () => {
  it('is the one with the fewest objects', () => {
    expect(workers([30, 'a'], [10, 'a'], [20, 'a'])('a')).toBe(1);
  });

  it('has no zones of other roots, as long as there is such a one', () => {
    const place = workers([30, 'a'], [10, 'b'], [0]);
    expect(place('a')).toBe(2);
    expect(workers([30, 'a'], [10, 'b'])('a')).toBe(0);
    expect(workers([30, 'a'], [10, 'b'])('c')).toBe(1);
    expect(workers([30, 'a', 'b'], [40, 'b'])('b')).toBe(1);
  });

  it('is ready', () => {
    const none = () => ({ zones: 0, objects: 0, roots: new Set<string>() });
    expect(() => placeZone([], 'a', none, 2 ** 29)).toThrow('No worker is ready');
  });

  it('has memory for it, as it says itself and by the zones that it has not told of yet', () => {
    const worker = (id: number, rssMb: number, told = 50) => {
      const zones = Array.from({ length: told }, () => ({ heap: 2 ** 21 }));
      return { id, ready: true, stats: { zones, rss: rssMb * 2 ** 20 } } as unknown as Worker;
    };
    const place = (zones: number, ...all: Worker[]) =>
      placeZone(all, 'a', ({ id }) => ({ zones, objects: id, roots: new Set() }), 512 * 2 ** 20).id;
    expect(place(50, worker(0, 450), worker(1, 100))).toBe(1);
    expect(place(55, worker(0, 360))).toBe(0);
    expect(() => place(70, worker(0, 360))).toThrow('No worker has memory for one more zone');
    // The pages of isolates that are gone.
    expect(place(10, worker(0, 460, 10))).toBe(0);
    expect(() => place(10, worker(0, 480, 10))).toThrow('No worker has memory for one more zone');
  });
});
