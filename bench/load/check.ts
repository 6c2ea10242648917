/** Whether what clients see is what is: each one's own account of where it is, against what the others see of it. */
import type { LoadClient, Seen, ViewCheck } from './client.ts';

/** @param radius  Metres within which everybody must be seen. */
export function checkViews(clients: readonly LoadClient[], radius: number): ViewCheck {
  const views = new Map(clients.map((client) => [client.id, new Map(client.view().map((seen) => [seen.id, seen]))]));
  const places = new Map<string, Seen>();
  for (const [id, view] of views) {
    const own = view.get(id);
    if (own !== undefined) places.set(id, own);
    else if (view.size > 0) throw new Error(`client ${id} does not see its own character`);
  }
  let pairs = 0;
  let worst = 0;
  let sum = 0;
  let near = 0;
  let missing = 0;
  for (const [viewer, at] of places) {
    const view = views.get(viewer);
    for (const [id, place] of places) {
      const seen = view?.get(id);
      const isNear = Math.hypot(place.x - at.x, place.y - at.y) <= radius;
      if (isNear) near += 1;
      if (isNear && seen === undefined) missing += 1;
      if (seen === undefined) continue;
      const off = Math.hypot(seen.x - place.x, seen.y - place.y);
      pairs += 1;
      sum += off;
      worst = Math.max(worst, off);
    }
  }
  return { clients: places.size, pairs, worst, mean: pairs === 0 ? 0 : sum / pairs, near, missing };
}
