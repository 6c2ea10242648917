/** One thing that is put into a zone from outside, while no node has the database. */
import type { JsonObject } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';
import type { ObjectRow, ZoneId } from '../contract/link.ts';
import type { Row } from '../contract/ports.ts';
import { counterOf } from './ids.ts';
import { fromObject, objectColumns } from './rows.ts';
import { ensureZone } from './save.ts';
import type { Store } from './store.ts';

export type NewObject = {
  readonly zone: ZoneId;
  readonly kind: string;
  /** 16 hex digits; a new one when it is left out. */
  readonly id?: string | undefined;
  readonly name: string;
  /** Metres and radians. */
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly scale: number;
  readonly owner: string | null;
  readonly words: readonly string[];
  readonly physical: boolean;
  readonly look: ObjectRow['look'];
  readonly scripts: readonly string[];
  readonly state: JsonObject;
  readonly own: JsonObject;
};

/**
 * Adds it; the zone's row is made when it has none, and its map is still inserted when it starts for the first time.
 * @param now  Unix seconds.
 * @throws HostError `data.not-written` when the id is taken, or is one that the node would give out itself
 */
export async function createObject(store: Store, object: NewObject, game: string, now: number): Promise<Row> {
  const { zone, id: wanted, ...fields } = object;
  const id = wanted ?? (await store.takeIds(1)).first;
  const row: ObjectRow = {
    ...{ ...fields, id, holder: null, vx: 0, vy: 0, speed: 0, shape: null, keep: {} },
    ...{ changed: now, changedTick: 0, tiledId: null },
  };
  return await store.db.transaction(async (trx) => {
    if (wanted !== undefined) await refuseId((sql, values) => trx.run(sql, values), wanted);
    await ensureZone(trx, zone, game);
    const marks = objectColumns.map(() => '?').join(', ');
    const sql = `insert into objects (${objectColumns.join(', ')}) values (${marks}) returning *`;
    const [made] = await trx.run(sql, fromObject(zone, row));
    return made ?? {};
  });
}

type Run = (sql: string, values: readonly (string | number)[]) => Promise<readonly Row[]>;

async function refuseId(run: Run, id: string): Promise<void> {
  const [taken] = await run('select zone from objects where id = ?', [id]);
  if (taken) throw new HostError('data.not-written', `There is an object ${id} already, in ${taken.zone}`);
  const partition = Number.parseInt(id.slice(0, 4), 16);
  const [node] = await run('select node, next from partitions where partition_number = ?', [partition]);
  if (node && counterOf(id) >= Number(node.next))
    throw new HostError(
      'data.not-written',
      `The id ${id} is one that node ${node.node} has still to give out: leave it out`,
    );
}
