/** Starts the real methods in a process of their own, with plugins written by the test. Nothing of vitest is in there. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPinnedNode } from '../../bin/pinned.js';
import { type Config, type Settings, settings } from '../../core/config.ts';
import type { Json, JsonObject } from '../../core/contract/content.ts';
import type { Account, ZoneState } from '../../core/contract/ports.ts';
import type { Answer } from '../../core/contract/protocol.ts';

export type SessionSpec = {
  readonly via?: 'socket' | 'http';
  readonly address?: string;
  readonly loopback?: boolean;
  readonly owner?: string;
  readonly name?: string;
  readonly zone?: string;
  readonly character?: string;
  readonly privileges?: readonly string[];
  readonly account?: Account;
};

export type Command =
  | { readonly op: 'open'; readonly session: string; readonly spec: SessionSpec }
  | { readonly op: 'close'; readonly session: string }
  | { readonly op: 'call'; readonly session: string; readonly method: string; readonly params: unknown }
  | { readonly op: 'object'; readonly object: JsonObject; readonly seen: boolean }
  | { readonly op: 'zone'; readonly state: ZoneState['state'] }
  /** So many zones are loaded. */
  | { readonly op: 'zones'; readonly count: number }
  /** Moves the clocks on. */
  | { readonly op: 'later'; readonly seconds: number }
  | { readonly op: 'stop' };

export type ChildEvent =
  | { readonly event: 'ready' }
  | { readonly event: 'done'; readonly id: number; readonly result: Json }
  | { readonly event: 'log'; readonly level: string; readonly fields: JsonObject; readonly text: string }
  | { readonly event: 'watch'; readonly message: JsonObject }
  | { readonly event: 'sent'; readonly to: string; readonly name: string; readonly data: Json }
  | { readonly event: 'asked'; readonly zone: string; readonly ask: JsonObject }
  | { readonly event: 'told'; readonly zone: string; readonly message: JsonObject }
  | { readonly event: 'stray'; readonly blamed: boolean; readonly text: string };

type EventOf<Name extends ChildEvent['event']> = Extract<ChildEvent, { event: Name }>;

const node = findPinnedNode();
const child = fileURLToPath(new URL('./methods-child.ts', import.meta.url));
/** Only ends what would never come. */
const waitMs = 15_000;
const hooks = new URL('../../bin/hooks.js', import.meta.url).href;

export type Files = Readonly<Record<string, string>>;

export async function startMethods(files: Files = {}, given: Partial<Config> = {}): Promise<MethodsProcess> {
  if ('problem' in node) throw new Error(node.problem);
  const home = await mkdtemp(join(tmpdir(), 'roost-plugins-'));
  const folder = join(home, 'plugins');
  await mkdir(folder);
  const defaults = Object.entries(settings).map(([name, setting]) => [
    name,
    setting.default({ host: '127.0.0.1', production: false }),
  ]);
  const config = {
    ...(Object.fromEntries(defaults) as Settings),
    data: join(home, 'data'),
    plugins: [folder],
    game: 'farm',
    dev: true,
    ...given,
  };
  for (const [path, text] of Object.entries(files)) await write(folder, path, text);
  const forked = fork(child, [JSON.stringify({ config })], {
    execPath: node.path,
    execArgv: ['--import', hooks],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const methods = new MethodsProcess(forked, home);
  await methods.next('ready');
  return methods;
}

async function write(folder: string, path: string, text: string): Promise<void> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text, { mode: 0o644 });
}

export class MethodsProcess {
  /** The `--plugins` folder. */
  readonly folder: string;
  /** Everything that happened, oldest first. */
  readonly events: ChildEvent[] = [];
  readonly #child: ChildProcess;
  readonly #home: string;
  readonly #waiting = new Set<(ended?: Error) => void>();
  #lastFault = '';
  #calls = 0;

  constructor(child: ChildProcess, home: string) {
    this.#child = child;
    this.#home = home;
    this.folder = join(home, 'plugins');
    child.on('message', (event: ChildEvent) => {
      this.events.push(event);
      for (const look of this.#waiting) look();
    });
    child.once('exit', (code) => {
      for (const look of this.#waiting) look(new Error(`the process ended with ${code}`));
    });
  }

  write(path: string, text: string): Promise<void> {
    return write(this.folder, path, text);
  }
  remove(path: string): Promise<void> {
    return rm(join(this.folder, path), { recursive: true });
  }
  rename(from: string, to: string): Promise<void> {
    return rename(join(this.folder, from), join(this.folder, to));
  }

  /** The next event of this name that fits, from `since` on (default: from now on). */
  next<Name extends ChildEvent['event']>(
    name: Name,
    fits: (event: EventOf<Name>) => boolean = () => true,
    since = 0,
  ): Promise<EventOf<Name>> {
    let at = since;
    return new Promise((found, lost) => {
      const never = setTimeout(() => look(new Error(`no "${name}" came; the last were ${this.#last()}`)), waitMs);
      const look = (ended?: Error) => {
        for (; at < this.events.length; at++) {
          const event = this.events[at] as ChildEvent;
          if (event.event !== name || !fits(event as EventOf<Name>)) continue;
          clearTimeout(never);
          this.#waiting.delete(look);
          return found(event as EventOf<Name>);
        }
        if (!ended) return;
        this.#waiting.delete(look);
        lost(ended);
      };
      this.#waiting.add(look);
      look();
    });
  }

  #last(): string {
    return JSON.stringify(this.events.slice(-5)).slice(0, 2000);
  }

  /** Runs `work` and waits for the `watch` message that fits and came after its start. */
  async watched(work: () => Promise<void>, fits: (message: JsonObject) => boolean): Promise<JsonObject> {
    const since = this.events.length;
    await work();
    return (await this.next('watch', ({ message }) => fits(message), since)).message;
  }
  /** Runs `work` and waits until a plugin is loaded, rolled back or removed. */
  reloaded(plugin: string, work: () => Promise<void>, what = 'loaded'): Promise<JsonObject> {
    return this.watched(work, ({ message }) => message === `plugin ${plugin} ${what}`);
  }
  /**
   * Runs `work` and waits for the fault it causes. The one before may be told once more: the system may tell of one saved
   * file twice.
   */
  async faulty(work: () => Promise<void>): Promise<JsonObject> {
    const before = this.#lastFault;
    const isNew = ({ path, line, message }: JsonObject) => JSON.stringify([path, line, message]) !== before;
    const fault = await this.watched(work, (event) => event.what === 'error' && isNew(event));
    this.#lastFault = JSON.stringify([fault.path, fault.line, fault.message]);
    return fault;
  }

  async #send(command: Command): Promise<Json> {
    this.#calls += 1;
    const id = this.#calls;
    const since = this.events.length;
    this.#child.send({ id, command });
    return (await this.next('done', (event) => event.id === id, since)).result;
  }

  async open(session: string, spec: SessionSpec = {}): Promise<void> {
    await this.#send({ op: 'open', session, spec });
  }
  async close(session: string): Promise<void> {
    await this.#send({ op: 'close', session });
  }
  async call(session: string, method: string, params?: unknown): Promise<Answer> {
    return (await this.#send({ op: 'call', session, method, params })) as unknown as Answer;
  }
  async object(object: JsonObject, seen = true): Promise<void> {
    await this.#send({ op: 'object', object, seen });
  }
  async zone(state: ZoneState['state']): Promise<void> {
    await this.#send({ op: 'zone', state });
  }
  async zones(count: number): Promise<void> {
    await this.#send({ op: 'zones', count });
  }
  async later(seconds: number): Promise<void> {
    await this.#send({ op: 'later', seconds });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.connected) {
      const exit = once(this.#child, 'exit');
      await this.#send({ op: 'stop' });
      await exit;
    }
    await rm(this.#home, { recursive: true, force: true });
  }
}
