/** A plugin's place: which build answers, which ones it could go back to, and the hand-over between two. */
import type { Fault, Json } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';
import type { Listeners } from '../contract/plugin.ts';
import type { Build } from './build.ts';
import type { Source } from './folder.ts';
import type { Running, Told, Who } from './running.ts';

export type Slot = {
  /** Unique in the node: a second plugin of one name is `chat#2`. */
  readonly name: string;
  /** Absolute path of its folder or file. */
  readonly path: string;
  /** `path` as people read it. */
  readonly shown: string;
  current: Running | null;
  /** Newest last. */
  former: Build[];
  /** Builds loaded since the node started. */
  builds: number;
  /** Why the newest files are not what runs. */
  fault: Fault | null;
  /** Another plugin keeps it from loading: tried again when one comes or goes. */
  waits: boolean;
  /** It failed too often: its methods answer `call.disabled` until another build runs. */
  disabled: boolean;
  /** What the `stop` of a build leaves that does not run any more, when it is over: the next one goes on with that. */
  ended: Promise<Json | undefined> | null;
  /** While one build hands over to the next, calls and events wait. */
  gate: Promise<void> | null;
  /** Files that were tried last; the same ones are not tried again. */
  tried: Source | null;
  /** Changes of this plugin run one after another. */
  queue: Promise<void>;
};

/** Builds kept for `host.rollback`. */
const formerMost = 5;

export function createSlot(name: string, { path, shown }: Pick<Source, 'path' | 'shown'>): Slot {
  return {
    name,
    path,
    shown,
    current: null,
    former: [],
    builds: 0,
    fault: null,
    waits: false,
    disabled: false,
    ended: null,
    gate: null,
    tried: null,
    queue: Promise.resolve(),
  };
}

/**
 * Puts `next` in place. A plugin with `start` or `stop` hands over in order: calls in flight finish, the old stops, the
 * new starts with what the old has left, then the calls that waited go on. Others are simply exchanged, and the old one finishes by itself.
 * @param commit  Makes the slot's methods known, at once after the exchange.
 * @throws what `start` of the new throws; then the old runs again.
 */
export async function swap(slot: Slot, next: Running, commit: () => void): Promise<void> {
  const old = slot.disabled ? null : slot.current;
  const take = () => {
    slot.current = next;
    slot.disabled = false;
    slot.ended = null;
    commit();
  };
  if (!hasLife(next) && !(old && hasLife(old))) {
    take();
    if (old) void old.drained().then(old.stop);
    return;
  }
  const gate = Promise.withResolvers<void>();
  slot.gate = gate.promise;
  try {
    await old?.drained();
    const left = old ? await old.stop() : ((await slot.ended) ?? undefined);
    await next.start(left).catch(async (error: unknown) => {
      await old?.start(left).catch((fault: unknown) => {
        slot.disabled = true;
        slot.ended = Promise.resolve(left);
        throw new AggregateError(
          [error, fault],
          `${messageOf(error)}; the former build did not start again: ${messageOf(fault)}`,
        );
      });
      throw error;
    });
    take();
  } finally {
    slot.gate = null;
    gate.resolve();
  }
}

/** Takes the build out of use; what it has in flight finishes before its `stop`. */
export async function retire(slot: Slot, commit: () => void): Promise<void> {
  const { current } = slot;
  slot.current = null;
  commit();
  if (!current) return;
  if (slot.disabled) return void (await slot.ended);
  await current.drained();
  await current.stop();
}

/** Switches it off after too many failures. */
export function disable(slot: Slot): void {
  if (slot.disabled || !slot.current) return;
  slot.disabled = true;
  const { current } = slot;
  slot.ended = current.drained().then(current.stop);
}

/** Remembers what was replaced. */
export function remember(slot: Slot, build: Build): void {
  slot.former = [...slot.former, build].slice(-formerMost);
}

/** @throws HostError plugin.no-former */
export function formerOf(slot: Slot): Build {
  const build = slot.former.at(-1);
  if (!build) throw new HostError('plugin.no-former', `Plugin ${slot.name} has no former build`);
  return build;
}

/** Events that come during a hand-over wait for its end, in order. */
export function emit<Name extends keyof Listeners>(slot: Slot, name: Name, given: Told<Name>, who: Who): void {
  if (slot.gate) void slot.gate.then(() => emit(slot, name, given, who));
  else if (slot.current && !slot.disabled) slot.current.emit(name, given, who);
}

function hasLife({ build: { manifest } }: Running): boolean {
  return manifest.start !== undefined || manifest.stop !== undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
