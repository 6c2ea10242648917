/** Solid tiles → outlines: the fewest walls a body can meet, without seams between tiles to trip over. */
import type { Point, Solid } from '../contract/content.ts';

/**
 * Closed outlines round filled cells, clockwise on the screen; holes run the other way. Cells that touch only at a
 * corner get outlines of their own.
 * @param filled  Row by row, `columns` wide.
 * @param side    Metres of a cell.
 */
export function outline(filled: readonly boolean[], columns: number, side: number): Solid[] {
  const isFilled = (x: number, y: number) => x >= 0 && x < columns && filled[y * columns + x] === true;
  const rows = Math.ceil(filled.length / columns);
  /** Edges not walked yet, with the filled cell to their right. The first corner and a way name an edge. */
  const edges = new Set<number>();
  const edgeOf = (x: number, y: number, way: number) => (y * (columns + 1) + x) * 4 + way;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      if (!isFilled(x, y)) continue;
      if (!isFilled(x, y - 1)) edges.add(edgeOf(x, y, 0));
      if (!isFilled(x + 1, y)) edges.add(edgeOf(x + 1, y, 1));
      if (!isFilled(x, y + 1)) edges.add(edgeOf(x + 1, y + 1, 2));
      if (!isFilled(x - 1, y)) edges.add(edgeOf(x, y + 1, 3));
    }
  }

  const solids: Solid[] = [];
  for (const first of edges) {
    const points: Point[] = [];
    let edge: number = first;
    do {
      edges.delete(edge);
      const way: number = edge % 4;
      const corner: number = (edge - way) / 4;
      const x: number = (corner % (columns + 1)) + (ways[way]?.x ?? 0);
      const y: number = Math.floor(corner / (columns + 1)) + (ways[way]?.y ?? 0);
      // To the right first: it stays with the same cell where two touch at a corner. The edges of a cell close.
      const turns: readonly number[] = [(way + 1) % 4, way, (way + 3) % 4].map((turn) => edgeOf(x, y, turn));
      const next: number = turns.find((turn) => turn === first || edges.has(turn)) ?? first;
      if (next % 4 !== way) points.push({ x: x * side, y: y * side });
      edge = next;
    } while (edge !== first);
    solids.push({ points, closed: true });
  }
  return solids;
}

/** Right, down, left, up. */
const ways: readonly Point[] = [
  { x: 1, y: 0 },
  { x: 0, y: 1 },
  { x: -1, y: 0 },
  { x: 0, y: -1 },
];
