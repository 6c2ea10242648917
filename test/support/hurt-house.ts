/**
 * A house to do harm in: a game of ten zones, a player walking in each, one object for every way to fail, and eyes on
 * everything that must not happen meanwhile.
 */
import { readFileSync } from 'node:fs';
import type { Delta, Snapshot, WatchMessage, ZoneMessage } from '../../core/contract/protocol.ts';
import type { Seen, TestClient } from './client.ts';
import { devtestScript, dormant, type Hurt } from './hurts.ts';
import { type LogLine, startTestNode, type TestNode } from './node.ts';
import { type Files, makeTrial, type Trial } from './trial.ts';

export const zoneCount = 10;
export const capMb = 512;

const walker = `import { defineObject } from 'roost';

export default defineObject({ body: { shape: 'circle', radius: 0.3 } });
`;

/** Counts the ticks of its zone: a tick that was lost or undone is one that it has not seen. */
const pulse = `import { defineObject } from 'roost';

export default defineObject({
  state: { beats: 0 },
  on: {
    tick(self) {
      self.state.beats += 1;
    },
  },
  methods: {
    read: { allow: 'view', durable: true, handle: (self) => self.state.beats },
  },
});
`;

function map(kinds: readonly string[]): string {
  const point = { width: 0, height: 0, rotation: 0, point: true, visible: true };
  const thing = (id: number, type: string, x: number, y: number) => ({ ...point, id, name: '', type, x, y });
  const layer = (id: number, name: string, objects: readonly object[]) => ({
    ...{ type: 'objectgroup', id, name, objects, opacity: 1, visible: true, x: 0, y: 0 },
  });
  const placed = ['pulse', ...kinds].map((kind, i) =>
    thing(i + 1, kind, 32 + (i % 6) * 64, 32 + Math.floor(i / 6) * 64),
  );
  return JSON.stringify({
    ...{ type: 'map', version: '1.10', orientation: 'orthogonal', renderorder: 'right-down', infinite: false },
    ...{ width: 16, height: 16, tilewidth: 32, tileheight: 32, tilesets: [], nextlayerid: 3, nextobjectid: 1000 },
    layers: [layer(1, 'things', placed), layer(2, 'areas', [{ ...thing(900, '', 256, 416), name: 'spawn' }])],
  });
}

export const pathOf = ({ name }: Hurt): string => `games/hurt/scripts/${name}.ts`;

function filesOf(hurts: readonly Hurt[]): Files {
  const zones = Array.from({ length: zoneCount }, (_, i) => i);
  const helpers = ['pebble', 'stillborn', 'lib/arm', 'lib/burn'];
  return {
    'games/hurt/game.json': JSON.stringify({
      title: 'Hurt',
      start: 'z0',
      character: 'walker',
      zones: Object.fromEntries(zones.map((i) => [`z${i}`, { map: `maps/z${i}.tmj` }])),
    }),
    'games/hurt/scripts/walker.ts': walker,
    'games/hurt/scripts/pulse.ts': pulse,
    ...Object.fromEntries(helpers.map((name) => [`games/hurt/scripts/${name}.ts`, devtestScript(name)])),
    ...Object.fromEntries(
      zones.map((i) => [
        `games/hurt/maps/z${i}.tmj`,
        map(hurts.filter((_, n) => n % zoneCount === i).map(({ name }) => name)),
      ]),
    ),
    ...Object.fromEntries(hurts.map((hurt) => [pathOf(hurt), dormant(hurt)])),
  };
}

/** A player who walks up and down in a zone and counts what is lost. */
export class Walker {
  readonly client: TestClient;
  readonly zone: string;
  /** Ticks whose number went by without the zone's scripts having run. */
  lost = 0;
  /** Snapshots after the first: the zone was somewhere else. */
  lives = 0;
  disconnects = 0;
  /** The longest time between two messages of the zone, in milliseconds; to be read, never to be judged. */
  longestMs = 0;
  readonly #socket: string | undefined;
  readonly #timer: NodeJS.Timeout;
  #last: { tick: number; beats: number } | null = null;
  #at = 0;

  constructor(client: TestClient, zone: string) {
    this.client = client;
    this.zone = zone;
    this.#socket = client.socket.id;
    client.socket.on('disconnect', () => this.disconnects++);
    client.socket.on('snapshot', (snapshot: Snapshot) => {
      this.lives++;
      this.#last = null;
      this.#count(snapshot.t);
    });
    client.socket.on('delta', (delta: Delta) => this.#count(delta.t));
    let seq = 0;
    this.#timer = setInterval(() => {
      seq++;
      client.socket.volatile.emit('input', { seq, x: seq % 40 < 20 ? 1 : -1, y: 0 });
    }, 100);
  }

  get sameSocket(): boolean {
    return this.client.socket.connected && this.client.socket.id === this.#socket;
  }

  get pulse(): Seen | undefined {
    return this.client.all('pulse')[0];
  }

  /** Resolves when the zone's scripts have run so many times more. */
  async beats(more: number): Promise<void> {
    const now = () => Number(this.pulse?.state.beats ?? 0);
    const from = now();
    // A zone that went back to its last commit counts from there.
    let least = from;
    await this.client.until(() => {
      least = Math.min(least, now());
      return now() >= least + more;
    });
  }

  forget(): void {
    this.lost = 0;
    this.lives = 0;
    this.longestMs = 0;
    this.#at = performance.now();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #count(tick: number): void {
    const now = performance.now();
    if (this.#at > 0) this.longestMs = Math.max(this.longestMs, now - this.#at);
    this.#at = now;
    const beats = Number(this.pulse?.state.beats ?? Number.NaN);
    if (this.#last) this.lost += tick - this.#last.tick - (beats - this.#last.beats);
    this.#last = Number.isNaN(beats) ? null : { tick, beats };
  }
}

/** The most memory that each process of the node ever had, looked at every 50 ms. */
export class MemoryWatch {
  nodeMb = 0;
  workerMb = 0;
  /** What the node has now. */
  nowMb = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(node: TestNode) {
    this.#timer = setInterval(() => {
      this.nowMb = residentMb(node.pid);
      this.nodeMb = Math.max(this.nodeMb, this.nowMb);
      for (const pid of childrenOf(node.pid)) this.workerMb = Math.max(this.workerMb, residentMb(pid));
    }, 50);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** Reads what a process says of itself; one that has gone has nothing. */
function proc(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

export function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(proc(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
}

function childrenOf(pid: number): readonly number[] {
  const list = proc(`/proc/${pid}/task/${pid}/children`).trim();
  return list === '' ? [] : list.split(' ').map(Number);
}

export class HurtHouse implements AsyncDisposable {
  readonly node: TestNode;
  readonly trial: Trial;
  readonly memory: MemoryWatch;
  /** What those who watch are told, in order. */
  readonly told: WatchMessage[] = [];
  walkers: readonly Walker[] = [];

  constructor(node: TestNode, trial: Trial) {
    this.node = node;
    this.trial = trial;
    this.memory = new MemoryWatch(node);
  }

  /** A player comes into every zone, and the first one watches. */
  async populate(): Promise<void> {
    const walkers: Walker[] = [];
    for (let i = 0; i < zoneCount; i++) {
      const client = await this.node.join(`Guest${i}`, `hurt/z${i}`);
      walkers.push(new Walker(client, `hurt/z${i}`));
    }
    this.walkers = walkers;
    const [first] = walkers;
    first?.client.socket.on('watch', (message: WatchMessage) => this.told.push(message));
    await first?.client.call('host.watch');
    await Promise.all(walkers.map((walker) => walker.beats(2)));
  }

  walkerIn(zone: string): Walker {
    const found = this.walkers.find((walker) => walker.zone === zone);
    if (!found) throw new Error(`nobody walks in ${zone}`);
    return found;
  }

  /** Process id of the worker that a zone runs in. */
  workerOf(zone: string): number {
    return Number(this.node.logs.findLast((line) => line.msg === 'zone runs' && line.zone === zone)?.worker);
  }

  /** The first message from `from` on that fits, waited for. */
  async hears(fits: (message: WatchMessage) => boolean, from: number): Promise<WatchMessage> {
    const [first] = this.walkers;
    if (!first) throw new Error('nobody watches');
    let next = from;
    return await first.client.until(() => {
      for (; next < this.told.length; next++) {
        const message = this.told[next] as WatchMessage;
        if (fits(message)) return message;
      }
      return undefined;
    });
  }

  leave(): void {
    for (const walker of this.walkers) {
      walker.stop();
      walker.client.close();
    }
    this.walkers = [];
    this.told.length = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.leave();
    this.memory.stop();
    await this.node[Symbol.asyncDispose]();
    await this.trial[Symbol.asyncDispose]();
  }
}

/** Whether the zone said that it was somewhere else and is back. */
export function recoveries({ client }: Walker): number {
  return client.messages.filter(({ event, data }) => event === 'zone' && (data as ZoneMessage).state === 'recovering')
    .length;
}

export async function openHurtHouse(hurts: readonly Hurt[]): Promise<HurtHouse> {
  const trial = await makeTrial(filesOf(hurts));
  const env = {
    ...{ ROOST_WORKERS: '2', ROOST_WORKER_MEMORY_MB: `${capMb}` },
    ...{ ROOST_METHOD_PER_SECOND: '1000', ROOST_METHOD_BURST: '1000' },
  };
  try {
    const house = new HurtHouse(await startTestNode({ game: 'hurt', roots: [trial.root], env }), trial);
    await house.populate();
    // From here on there is a build to go back to.
    const proven = (path: string) => (line: LogLine) =>
      line.msg === 'script passed its probation' && line.path === path;
    await Promise.all(hurts.map((hurt) => house.node.logged(proven(pathOf(hurt)))));
    return house;
  } catch (error) {
    await trial[Symbol.asyncDispose]();
    throw error;
  }
}
