/** What a view shows of more than it may show: the nearest. */
import type { ViewSpec } from '../../contract/content.ts';
import type { CellSet } from './cell-set.ts';
import type { Tracked } from './tracked.ts';
import type { ZoneMirror } from './zone-mirror.ts';

type Eyes = { readonly x: number; readonly y: number };

/** Objects it knows already count as nearer by this part of a cell, so that two at the edge do not take turns. */
const knownCells = 0.25;

/**
 * Adds whole cells from the nearest on, then the nearest objects of the next, up to `view.most`.
 * @param before  What the session knows already.
 */
export function addNearest(
  picked: Set<Tracked>,
  set: CellSet,
  { x, y }: Eyes,
  view: ViewSpec,
  mirror: ZoneMirror,
  before: ReadonlySet<Tracked> | undefined,
): void {
  const cells = set
    .cells(mirror)
    .map((cell) => ({ cell, distance: mirror.grid.distance(cell.number, x, y) }))
    .sort((a, b) => a.distance - b.distance || a.cell.number - b.cell.number);
  for (const { cell } of cells) {
    const { objects } = cell;
    if (picked.size + objects.size <= view.most) {
      for (const object of objects) picked.add(object);
      continue;
    }
    const known = view.cell * mirror.units.metre * knownCells;
    const nearest = [...objects]
      .map((object) => ({
        object,
        distance: Math.hypot(object.fx - x, object.fy - y) - (before?.has(object) ? known : 0),
      }))
      .sort((a, b) => a.distance - b.distance || a.object.slot - b.object.slot);
    for (const { object } of nearest) {
      if (picked.size >= view.most) break;
      picked.add(object);
    }
    break;
  }
}
