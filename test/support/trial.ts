/** A game made for one test, in a folder of its own that the test may write to. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestClient } from './client.ts';
import { startTestNode, type TestNode, type TestNodeOptions } from './node.ts';

/** Path inside the root → text. */
export type Files = Readonly<Record<string, string>>;

export type Trial = AsyncDisposable & {
  readonly root: string;
  /** Writes a file of the root, as an editor would. */
  write(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
};

const walker = `import { defineObject } from 'roost';

export default defineObject({
  body: { shape: 'circle', radius: 0.3 },
  state: { steps: 0 },
  methods: {
    coin: {
      durable: true,
      handle(self) {
        return self.create('coin').id;
      },
    },
    post: {
      durable: true,
      params: { name: 'string' },
      handle(self, { params, world }) {
        return world.spawn('post', { at: self, name: params.name }).id;
      },
    },
    go: {
      params: { zone: 'string', at: 'string?' },
      handle(self, { params, world }) {
        world.goto(self, params.zone, params.at ?? 'spawn');
      },
    },
    where: {
      handle(self, { world }) {
        return { zone: world.zone, coins: self.contents('coin').map((coin) => coin.id) };
      },
    },
  },
});
`;

const post = `import { defineObject, list, maybe } from 'roost';

export default defineObject({
  body: { shape: 'circle', radius: 0.3, type: 'static' },
  look: { shape: 'circle', color: '#888888', label: 'Post' },
  state: { count: 0, gold: 0, beats: 0, friend: maybe<string>(), list: list<string | null>() },
  methods: {
    add: {
      allow: 'view',
      durable: true,
      handle(self) {
        self.state.count += 1;
        return self.state.count;
      },
    },
    bump: {
      allow: 'view',
      handle(self) {
        self.state.count += 1;
        return self.state.count;
      },
    },
    gild: {
      allow: 'view',
      durable: true,
      handle(self) {
        self.state.gold += 1;
        return self.state.gold;
      },
    },
    befriend: {
      allow: 'view',
      durable: true,
      params: { id: 'id' },
      handle(self, { params }) {
        self.state.friend = params.id;
        self.state.list = [params.id, null, self.id];
      },
    },
    wind: {
      allow: 'view',
      durable: true,
      params: { seconds: 'number' },
      handle(self, { params }) {
        self.every(params.seconds, 'beat');
      },
    },
    later: {
      allow: 'view',
      durable: true,
      params: { seconds: 'number' },
      handle(self, { params }) {
        self.after(params.seconds, 'once');
      },
    },
    shout: {
      allow: 'view',
      handle(self) {
        self.say('Here!');
      },
    },
  },
  timers: {
    beat(self, { world }) {
      self.state.beats += 1;
      world.spawn('mark', { at: self });
    },
    once(self, { world }) {
      world.spawn('mark', { at: self });
    },
  },
});
`;

const thing = `import { defineObject } from 'roost';

export default defineObject({});
`;

function map(objects: readonly object[]): string {
  const layer = (name: string, id: number, list: readonly object[]) => ({
    ...{ type: 'objectgroup', id, name, objects: list, opacity: 1, visible: true, x: 0, y: 0 },
  });
  const point = { width: 0, height: 0, rotation: 0, point: true, visible: true };
  return JSON.stringify({
    ...{ type: 'map', version: '1.10', orientation: 'orthogonal', renderorder: 'right-down', infinite: false },
    ...{ width: 16, height: 16, tilewidth: 32, tileheight: 32, tilesets: [], nextlayerid: 3, nextobjectid: 100 },
    layers: [
      layer(
        'things',
        1,
        objects.map((one) => ({ ...point, ...one })),
      ),
      layer('areas', 2, [
        { ...point, id: 90, name: 'spawn', type: '', x: 256, y: 256 },
        { ...point, id: 91, name: 'corner', type: '', x: 64, y: 96 },
      ]),
    ],
  });
}

const game = {
  title: 'Trial',
  start: 'yard',
  character: 'walker',
  zones: {
    yard: { map: 'maps/yard.tmj' },
    cave: { map: 'maps/cave.tmj' },
    cell: { width: 8, height: 8, capacity: 1 },
  },
};

/** A yard with a post named Post, a cave with one named Stone, and a cell for one player. */
export const trialFiles: Files = {
  'games/trial/game.json': JSON.stringify(game),
  'games/trial/maps/yard.tmj': map([{ id: 1, name: 'Post', type: 'post', x: 288, y: 256 }]),
  'games/trial/maps/cave.tmj': map([{ id: 1, name: 'Stone', type: 'post', x: 288, y: 256 }]),
  'games/trial/scripts/walker.ts': walker,
  'games/trial/scripts/post.ts': post,
  'games/trial/scripts/coin.ts': thing,
  'games/trial/scripts/mark.ts': thing,
};

/** A root with the game `trial`; more files, or others in their place, on top. */
export async function makeTrial(files: Files = {}): Promise<Trial> {
  const root = await mkdtemp(join(tmpdir(), 'roost-trial-'));
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  for (const [path, text] of Object.entries({ ...trialFiles, ...files })) await write(path, text);
  return {
    root,
    write,
    remove: (path) => rm(join(root, path)),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

export type TrialNode = AsyncDisposable & { readonly node: TestNode; readonly trial: Trial };

/** A node that has the game `trial`. */
export async function startTrial(options: TestNodeOptions = {}, files: Files = {}): Promise<TrialNode> {
  const trial = await makeTrial(files);
  try {
    const node = await startTestNode({ game: 'trial', roots: [trial.root], ...options });
    return {
      node,
      trial,
      async [Symbol.asyncDispose]() {
        await node[Symbol.asyncDispose]();
        await trial[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await trial[Symbol.asyncDispose]();
    throw error;
  }
}

/** What `object.call` answers. */
export type Act = { readonly tick: number; readonly result: unknown };

/** Calls a method of an object. */
export function act(
  client: TestClient,
  id: string,
  method: string,
  params: object = {},
  more: object = {},
): Promise<Act> {
  return client.call<Act>('object.call', { id, method, params, ...more });
}
