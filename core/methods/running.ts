/** One build of a plugin that runs: its host, its timers, the calls it has in flight. */
import type { Json } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';
import type { Account, Host, Listeners, Presented } from '../contract/plugin.ts';
import type { Blame, Doing, Tally } from './blame.ts';
import type { Build } from './build.ts';
import { createHost, type HostParts } from './host.ts';
import { findFlaw, formerBounds } from './plain.ts';
import { createTimers } from './timers.ts';
import { Overdue, within } from './within.ts';

export type Running = {
  readonly build: Build;
  readonly host: Host;
  readonly tally: Tally;
  /** A call begins; the undo when it has been answered. */
  readonly enter: () => () => void;
  /** No call is in flight. */
  readonly drained: () => Promise<void>;
  /** @param former  What the build before it left. @throws what the plugin's `start` throws, Overdue */
  readonly start: (former?: Json) => Promise<void>;
  /** The plugin's `stop`, then its timers. Its errors are counted, not thrown. Gives what it leaves to the next build. */
  readonly stop: () => Promise<Json | undefined>;
  /** Whose token it is; its own errors are counted, and nobody's then. @throws HostError that the client is told */
  readonly authenticate: (presented: Presented) => Promise<Account | null>;
  readonly emit: <Name extends keyof Listeners>(name: Name, given: Told<Name>, who: Who) => void;
  readonly doing: (what: string, who?: Who, within?: Doing | null) => Doing;
};

/** What a listener is given, save the host. */
export type Told<Name extends keyof Listeners> = Omit<Parameters<NonNullable<Listeners[Name]>>[0], 'host'>;

/** Who caused it; nobody for what happens by itself. */
export type Who = { readonly owner: string | null; readonly address: string | null };
export const nobody: Who = { owner: null, address: null };

export type RunningParts = {
  readonly host: HostParts;
  readonly blame: Blame;
  readonly deadlineMs: number;
};

export function createRunning(parts: RunningParts, plugin: string, build: Build, tally: Tally): Running {
  const { blame, deadlineMs } = parts;
  const { manifest, source } = build;
  const doing = (what: string, { owner, address } = nobody, outer: Doing | null = null): Doing => ({
    tally,
    plugin,
    build: source.build,
    what,
    owner,
    address,
    within: outer,
  });
  let timers = createTimers((work) => guard('timer', work));
  let calls = 0;
  let whenDrained: (() => void)[] = [];

  /** Runs something of the plugin's that nobody waits for; counts its error. */
  async function guard(what: string, work: () => unknown, who = nobody): Promise<void> {
    try {
      await blame.run(doing(what, who), async () => work());
    } catch (error) {
      blame.fail(doing(what, who), error);
    }
  }

  /** Runs `start` or `stop` within the deadline. */
  function bounded(what: 'start' | 'stop', former?: Json): Promise<unknown> {
    const work = blame.run(doing(what), async () => manifest[what]?.({ host: running.host, former }));
    return within(deadlineMs, work, (error) => blame.fail(doing(what), error));
  }

  const running: Running = {
    build,
    tally,
    doing,
    // Timers are new at every start: a build that stopped may be started again by a rollback.
    host: createHost(parts.host, plugin, {
      every: (seconds, work) => timers.every(seconds, work),
      after: (seconds, work) => timers.after(seconds, work),
      stop: () => timers.stop(),
    }),
    enter() {
      calls += 1;
      return () => {
        calls -= 1;
        if (calls > 0) return;
        for (const done of whenDrained) done();
        whenDrained = [];
      };
    },
    drained: () => (calls === 0 ? Promise.resolve() : new Promise((done) => whenDrained.push(done))),
    async start(former) {
      timers.stop();
      timers = createTimers((work) => guard('timer', work));
      try {
        await bounded('start', former);
      } catch (error) {
        timers.stop();
        throw error;
      }
    },
    async stop() {
      try {
        return checkLeft(await bounded('stop'));
      } catch (error) {
        blame.fail(doing('stop'), error);
        return undefined;
      } finally {
        timers.stop();
      }
    },
    async authenticate(presented) {
      const { authenticate } = manifest;
      if (!authenticate) return null;
      const what = doing('authenticate', { owner: null, address: presented.address });
      const work = blame.run(what, async () => authenticate({ presented, host: running.host }));
      try {
        return await within(deadlineMs, work, (error) => blame.fail(what, error));
      } catch (error) {
        if (error instanceof HostError && !(error instanceof Overdue)) throw error;
        blame.fail(what, error);
        throw new HostError('call.failed');
      }
    },
    emit(name, given, who) {
      const listener = manifest.on?.[name] as ((told: object) => unknown) | undefined;
      if (listener) void guard(name, () => listener({ ...given, host: running.host }), who);
    },
  };
  return running;
}

/** @throws Error when a `stop` gave back what is no plain JSON: the next build is code of its own. */
function checkLeft(left: unknown): Json | undefined {
  const flaw = findFlaw(left, formerBounds);
  if (flaw !== undefined) throw new Error(`What stop gave back cannot be handed to the next build: ${flaw}`);
  return left as Json | undefined;
}
