/**
 * An object goes from one zone to another, or a character from a zone to where nobody plays it. Its row changes places in
 * the transaction that writes what its old zone did up to that tick: whatever dies and when, it is in exactly one of them.
 */
import type { Area, ZoneSpec } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';
import type { MoveTarget, ObjectId, ObjectRow, TimerRow, ZoneId } from '../contract/link.ts';
import type { Log, Moved } from '../contract/ports.ts';
import { type AwayCharacters, awayFrom } from '../store/store.ts';
import type { HostedZone } from './hosted-zone.ts';
import type { Keeper } from './keeper.ts';
import type { MoveRequest } from './zone-host.ts';
import { parseZoneId, resolveZoneId } from './zone-id.ts';

export type MovesOptions = {
  readonly log: Log;
  readonly characters: AwayCharacters;
  readonly keeper: Pick<Keeper, 'idle'>;
  /** The zone by its checked id. @throws HostError zone.malformed, zone.unknown, zone.dev-only */
  readonly zone: (id: ZoneId) => HostedZone;
  /** The zone when the node has it in hand, declared or not any more. */
  readonly hosted: (id: ZoneId) => HostedZone | undefined;
  /** Whether any game's players control such objects. */
  readonly isPlayed: (kind: string) => boolean;
  /**
   * The zone that it gets into, see `Zones.admit`; without an owner it is a thing.
   * @throws HostError zone.malformed, zone.unknown, zone.dev-only, zone.forbidden, zone.full
   */
  readonly admit: (id: ZoneId, owner: string | null, from: ZoneId, full: ReadonlySet<ZoneId>) => Promise<ZoneId>;
  readonly onMoving: (owner: string, from: ZoneId) => void;
  readonly onMoved: (moved: Moved) => void;
};

export interface Moves {
  /** A script wants the object elsewhere. What comes of it is told to its zone, or is the move. */
  want(from: HostedZone, request: MoveRequest): void;
  /** Takes a character out of its zone, whatever becomes of that, to where nobody plays it. @throws HostError */
  putAway(from: ZoneId, character: ObjectId): Promise<void>;
  /** Brings a character that is away from `last` into a zone; whether it has room is not asked. @throws HostError zone.*, store.* */
  bringBack(target: HostedZone, character: ObjectId, owner: string, last: ZoneId): Promise<void>;
}

type Parcel = { readonly objects: readonly ObjectRow[]; readonly timers: readonly TimerRow[] };

/** A zone that goes down while a character is taken out of it is asked again. */
const triesMost = 4;

export function createMoves(options: MovesOptions): Moves {
  const { log, characters, keeper, zone, hosted, isPlayed, admit, onMoving, onMoved } = options;
  const moving = new Set<ObjectId>();

  async function move(from: HostedZone, { object, zone: named, at }: MoveRequest): Promise<void> {
    let to = resolveZoneId(named, from.id);
    const owner = playerOf(from, object);
    const stay = from.hold();
    let target: HostedZone;
    let release = () => {};
    let told = false;
    try {
      ({ target, release } = await openFor(to, owner, from.id));
      to = target.id;
      const sent = send(from, object, (row) => placed(row, at, target), target.id);
      if (owner !== null) onMoving(owner, from.id);
      told = true;
      const parcel = await sent;
      deliver(target, parcel, object, at, owner, from.id);
    } catch (error) {
      release();
      refuse(from, object, to, error);
      // Whoever was told that it is on its way hears that it stays.
      if (told && owner !== null) onMoved({ owner, character: object, from: from.id, to: from.id });
      return;
    } finally {
      stay();
    }
    target.expect(object, () => {
      release();
      if (owner !== null) onMoved({ owner, character: object, from: from.id, to });
    });
  }

  /** The zone that it gets into who names one: it runs, has room, and is held until `release`. */
  async function openFor(named: ZoneId, owner: string | null, from: ZoneId) {
    const full = new Set<ZoneId>();
    for (;;) {
      const id = await admit(named, owner, from, full);
      if (id === from) throw new HostError('zone.refused', `"${id}" is where it is`);
      const target = zone(id);
      const release = target.hold();
      try {
        await target.open();
        checkRoom(target, owner);
        return { target, release };
      } catch (error) {
        release();
        if (!(error instanceof HostError) || error.code !== 'zone.full') throw error;
        full.add(id);
      }
    }
  }

  /** Has it taken out and written under where it goes. */
  async function send(
    from: HostedZone,
    object: ObjectId,
    place: (row: ObjectRow) => ObjectRow,
    to: ZoneId,
    game = parseZoneId(to).game,
  ): Promise<Parcel> {
    const done = Promise.withResolvers<Parcel>();
    let parcel: Parcel = { objects: [], timers: [] };
    const taken = from.take(object, {
      saved(objects, timers) {
        if (objects.length === 0) return null;
        parcel = { objects: objects.map((row) => (row.id === object ? place(row) : row)), timers };
        return { to, game, ...parcel };
      },
      committed: () => done.resolve(parcel),
      failed: (error) => done.reject(error),
    });
    if (!taken) throw new HostError('object.not-found');
    return await done.promise;
  }

  /** After the commit: whatever life of the target runs gets it; one that loads finds it. A player is not led into a closed zone. */
  function deliver(
    target: HostedZone,
    { objects, timers }: Parcel,
    object: ObjectId,
    at: MoveTarget,
    owner: string | null,
    from: ZoneId,
  ): void {
    log.debug({ object, from, to: target.id }, 'object moved');
    target.push({ type: 'arrive', objects, timers, at, owner });
    if (target.phase === 'closed' && owner === null) {
      target.open().catch((error) => log.warn({ zone: target.id, object, error }, 'target of a move does not open'));
    }
  }

  function refuse(from: HostedZone, object: ObjectId, to: ZoneId, error: unknown): void {
    const code = error instanceof HostError ? error.code : 'zone.failed';
    if (!(error instanceof HostError)) log.error({ zone: from.id, object, to, error }, 'move failed');
    from.push({ type: 'refused', object, zone: to, code });
  }

  async function putAway(from: ZoneId, character: ObjectId): Promise<void> {
    for (let tries = 1; ; ) {
      const there = hosted(from);
      if (there === undefined || there.phase === 'closed') {
        if (await putAwayAtRest(from, character)) return;
      } else if (there.phase === 'closing') await there.close();
      else {
        try {
          return await takeAway(there, character);
        } catch (error) {
          if (tries++ >= triesMost) throw error;
          log.debug({ zone: from, object: character, error: String(error) }, 'character not put away yet');
        }
      }
    }
  }

  /** Nothing has to run for it, so what cannot start keeps nobody. False when the zone was started meanwhile. */
  async function putAwayAtRest(from: ZoneId, character: ObjectId): Promise<boolean> {
    await keeper.idle(from);
    if ((hosted(from)?.phase ?? 'closed') !== 'closed') return false;
    // A start after this comes after it in the queue of the one writer, too.
    await characters.putAway(character, from, parseZoneId(from).game);
    return true;
  }

  async function takeAway(from: HostedZone, character: ObjectId): Promise<void> {
    const stay = from.hold();
    try {
      await from.open();
      await send(from, character, atRest, awayFrom(from.id), parseZoneId(from.id).game);
    } catch (error) {
      // Whoever took it out before was quicker.
      const isGone = error instanceof HostError && error.code === 'object.not-found';
      if (!isGone || from.phase !== 'running') throw error;
    } finally {
      stay();
    }
  }

  async function bringBack(target: HostedZone, character: ObjectId, owner: string, last: ZoneId): Promise<void> {
    const release = target.hold();
    try {
      await target.open();
      let at: MoveTarget = null;
      const parcel = await characters.bringBack({
        ...{ object: character, from: last, to: target.id, game: parseZoneId(target.id).game },
        place(row) {
          at = last === target.id ? spotIn(row, target) : null;
          return renewed(placed(row, at, target), target);
        },
      });
      if (parcel === null) throw new HostError('object.no-character');
      deliver(target, parcel, character, at, owner, last);
      target.expect(character, release);
    } catch (error) {
      release();
      throw error;
    }
  }

  /** One of a kind that no game plays any more is what players of the zone are now: else nobody could play it. */
  function renewed(row: ObjectRow, target: HostedZone): ObjectRow {
    const kind = target.run?.source.content.character;
    return kind === undefined || isPlayed(row.kind) ? row : { ...row, kind };
  }

  return {
    want(from, request) {
      if (moving.has(request.object)) return;
      moving.add(request.object);
      void move(from, request).finally(() => moving.delete(request.object));
    },
    putAway,
    bringBack,
  };
}

function atRest(row: ObjectRow): ObjectRow {
  return { ...row, vx: 0, vy: 0, holder: null };
}

/** Where it stood, if the zone still reaches there; else where everybody appears. */
function spotIn({ x, y }: ObjectRow, target: HostedZone): MoveTarget {
  const spec = target.run?.source.content.spec;
  const isInside = spec !== undefined && x >= 0 && y >= 0 && x <= spec.width && y <= spec.height;
  return isInside ? { x, y } : null;
}

/** Whose character it is. What else a player owns goes without them. */
function playerOf(from: HostedZone, object: ObjectId): string | null {
  const { run } = from;
  if (run?.claims.kindOf(object) !== run?.source.content.character) return null;
  return run?.claims.ownerOf(object) ?? null;
}

/** @throws HostError `zone.full` */
function checkRoom(target: HostedZone, owner: string | null): void {
  const run = target.run;
  if (owner === null || !run) return;
  const { spec, character } = run.source.content;
  if (run.claims.owned(character) >= spec.capacity) {
    throw new HostError(
      'zone.full',
      `Cannot enter zone "${target.id}": it holds ${spec.capacity} of ${spec.capacity} players`,
    );
  }
}

/** The row where it will stand: a target that finds it when it loads knows no more than this. */
function placed(row: ObjectRow, at: MoveTarget, target: HostedZone): ObjectRow {
  const content = target.run?.source.content;
  const { x, y } = spotOf(at, content?.areas ?? [], content?.spec) ?? row;
  return { ...row, x, y, vx: 0, vy: 0, holder: null };
}

function spotOf(
  at: MoveTarget,
  areas: readonly Area[],
  spec: ZoneSpec | undefined,
): { x: number; y: number } | undefined {
  if (at !== null && typeof at === 'object') return at;
  const area = areas.find(({ name }) => name === (at ?? 'spawn')) ?? areas.find(({ name }) => name === 'spawn');
  return area ?? (spec && { x: spec.width / 2, y: spec.height / 2 });
}
