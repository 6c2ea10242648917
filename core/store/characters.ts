/**
 * Characters of accounts while nobody plays them: they are *away*, their rows and those of all they hold under the id
 * `away:<zone>`, which no zone has. So each is in one place, and comes and goes by one transaction.
 */
import type { ObjectId, ObjectRow, TimerRow, ZoneId } from '../contract/link.ts';
import type { Row } from '../contract/ports.ts';
import type { Connection } from './connection.ts';
import { toOutcome } from './outcome.ts';
import { json, toObject, toTimer } from './rows.ts';
import { awayPrefix, ensureZone, saveMove } from './save.ts';
import type { Trx, Writer } from './writer.ts';

/** Where an object of an owner is. */
export type Found = {
  readonly id: ObjectId;
  readonly kind: string;
  readonly zone: ZoneId;
  readonly away: boolean;
  /** It was a character there, whatever its game plays now: it is away, or of a kind that the zone was started with. */
  readonly played: boolean;
};

export type Parcel = { readonly objects: readonly ObjectRow[]; readonly timers: readonly TimerRow[] };

/** One that comes back: where it is to stand is the zone's to say. */
export type Return = {
  readonly object: ObjectId;
  /** The zone it was in last. */
  readonly from: ZoneId;
  readonly to: ZoneId;
  readonly game: string;
  readonly place: (character: ObjectRow) => ObjectRow;
};

export interface AwayCharacters {
  /** What the owner owns, anywhere, and nothing holds; the oldest ids first. @throws HostError store.* */
  owned(owner: string): Promise<readonly Found[]>;
  /** The object and all that it holds, as committed; the object first. @throws HostError store.* */
  read(object: ObjectId): Promise<readonly ObjectRow[]>;
  /** Takes one out of a zone that nobody runs. Nothing happens when it is not there. @throws HostError store.* */
  putAway(object: ObjectId, zone: ZoneId, game: string): Promise<void>;
  /** Null when it is not away from there any more. @throws HostError store.* */
  bringBack(one: Return): Promise<Parcel | null>;
  /** Removes one that is away with all that it holds. False when it is not. @throws HostError store.* */
  erase(object: ObjectId): Promise<boolean>;
}

/** Where those are kept who were in a zone last. */
export function awayFrom(zone: ZoneId): string {
  return `${awayPrefix}${zone}`;
}

/** The object and all that it holds, however deep: what is held is where its holder is. */
const whole = `with recursive whole (id) as (
  select cast(? as text) union select objects.id from objects join whole on objects.holder = whole.id where objects.zone = ?
) select id from whole`;

export function createCharacters(writer: Writer, reader: Connection): AwayCharacters {
  return {
    async owned(owner) {
      const rows = await reader
        .all(
          `select objects.id, kind, zone, players from objects join zones on zones.id = zone
           where owner = ? and holder is null order by objects.id`,
          [owner],
        )
        .catch(toOutcome);
      return rows.map(toFound);
    },
    async read(object) {
      const [row] = await reader.all('select zone from objects where id = ?', [object]).catch(toOutcome);
      if (row === undefined) return [];
      const zone = String(row.zone);
      const found = await reader
        .all(`select * from objects where zone = ? and id in (${whole})`, [zone, object, zone])
        .catch(toOutcome);
      return headFirst(found.map(toObject), object);
    },
    putAway: (object, zone, game) =>
      writer
        .transaction(async (trx) => {
          const [there] = await trx.run('select id from objects where id = ? and zone = ?', [object, zone]);
          if (there) await putAway(trx, object, zone, game);
        })
        .catch(toOutcome),
    bringBack: (one) => writer.transaction((trx) => bringBack(trx, one)).catch(toOutcome),
    erase: (object) => writer.transaction((trx) => erase(trx, object)).catch(toOutcome),
  };
}

/**
 * Puts away the characters of accounts that are in a zone, for nobody plays them there.
 * @param kinds  Of which characters may be there; none when nobody knows: then all that is theirs goes with them.
 * @param but  Those who are only about to come in.
 */
export async function putAllAway(
  trx: Trx,
  zone: ZoneId,
  game: string,
  kinds: readonly string[],
  but: ReadonlySet<ObjectId> = new Set(),
): Promise<void> {
  const ofKinds = kinds.length === 0 ? '' : `and kind in (${kinds.map(() => '?').join(', ')})`;
  const left = await trx.run(
    `select id from objects where zone = ? and holder is null and owner like 'character:%' ${ofKinds}`,
    [zone, ...kinds],
  );
  for (const { id } of left) if (!but.has(String(id))) await putAway(trx, String(id), zone, game);
}

async function putAway(trx: Trx, object: ObjectId, zone: ZoneId, game: string): Promise<void> {
  await ensureZone(trx, awayFrom(zone), game);
  const ids = (await trx.run(whole, [object, zone])).map(({ id }) => String(id));
  const marks = ids.map(() => '?').join(', ');
  for (const [table, key] of [
    ['objects', 'id'],
    ['timers', 'object'],
  ])
    await trx.run(`update ${table} set zone = ? where zone = ? and ${key} in (${marks})`, [
      awayFrom(zone),
      zone,
      ...ids,
    ]);
}

async function bringBack(trx: Trx, { object, from, to, game, place }: Return): Promise<Parcel | null> {
  const away = awayFrom(from);
  const rows = await trx.run(`select * from objects where zone = ? and id in (${whole})`, [away, object, away]);
  const objects = headFirst(rows.map(toObject), object).map((row) => (row.id === object ? place(row) : row));
  if (objects[0]?.id !== object) return null;
  const marks = objects.map(() => '?').join(', ');
  const timers = (
    await trx.run(`select * from timers where zone = ? and object in (${marks})`, [
      away,
      ...objects.map(({ id }) => id),
    ])
  ).map(toTimer);
  await saveMove(trx, away, { to, game, objects, timers });
  return { objects, timers };
}

async function erase(trx: Trx, object: ObjectId): Promise<boolean> {
  const [row] = await trx.run('select zone from objects where id = ?', [object]);
  const zone = String(row?.zone);
  if (!zone.startsWith(awayPrefix)) return false;
  const ids = (await trx.run(whole, [object, zone])).map(({ id }) => String(id));
  const marks = ids.map(() => '?').join(', ');
  await trx.run(`delete from timers where zone = ? and object in (${marks})`, [zone, ...ids]);
  await trx.run(`delete from objects where zone = ? and id in (${marks})`, [zone, ...ids]);
  return true;
}

function toFound(row: Row): Found {
  const [id, kind, zone] = [String(row.id), String(row.kind), String(row.zone)];
  const away = zone.startsWith(awayPrefix);
  const played = away || json<readonly string[]>(row.players).includes(kind);
  return { id, kind, zone: away ? zone.slice(awayPrefix.length) : zone, away, played };
}

function headFirst(rows: readonly ObjectRow[], head: ObjectId): readonly ObjectRow[] {
  return rows.toSorted((a, b) => Number(b.id === head) - Number(a.id === head));
}
