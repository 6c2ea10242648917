/** Calls methods of plugins on a data folder that no node has: nobody is connected, and no zone runs. */
import type { Config } from '../config.ts';
import type { Json } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';
import type { Gateway, Log, Off, Reloads, Scripts, Views, Zones } from '../contract/ports.ts';
import type { Answer } from '../contract/protocol.ts';
import { createMethods, serverSession } from '../methods/methods.ts';
import { createReports } from '../report/reports.ts';
import { openStore } from '../store/store.ts';
import { systemClock } from './clock.ts';

export type Offline = {
  call(method: string, params: Json): Promise<Answer>;
  close(): Promise<void>;
};

/** Who calls from the command line, in the audit. */
export const commandLine = 'command-line';

/**
 * Locks the folder, brings its tables to what the plugins expect, and loads those plugins alone.
 * @throws HostError data.in-use, data.newer
 */
export async function openOffline(config: Config, log: Log, only: readonly string[]): Promise<Offline> {
  const clock = systemClock;
  const { data: folder, storeBusyMs: deadlineMs, linesKept } = config;
  const store = await openStore({ folder, log, clock, deadlineMs, linesKept });
  const methods = createMethods({
    ...{ config, log, clock, only, db: store.db, reports: createReports(log, clock) },
    gateway: standIn<Gateway>({
      ...{ sessions: () => [], find: () => undefined, changeAccount: nothing, bar: nothing, end: () => false },
      ...{ onOpened: never, onClosed: never, onLoggedIn: never, onEntered: never, onLeft: never },
    }),
    zones: standIn<Zones>({ onState: never, list: () => [], games: () => [], locate: async () => undefined }),
    ...{ views: standIn<Views>({}), scripts: standIn<Scripts>({}), reloads: standIn<Reloads>({}) },
    process: { stop: nothing, logLevel: () => config.log },
  });
  const session = serverSession(commandLine);
  try {
    await methods.start();
  } catch (error) {
    await store.close();
    throw error;
  }
  return {
    call: async (method, params) => methods.call(session, method, params),
    async close() {
      await methods.stop();
      await store.close();
    },
  };
}

/** The part of a node that is asked for here; all else it has is refused. */
function standIn<Part extends object>(known: Partial<Part>): Part {
  return new Proxy(known, {
    get: (target, name) => (name in target ? target[name as keyof Part] : refuse),
  }) as Part;
}

function refuse(): never {
  throw new HostError('zone.unavailable', 'No node runs');
}

function nothing(): void {}

/** A subscription to what does not happen. */
function never(): Off {
  return nothing;
}
