/**
 * Keeps what runs in line with what lies in the plugins folders: looks at them, loads what is new beside the old, swaps,
 * and keeps the old where that fails.
 */
import { HostError } from '../contract/errors.ts';
import { pluginApi } from '../contract/plugin.ts';
import type { Clock, Db, Log, Reports } from '../contract/ports.ts';
import type { Blame, Tally } from './blame.ts';
import { type Build, type BuiltMethod, importBuild, wantsNewer } from './build.ts';
import { type Root, type Source, scanRoot } from './folder.ts';
import { faultAt, LoadError, locate } from './locate.ts';
import { migratePlugin } from './migrate.ts';
import { findConflict, type Registry } from './registry.ts';
import { Retries } from './retries.ts';
import type { Running } from './running.ts';
import { createSlot, disable, formerOf, remember, retire, type Slot, swap } from './slot.ts';
import { Overdue, within } from './within.ts';

export type LoaderParts = {
  readonly roots: readonly Root[];
  /** Only plugins of these names, when it is there. */
  readonly only?: readonly string[] | undefined;
  readonly registry: Registry;
  readonly blame: Blame;
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly reports: Reports;
  readonly deadlineMs: number;
  /** Tells of changes in the folders; gives back the undo. */
  readonly watch: (folders: readonly string[], changed: () => void) => Promise<() => Promise<void>>;
  /** Makes a build ready to start. */
  readonly run: (slot: Slot, build: Build, tally: Tally) => Running;
};

export type Loader = {
  readonly slots: () => readonly Slot[];
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** @throws HostError plugin.unknown, plugin.no-former, plugin.not-loaded */
  readonly rollback: (name: string) => Promise<Slot>;
  /**
   * Looks at the folders, and loads what has changed; the plugin of that name in any case. Those in `unheard` are not waited
   * for. @returns what was named, or all @throws HostError plugin.unknown, plugin.not-loaded
   */
  readonly reload: (name: string | undefined, unheard: ReadonlySet<string>) => Promise<readonly Slot[]>;
};

/** Modules are never freed: so many builds of one plugin deserve a word. */
const buildsMany = 200;

export function createLoader(parts: LoaderParts): Loader {
  const { registry, blame, log, reports, deadlineMs } = parts;
  /** In the order of roots and names: where two methods replace each other, the later has it. */
  let slots: readonly Slot[] = [];
  /** Methods of builds that are about to take over. */
  const claimed = new Map<Slot, readonly BuiltMethod[]>();
  /** Plugins that wait for another one, told when nothing is being loaded any more. */
  const waiting = new Set<Slot>();
  const retries = new Retries((slot, source) => {
    if (slot.tried === source && slots.includes(slot)) void tryNow(slot, source);
  });
  let busy = 0;
  let imports = 0;
  let looking: Promise<void> | null = null;
  let lookAgain = false;
  let unwatch: () => Promise<void> = async () => {};
  let closed = false;

  const commit = () => registry.replace(slots);

  /** Looks at the folders, and once more when something changed meanwhile. */
  function look(): void {
    lookAgain = true;
    looking ??= (async () => {
      while (lookAgain && !closed) {
        lookAgain = false;
        for (const job of await findChanges()) void job();
      }
    })()
      .catch((error: unknown) => log.error({ error: String(error) }, 'cannot read the plugins folders'))
      .finally(() => {
        looking = null;
      });
  }

  /** What is to be done, in order, so that slots and folders agree again. */
  async function findChanges(): Promise<readonly (() => Promise<void>)[]> {
    const found = (await Promise.all(parts.roots.map(scanRoot))).flat();
    const sources = found.filter(({ name }) => parts.only?.includes(name) ?? true);
    const gone = slots.filter(({ path }) => !sources.some((source) => source.path === path));
    const next: Slot[] = [];
    for (const source of sources) next.push(slots.find(({ path }) => path === source.path) ?? newSlot(source, next));
    slots = next;
    const changed = sources.flatMap((source) => {
      const slot = slots.find(({ path }) => path === source.path) as Slot;
      return isTried(slot, source) ? [] : [() => tryNow(slot, source)];
    });
    return [...gone.map((slot) => () => inTurn(slot, () => remove(slot))), ...changed];
  }

  function tryNow(slot: Slot, source: Source): Promise<void> {
    slot.tried = source;
    return inTurn(slot, () => load(slot, source));
  }

  /** Runs a change of a plugin after the ones before it. `job` never rejects. */
  async function inTurn(slot: Slot, job: () => Promise<void>): Promise<void> {
    busy += 1;
    slot.queue = slot.queue.then(job);
    await slot.queue;
    busy -= 1;
    if (busy === 0 && !closed) tellWaiting();
  }

  function tellWaiting(): void {
    for (const idle of waiting) if (idle.fault) reports.fault(idle.fault, `plugin ${idle.name}`);
    waiting.clear();
  }

  /** @param anew  Also when it is what runs already. */
  async function load(slot: Slot, source: Source, anew = false): Promise<void> {
    if (closed || slot.tried !== source) return;
    slot.waits = false;
    if (!anew && slot.current?.build.source.build === source.build && !source.refused) {
      slot.fault = null;
      return;
    }
    const tally = newTally(slot);
    try {
      const build = await importNow(slot, source, tally);
      const former = slot.current?.build;
      await takeOver(slot, build, tally);
      if (former && former.source.build !== build.source.build) remember(slot, former);
      loaded(slot, build);
    } catch (error) {
      refuse(slot, source, error);
    }
  }

  function newTally(slot: Slot): Tally {
    const tally = blame.tally(() => {
      if (slot.current?.tally !== tally || slot.disabled) return;
      disable(slot);
      const message = 'the plugin failed too often and is switched off; its next build is switched on again';
      slot.fault = { file: slot.shown, line: 0, column: 0, message };
      reports.fault(slot.fault, `plugin ${slot.name}`);
    });
    return tally;
  }

  async function importNow(slot: Slot, source: Source, tally: Tally): Promise<Build> {
    imports += 1;
    const doing = {
      tally,
      plugin: slot.name,
      build: source.build,
      what: 'load',
      owner: null,
      address: null,
      within: null,
    };
    const work = importBuild(source, {
      number: imports,
      lenient: slot.current === null,
      run: (load) => blame.run(doing, load),
    });
    return within(deadlineMs, work, () => {}).catch((error: unknown) => {
      if (!(error instanceof Overdue)) throw error;
      throw new LoadError(
        faultAt(source, `it was not loaded within ${deadlineMs} ms: does it await something at the top?`),
      );
    });
  }

  /** Checks what it needs of others, then exchanges builds. */
  async function takeOver(slot: Slot, build: Build, tally: Tally): Promise<void> {
    const file = build.source.manifest ?? build.source;
    const { needs = [], migrations = [] } = build.manifest;
    const missing = needs.find(
      (name) => !slots.some((other) => other.name === name && other.current && !other.disabled),
    );
    if (missing !== undefined)
      throw new LoadError(faultAt(file, `it needs the plugin "${missing}", which is not loaded`), true);
    const conflict = findConflict(slot, build.methods, slots, claimed);
    if (conflict) throw new LoadError(conflict, true);
    claimed.set(slot, build.methods);
    try {
      if (migrations.length > 0) await migratePlugin(parts, slot.name, migrations, file);
      await swap(slot, parts.run(slot, build, tally), commit);
    } finally {
      claimed.delete(slot);
    }
  }

  function loaded(slot: Slot, build: Build): void {
    const { source, manifest, leftOut } = build;
    slot.builds += 1;
    slot.fault = leftOut[0] ?? null;
    for (const fault of leftOut) reports.fault(fault, `plugin ${slot.name}, left out`);
    const fields = { plugin: slot.name, version: manifest.version, build: source.build, builds: slot.builds };
    log.info(fields, 'plugin loaded');
    if (wantsNewer(manifest)) {
      log.warn(
        { ...fields, wants: manifest.api, api: pluginApi },
        `plugin ${slot.name} was written for a newer roost/plugin`,
      );
    }
    if (slot.builds % buildsMany === 0) log.warn(fields, 'old builds stay in memory: start the node again some time');
    tell(slot, 'loaded');
    retryWaiting();
  }

  function refuse(slot: Slot, source: Source, error: unknown): void {
    slot.fault = locate(error, source, source.manifest ?? { path: source.path, shown: source.shown, text: '' });
    slot.waits = error instanceof LoadError && error.waits;
    if (slot.waits) waiting.add(slot);
    else if (!isAway(error) || retries.add(slot, source)) reports.fault(slot.fault, `plugin ${slot.name}`);
  }

  async function remove(slot: Slot): Promise<void> {
    await retire(slot, commit);
    log.info({ plugin: slot.name }, 'plugin removed');
    tell(slot, 'removed');
    retryWaiting();
  }

  /** What another plugin kept from loading may load now. */
  function retryWaiting(): void {
    for (const slot of slots) {
      const { tried } = slot;
      if (slot.waits && tried) void tryNow(slot, tried);
    }
  }

  function find(name: string): Slot {
    const slot = slots.find((other) => other.name === name);
    if (!slot) throw new HostError('plugin.unknown', `No plugin "${name}" is loaded`);
    return slot;
  }

  function tell(slot: Slot, what: string): void {
    const build = slot.current?.build.source.build;
    const message = `plugin ${slot.name} ${what}`;
    reports.watch({
      what: 'reload',
      path: slot.shown,
      message,
      at: parts.clock.now(),
      ...(build === undefined ? {} : { build }),
    });
  }

  async function goBack(slot: Slot): Promise<void> {
    const build = formerOf(slot);
    try {
      await takeOver(slot, build, newTally(slot));
    } catch (error) {
      const { message } = locate(error, build.source, build.source.manifest ?? { ...build.source, text: '' });
      throw new HostError('plugin.not-loaded', `Plugin ${slot.name} did not go back: ${message}`);
    }
    slot.former = slot.former.slice(0, -1);
    slot.fault = null;
    log.info({ plugin: slot.name, build: build.source.build }, 'plugin rolled back');
    tell(slot, 'rolled back');
  }

  return {
    slots: () => slots,
    async start() {
      busy += 1;
      for (const job of await findChanges()) await job();
      // Those that waited for another: what they do at their start is done before anybody comes in.
      while (busy > 1) await Promise.all(slots.map(({ queue }) => queue));
      busy -= 1;
      tellWaiting();
      unwatch = await parts.watch(
        parts.roots.map(({ path }) => path),
        look,
      );
      // What changed between the first look and the watch.
      look();
    },
    async stop() {
      closed = true;
      retries.stop();
      await unwatch();
      await looking;
      for (const slot of [...slots].reverse()) {
        await slot.queue;
        await retire(slot, commit);
      }
    },
    async rollback(name) {
      const slot = find(name);
      let outcome: { readonly error: unknown } | null = null;
      await inTurn(slot, () =>
        goBack(slot).catch((error: unknown) => {
          outcome = { error };
        }),
      );
      if (outcome) throw (outcome as { readonly error: unknown }).error;
      return slot;
    },
    async reload(name, unheard) {
      look();
      await looking;
      const asked = name === undefined ? slots : [find(name)];
      const heard = asked.filter((slot) => !unheard.has(slot.name));
      const [slot] = name === undefined ? [] : asked;
      if (!slot) {
        await Promise.all(heard.map(({ queue }) => queue));
        return asked;
      }
      const { builds, tried } = slot;
      // What was found changed is loaded already.
      const job = inTurn(slot, async () => {
        if (tried && slot.builds === builds) await load(slot, tried, true);
      });
      if (heard.length === 0) return asked;
      await job;
      if (slot.builds === builds)
        throw new HostError(
          'plugin.not-loaded',
          `Plugin ${slot.name} did not load: ${slot.fault?.message ?? 'it is gone'}`,
        );
      return asked;
    },
  };
}

/** A second plugin of one name is `chat#2`, in the order of the folders. */
function newSlot(source: Source, before: readonly Slot[]): Slot {
  const same = before.filter(({ name }) => name.split('#')[0] === source.name).length;
  return createSlot(same === 0 ? source.name : `${source.name}#${same + 1}`, source);
}

/** Whether it was the database that kept it from loading: the same files may load in a moment. */
function isAway(error: unknown): boolean {
  return error instanceof HostError && (error.code === 'store.busy' || error.code === 'store.failed');
}

/** The same files were tried before, with the same right to be loaded. */
function isTried({ tried }: Slot, source: Source): boolean {
  return tried?.build === source.build && tried.refused?.message === source.refused?.message;
}
