/** A crash under a supervisor: what systemd's `Restart=always` does, by the launcher that its unit starts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { TestClient } from '../support/client.ts';
import { act, makeTrial } from '../support/trial.ts';

const launcher = resolve(import.meta.dirname, '../../bin/roost.js');
const [yard, cave] = ['trial/yard', 'trial/cave'];

/** It counts what was paid in, rings for ever once it was wound, and goes off once. */
const post = `import { defineObject, list } from 'roost';

export default defineObject({
  state: { paid: 0, rung: 0, gone: 0, lines: list<string>() },
  methods: {
    pay: {
      allow: 'view',
      durable: true,
      handle(self) {
        self.state.paid += 1;
        return self.state.paid;
      },
    },
    write: {
      allow: 'view',
      durable: true,
      params: { line: 'string' },
      handle(self, { params }) {
        self.state.lines = [...self.state.lines, params.line];
      },
    },
    wind: {
      allow: 'view',
      durable: true,
      handle(self) {
        self.every(0.2, 'ring');
        self.after(3, 'off');
      },
    },
  },
  timers: {
    ring(self) {
      self.state.rung += 1;
    },
    off(self) {
      self.state.gone += 1;
    },
  },
});
`;

type Life = { readonly url: string; readonly pid: number };

/** Starts the program, and starts it again whenever it ends, until it is disposed of. */
class Supervisor implements AsyncDisposable {
  readonly #args: readonly string[];
  #child: ChildProcess | null = null;
  #over = false;
  #next = Promise.withResolvers<Life>();

  constructor(args: readonly string[]) {
    this.#args = args;
    this.#start();
  }

  #start(): void {
    const child = spawn(process.execPath, [launcher, 'start', ...this.#args], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    createInterface(child.stdout).once('line', (url) => this.#next.resolve({ url, pid: child.pid as number }));
    child.once('exit', () => {
      if (!this.#over) this.#start();
    });
  }

  /** The life that serves, or the next one that will. */
  life(): Promise<Life> {
    return this.#next.promise;
  }

  /** What no process can answer. @returns the life after it */
  async crash(): Promise<Life> {
    const { pid } = await this.life();
    this.#next = Promise.withResolvers();
    process.kill(pid, 'SIGKILL');
    return await this.life();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

it('PER-06 after a crash the supervisor starts the node again: timers, objects of every zone and owners are there', {
  timeout: 120_000,
}, async () => {
  await using trial = await makeTrial({ 'games/trial/scripts/post.ts': post });
  const data = await mkdtemp(join(tmpdir(), 'roost-supervised-'));
  const flags = ['--port', '0', '--data', data, '--game', 'trial', '--root', trial.root, '--workers', '1'];
  const clients: TestClient[] = [];
  const connect = async ({ url }: Life, auth: Record<string, string> = {}) => {
    const client = new TestClient(url, auth);
    clients.push(client);
    await client.connected();
    return client;
  };
  try {
    await using supervisor = new Supervisor([...flags, '--log', 'error']);
    const first = await supervisor.life();
    const [fox, hare] = [await connect(first), await connect(first)];
    await fox.enter(yard, 'Fox');
    await hare.enter(cave, 'Hare');
    const [here, there] = [(await fox.one('post')).id, (await hare.one('post')).id];
    expect((await act(fox, here, 'pay', {}, { once: 'first' })).result).toBe(1);
    const made = (await act(fox, fox.character, 'post', { name: 'New' })).result as string;
    await act(hare, there, 'write', { line: 'kept' });
    await act(fox, here, 'wind');
    await fox.until(() => Number(fox.objects.get(here)?.state.rung) >= 2);

    // The second crash comes while the first is being got over: nobody has entered yet.
    await supervisor.crash();
    const third = await supervisor.crash();
    expect(third.pid).not.toBe(first.pid);
    const [foxAgain, hareAgain] = [await connect(third, { resume: fox.resume }), await connect(third)];
    await foxAgain.enter(yard, 'Fox');
    await hareAgain.enter(cave, 'Hare');
    // Stored objects, of both zones.
    expect(foxAgain.objects.get(here)?.state).toMatchObject({ paid: 1 });
    expect(foxAgain.objects.get(made)).toMatchObject({ kind: 'post', name: 'New' });
    expect(hareAgain.objects.get(there)?.state).toMatchObject({ lines: ['kept'] });
    // The owner: what Fox did once stays done once.
    expect((await act(foxAgain, here, 'pay', {}, { once: 'first' })).result).toBe(1);
    expect((await act(foxAgain, here, 'pay')).result).toBe(2);
    // Events: the one goes on, the other goes off, once.
    const state = () => foxAgain.objects.get(here)?.state ?? {};
    await foxAgain.until(() => state().gone === 1);
    const rung = Number(state().rung);
    await foxAgain.until(() => Number(state().rung) >= rung + 5);
    expect(state().gone).toBe(1);
  } finally {
    for (const client of clients) client.close();
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  }
});
