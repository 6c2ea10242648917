/** Who is where, in cells of four metres, so that looking around costs what is around. */
import type { Obj } from './here.ts';

const side = 4;

export interface Grid {
  add(object: Obj): void;
  remove(object: Obj): void;
  moved(object: Obj): void;
  /** Objects whose centre may be within `radius`, in no order. */
  around(x: number, y: number, radius: number): readonly Obj[];
}

export function createGrid(width: number, height: number): Grid {
  const columns = Math.max(1, Math.ceil(width / side));
  const rows = Math.max(1, Math.ceil(height / side));
  const cells = new Map<number, Obj[]>();

  const column = (x: number) => Math.min(columns - 1, Math.max(0, Math.floor(x / side)));
  const row = (y: number) => Math.min(rows - 1, Math.max(0, Math.floor(y / side)));

  function add(object: Obj): void {
    object.cell = row(object.y) * columns + column(object.x);
    const cell = cells.get(object.cell);
    if (cell) cell.push(object);
    else cells.set(object.cell, [object]);
  }

  function remove(object: Obj): void {
    const cell = cells.get(object.cell);
    const at = cell ? cell.indexOf(object) : -1;
    if (cell && at >= 0) {
      cell[at] = cell[cell.length - 1] as Obj;
      cell.pop();
      if (cell.length === 0) cells.delete(object.cell);
    }
    object.cell = -1;
  }

  return {
    add,
    remove,
    moved(object) {
      if (object.cell < 0 || object.cell === row(object.y) * columns + column(object.x)) return;
      remove(object);
      add(object);
    },
    around(x, y, radius) {
      const [left, right, top, bottom] = [column(x - radius), column(x + radius), row(y - radius), row(y + radius)];
      const found: Obj[] = [];
      if ((right - left + 1) * (bottom - top + 1) > cells.size) {
        for (const cell of cells.values()) for (const object of cell) found.push(object);
        return found;
      }
      for (let r = top; r <= bottom; r++) {
        for (let c = left; c <= right; c++) {
          const cell = cells.get(r * columns + c);
          if (cell) for (const object of cell) found.push(object);
        }
      }
      return found;
    },
  };
}
