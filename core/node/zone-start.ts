/** Gives a zone to a worker: files, rows, ids and a place, then the load; tried again while that may help. */
import { randomInt } from 'node:crypto';
import { HostError } from '../contract/errors.ts';
import type { Caution, ObjectId, ObjectRow, ZoneId } from '../contract/link.ts';
import { blockSize } from '../store/ids.ts';
import { isAway } from '../store/store.ts';
import { Run } from './run.ts';
import type { ZoneHost } from './zone-host.ts';

export type Start = {
  readonly zone: ZoneId;
  readonly reason: 'start' | 'recover';
  /** Objects that wait to be given to it. */
  readonly arriving: () => ReadonlySet<ObjectId>;
  /** How careful the next life is to be. */
  readonly caution: () => Caution;
  /** Monotonic time at which it is too late. */
  readonly untilMs: number;
  /** The life is about to begin: from now on its worker may speak. */
  readonly begins: (run: Run) => void;
  /** That life came to nothing. */
  readonly failed: () => void;
};

type Try = Omit<Start, 'caution' | 'failed'> & { readonly caution: Caution };

/** Between two tries while the database is away. */
const awayMs = 250;
/** Workers that a start or a recovery may use up. */
const attemptsMost = 5;

/** The worker went away while it loaded the zone: another one may do better. */
export class WorkerLost extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'WorkerLost';
  }
}

/** The life that runs, and the characters that were in the zone. */
export type Started = { readonly run: Run; readonly characters: readonly ObjectRow[] };

/** Starts lives until one runs. @throws HostError `zone.timeout`, `zone.failed`, `zone.unknown`, `store.busy`; WorkerLost */
export async function startZone(host: ZoneHost, start: Start): Promise<Started> {
  const { zone, untilMs } = start;
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryInTime(host, { ...start, caution: start.caution() });
    } catch (error) {
      start.failed();
      // A database that is away may be back before it is too late.
      const away = isAway(error);
      if (!away && (!(error instanceof WorkerLost) || attempt >= attemptsMost)) throw error;
      if (host.clock.monotonicMs() >= untilMs) throw error;
      host.log.warn({ zone, attempt, error }, 'zone did not load; once more');
      if (away) await new Promise((wake) => setTimeout(wake, awayMs));
    }
  }
}

async function tryInTime(host: ZoneHost, start: Try): Promise<Started> {
  const late = new AbortController();
  const work = giveZone(host, start, late.signal);
  const timeout = Promise.withResolvers<never>();
  const leftMs = Math.max(0, start.untilMs - host.clock.monotonicMs());
  const timer = setTimeout(() => timeout.reject(new HostError('zone.timeout')), leftMs);
  try {
    return await Promise.race([work, timeout.promise]);
  } catch (error) {
    late.abort(error);
    // It ends by itself at its next step; nobody waits for that.
    work.catch(() => {});
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function giveZone(host: ZoneHost, start: Try, late: AbortSignal): Promise<Started> {
  const { zone, reason, caution, begins } = start;
  const source = await host.load(zone);
  const { content } = source;
  // What the life before has sent and was believed is part of what this one starts from.
  await host.keeper.idle(zone);
  late.throwIfAborted();
  const { epoch, saved } = await host.store.openZone(zone, source.game.name, {
    character: content.character,
    arriving: reason === 'start' ? start.arriving : null,
  });
  const { programs, former } = host.builds.choose(zone, source.programs);
  const blocks = 1 + Math.ceil((saved.populated ? 0 : content.mapObjects.length) / blockSize);
  const ids = [await host.store.takeIds(blocks)];
  const worker = await host.place(zone, caution);
  late.throwIfAborted();
  const { objectsMost } = host.limits;
  const given = { programs, former, caution };
  const run = new Run({ zone, epoch, worker, source, ...given, objects: saved.objects, blocks: ids, objectsMost });
  begins(run);
  worker.given.set(zone, epoch);
  const seed = randomInt(2 ** 31);
  const sent = worker.send({ type: 'load', zone, epoch, reason, seed, content, saved, ids, ...given });
  if (sent === 'closed') throw new WorkerLost('the worker is gone');
  if (sent !== 'sent') throw new HostError('zone.failed', `Cannot load zone "${zone}": it is too large`);
  await run.loaded.promise;
  const characters = saved.objects.filter(({ kind, owner }) => kind === content.character && owner !== null);
  return { run, characters };
}
