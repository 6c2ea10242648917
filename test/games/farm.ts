/** Small farms for tests: the farmyard's scripts on a map that has only what a test needs. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestClient } from '../support/client.ts';
import { startTestNode, type TestNode } from '../support/node.ts';

const farmyard = fileURLToPath(new URL('../../games/farmyard', import.meta.url));

export type Placed = {
  readonly kind: string;
  readonly name?: string;
  /** Metres. */
  readonly x: number;
  readonly y: number;
  readonly state?: Readonly<Record<string, string>>;
};
export type Farm = { readonly node: TestNode } & AsyncDisposable;

/**
 * A node with the game `pocket` beside the farmyard: zones of 20 by 20 metres with these objects, people begin at
 * (10, 10). A zone called `meadow` has the meadow's sky; `pocket/barn` is there and empty.
 */
export async function openFarm(zones: Readonly<Record<string, readonly Placed[]>>, settings: object): Promise<Farm> {
  const root = await mkdtemp(join(tmpdir(), 'roost-farm-'));
  const game = join(root, 'games/pocket');
  await mkdir(join(game, 'maps'), { recursive: true });
  await cp(join(farmyard, 'scripts'), join(game, 'scripts'), { recursive: true });
  await cp(join(farmyard, 'zones'), join(game, 'zones'), { recursive: true });
  for (const [name, objects] of Object.entries(zones))
    await writeFile(join(game, `maps/${name}.tmj`), JSON.stringify(toMap(objects)));
  const maps = Object.fromEntries(Object.keys(zones).map((name) => [name, { map: `maps/${name}.tmj` }]));
  const file = { start: 'barn', character: 'farmer', zones: { ...maps, barn: { width: 12, height: 12 } }, settings };
  await writeFile(join(game, 'game.json'), JSON.stringify(file));
  const node = await startTestNode({ game: 'pocket', roots: [root] });
  return {
    node,
    async [Symbol.asyncDispose]() {
      await node[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** A map of points, 10 pixels a metre. */
function toMap(objects: readonly Placed[]) {
  const point = ({ kind, name = '', x, y, state = {} }: Placed, i: number) => ({
    ...{
      id: i + 1,
      name,
      type: kind,
      x: x * 10,
      y: y * 10,
      width: 0,
      height: 0,
      rotation: 0,
      visible: true,
      point: true,
    },
    properties: Object.entries(state).map(([key, value]) => ({ name: key, type: 'string', value })),
  });
  const places = [
    { kind: '', name: 'spawn', x: 10, y: 10 },
    { kind: '', name: 'kick-off', x: 9, y: 13 },
    { kind: '', name: 'den', x: 18, y: 18 },
  ];
  const layer = (id: number, name: string, items: readonly Placed[], from: number) => ({
    ...{ id, name, type: 'objectgroup', draworder: 'index', x: 0, y: 0, opacity: 1, visible: true },
    objects: items.map((item, i) => point(item, from + i)),
  });
  return {
    ...{ type: 'map', version: '1.10', orientation: 'orthogonal', renderorder: 'right-down', infinite: false },
    ...{ width: 20, height: 20, tilewidth: 10, tileheight: 10, nextlayerid: 3, nextobjectid: 1000, tilesets: [] },
    layers: [layer(1, 'areas', places, 900), layer(2, 'objects', objects, 0)],
  };
}

/** Walks straight to a place (frame units of 1/100 m) until nearer than `near` metres. */
export async function walk(
  client: TestClient,
  to: { readonly x: number; readonly y: number },
  near = 0.5,
): Promise<void> {
  let seq = 0;
  const steer = () => {
    const me = client.objects.get(client.character);
    if (me === undefined) return false;
    const [dx, dy] = [to.x - me.x, to.y - me.y];
    const far = Math.hypot(dx, dy);
    const there = far < near * 100;
    client.socket.emit('input', { seq: ++seq, x: there ? 0 : dx / far, y: there ? 0 : dy / far, run: false });
    return there;
  };
  await client.until(steer);
}
