/** Part of `roost check`: every script is run once where it would run. */
import type { Config } from '../config.ts';
import type { Fault } from '../contract/content.ts';
import type { ScriptReport, ToNode, ZoneId } from '../contract/link.ts';
import type { Log } from '../contract/ports.ts';
import { workerSettings } from './node.ts';
import type { LoadedContent } from './run.ts';
import { startWorker, type Worker } from './worker.ts';
import type { LiveWorld } from './world.ts';

type Told = Exclude<ToNode, { type: 'ready' | 'stats' }>;

/**
 * Loads the scripts of every zone in a worker of its own, without objects, and gives what they find fault with.
 * @param world  As it was read last; what is broken there is not tried.
 */
export async function tryScripts(config: Config, log: Log, world: LiveWorld): Promise<readonly Fault[]> {
  const reports: ScriptReport[] = [];
  let hear: (message: Told) => void = () => {};
  const { promise: ready, resolve: isReady, reject: notReady } = Promise.withResolvers<void>();
  let failed: (error: Error) => void = notReady;
  const worker = startWorker(0, {
    settings: workerSettings(config),
    uid: config.workerUid,
    outstandingMb: config.outstandingMb,
    log,
    onReady: () => isReady(),
    onMessage(_, message) {
      if ('reports' in message) reports.push(...message.reports);
      hear(message);
    },
    onGone: (_, { why }) => failed(new Error(`the worker that tried the scripts ended: ${why}`)),
  });

  /** Resolves with the failure, or null, when the zone has loaded and is closed again, or cannot load. */
  async function load(zone: ZoneId, { content, programs }: LoadedContent): Promise<string | null> {
    const { promise, resolve, reject } = Promise.withResolvers<string | null>();
    failed = reject;
    hear = (message) => {
      if (message.type === 'loaded') worker.send({ type: 'close', zone, epoch: 1 });
      if (message.type === 'frame' && message.closed) resolve(null);
      if (message.type === 'load-failed') resolve(message.message);
    };
    send(worker, zone, { content: { ...content, mapObjects: [] }, programs });
    return promise;
  }

  const faults: Fault[] = [];
  try {
    await ready;
    for (const game of world.games()) {
      for (const { name } of game.zones) {
        const source = await world.load(game, name).catch(noMap);
        if (source === null) continue;
        const message = await load(`${game.name}/${name}`, source);
        if (message !== null) faults.push({ file: `games/${game.name}/game.json`, line: 0, column: 0, message });
        // What a zone reports comes after its last frame: the answer to one more load comes later still.
        await load(`${game.name}/${name}`, { ...source, programs: [] });
      }
    }
  } finally {
    failed = () => {};
    worker.kill('done');
    await worker.ended;
  }
  const found = [...faults, ...reports.filter(({ what }) => what === 'load' || what === 'throw').map(toFault)];
  return [...new Map(found.map((fault) => [JSON.stringify(fault), fault])).values()];
}

function send(worker: Worker, zone: ZoneId, { content, programs }: Pick<LoadedContent, 'content' | 'programs'>): void {
  const saved = { populated: true, tick: 0, state: {}, keep: {}, pending: [], objects: [], timers: [] };
  const ids = [{ first: '0001000000000001', count: 1_024 }];
  worker.send({
    type: 'load',
    zone,
    epoch: 1,
    reason: 'start',
    seed: 1,
    content,
    programs,
    saved,
    ids,
    former: [],
    caution: 'none',
  });
}

/** A map that cannot be read is a fault of the world already. */
function noMap(): null {
  return null;
}

function toFault({ file, line, column, message }: ScriptReport): Fault {
  return { file, line, column, message };
}
