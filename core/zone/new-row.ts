/** What every object begins as. */
import type { ObjectId, ObjectRow } from '../contract/link.ts';

/** The row of an object that has nothing yet but an id and a kind, with what it has already. */
export function newRow(id: ObjectId, kind: string, more: Partial<ObjectRow> = {}): ObjectRow {
  return {
    id,
    kind,
    name: '',
    look: null,
    holder: null,
    x: 0,
    y: 0,
    angle: 0,
    vx: 0,
    vy: 0,
    scale: 1,
    speed: 0,
    owner: null,
    words: [],
    physical: true,
    shape: null,
    scripts: [],
    state: {},
    own: {},
    keep: {},
    changed: 0,
    changedTick: 0,
    tiledId: null,
    ...more,
  };
}
