import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileText, Root } from '../../core/content/files.ts';
import { readMap } from '../../core/content/map.ts';
import type { ZoneMap } from '../../core/contract/content.ts';

const path = 'games/farm/maps/meadow.tmj';

/** A root with these files and nothing else. */
function rootOf(files: Readonly<Record<string, unknown>>): Root {
  const read = (file: string): FileText => {
    if (!Object.hasOwn(files, file)) return { kind: 'missing' };
    const content = files[file];
    return { kind: 'ok', text: typeof content === 'string' ? content : JSON.stringify(content) };
  };
  return { folder: '/root', read, list: () => ({ files: [], folders: [] }) };
}

const objects = (name: string, list: readonly object[]) => ({
  type: 'objectgroup',
  name,
  objects: list.map((object, i) => ({ id: i + 1, x: 0, y: 0, ...object })),
});
const tiles = (data: unknown, more: object = {}) => ({
  type: 'tilelayer',
  name: 'ground',
  width: 4,
  height: 3,
  data,
  ...more,
});
const tileset = {
  firstgid: 1,
  name: 'farm',
  image: '../client/farm.png',
  columns: 2,
  tilecount: 4,
  tilewidth: 32,
  tileheight: 32,
  tiles: [
    { id: 1, type: 'solid' },
    { id: 2, properties: [{ name: 'solid', type: 'bool', value: true }] },
    { id: 3, class: 'bush', properties: [{ name: 'berries', type: 'int', value: 5 }] },
  ],
};

/** 4 × 3 tiles of 32 pixels. */
const mapOf = (layers: readonly object[], more: object = {}) => ({
  type: 'map',
  orientation: 'orthogonal',
  width: 4,
  height: 3,
  tilewidth: 32,
  tileheight: 32,
  tilesets: [tileset],
  layers,
  ...more,
});

function read(map: unknown, files: Readonly<Record<string, unknown>> = {}) {
  return readMap(rootOf({ [path]: map, ...files }), path, 'games/farm');
}

function readOk(map: unknown, files: Readonly<Record<string, unknown>> = {}): ZoneMap {
  const outcome = read(map, files);
  if (outcome.kind === 'faults') throw new Error(outcome.faults[0]?.message);
  return outcome.map;
}

function faultOf(map: unknown, files: Readonly<Record<string, unknown>> = {}) {
  const outcome = read(map, files);
  return outcome.kind === 'faults' ? outcome.faults[0] : undefined;
}

describe('objects', () => {
  const one = (object: object) => readOk(mapOf([objects('things', [{ type: 'crate', ...object }])])).objects[0];

  it('have centres in metres and angles in radians, whatever corner Tiled turns them about', () => {
    expect(one({ x: 32, y: 32, width: 64, height: 32 })).toMatchObject({
      x: 2,
      y: 1.5,
      angle: 0,
      shape: { shape: 'box', width: 2, height: 1 },
    });
    const turned = one({ x: 64, y: 32, width: 64, height: 32, rotation: 90 });
    expect(turned?.x).toBeCloseTo(1.5);
    expect(turned?.y).toBeCloseTo(2);
    expect(turned?.angle).toBeCloseTo(Math.PI / 2);
    expect(one({ x: 32, y: 32, width: 32, height: 32, rotation: 450 })?.angle).toBeCloseTo(Math.PI / 2);
  });

  it('of a tile stand on their lower left corner, and take kind and properties from the tile', () => {
    expect(one({ type: '', gid: 4, x: 32, y: 64, width: 32, height: 32 })).toMatchObject({
      kind: 'bush',
      x: 1.5,
      y: 1.5,
      state: { berries: 5 },
    });
    const turned = one({ gid: 4, x: 64, y: 64, width: 32, height: 32, rotation: 90 });
    expect(turned?.x).toBeCloseTo(2.5);
    expect(turned?.y).toBeCloseTo(2.5);
  });

  it('are circles, polygons, points and lines', () => {
    expect(one({ x: 0, y: 0, width: 32, height: 32, ellipse: true })?.shape).toEqual({ shape: 'circle', radius: 0.5 });
    expect(one({ x: 0, y: 0, width: 64, height: 32, ellipse: true })?.shape).toMatchObject({ shape: 'polygon' });
    expect(one({ x: 16, y: 16, point: true })).toMatchObject({ x: 0.5, y: 0.5, shape: null });
    expect(
      one({
        x: 16,
        y: 16,
        polyline: [
          { x: 0, y: 0 },
          { x: 32, y: 0 },
        ],
      }),
    ).toMatchObject({ x: 1, shape: null });
    const triangle = one({
      x: 32,
      y: 32,
      rotation: 90,
      polygon: [
        { x: 0, y: 0 },
        { x: 0, y: 48 },
        { x: 48, y: 0 },
      ],
    });
    expect(triangle?.x).toBeCloseTo(0.5);
    expect(triangle?.y).toBeCloseTo(1.5);
    expect(triangle?.angle).toBeCloseTo(Math.PI / 2);
  });

  it('have their custom properties as state, and three that say more', () => {
    const properties = [
      { name: 'count', type: 'int', value: 3 },
      { name: 'ripe', type: 'bool', value: true },
      { name: 'tint', type: 'color', value: '#ff00aa00' },
      { name: 'target', type: 'object', value: 7 },
      { name: 'plot', type: 'class', propertytype: 'Plot', value: { rows: 2, soil: { wet: true } } },
      { name: 'body', type: 'string', value: 'static' },
      { name: 'words', type: 'string', value: 'quiet, old' },
    ];
    expect(one({ width: 32, height: 32, visible: false, properties })).toMatchObject({
      state: { count: 3, ripe: true, tint: '#ff00aa00', target: 7, plot: { rows: 2, soil: { wet: true } } },
      shape: { shape: 'box', type: 'static' },
      words: ['quiet', 'old', 'hidden'],
    });
    const physical = [{ name: 'physical', type: 'bool', value: false }];
    expect(one({ width: 32, height: 32, properties: physical })).toMatchObject({
      physical: false,
      shape: null,
      state: {},
    });
  });

  it.each<[string, object, RegExp]>([
    ['without a class', { type: '', width: 32, height: 32 }, /object 1 in layer "things": it has no class/],
    ['of a strange kind', { type: '../../x', width: 32, height: 32 }, /"..\/..\/x" is no kind/],
    ['from a template', { template: 'crate.tx' }, /object 1 in layer "things" is a template: not read/],
    ['that are text', { width: 32, height: 32, text: { text: 'hi' } }, /is a text: not read/],
    ['outside of the map', { x: 1000, y: 0, point: true }, /object 1 .* lies outside of the map/],
    ['too thin for a body', { width: 32, height: 1 }, /object 1 .*: height is 0.03125, wanted 0.1 to 100/],
    [
      'with a concave body',
      {
        polygon: [
          { x: 0, y: 0 },
          { x: 64, y: 0 },
          { x: 32, y: 8 },
          { x: 32, y: 64 },
        ],
      },
      /not convex/,
    ],
    [
      'with a property __proto__',
      { point: true, properties: [{ name: '__proto__', value: 1 }] },
      /a property "__proto__"/,
    ],
    [
      'with a file property',
      { point: true, properties: [{ name: 'a', type: 'file', value: 'x' }] },
      /of type "file": not read/,
    ],
    ['with NaN', { x: null, y: 'a' }, /"x" is not a number/],
    ['with a missing tile', { gid: 99, width: 32, height: 32 }, /shows a tile that is in no tileset/],
  ])('%s are refused by their id', (_, object, message) => {
    expect(faultOf(mapOf([objects('things', [{ type: 'crate', ...object }])]))?.message).toMatch(message);
  });

  it('are named with the line they stand in', () => {
    const text = JSON.stringify(mapOf([objects('things', [{ type: 'crate', point: true }, { type: 'No' }])]), null, 1);
    const line = text.split('\n').findLastIndex((row) => row.includes('"id": 2')) + 1;
    expect(faultOf(text)).toMatchObject({ file: path, line: line - 1 });
  });
});

describe('solids', () => {
  it('are outlines of solid tiles of all layers, with holes the other way round', () => {
    const ring = [2, 2, 2, 0, 2, 0, 0, 0, 2, 2, 2, 0];
    const rest = [0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1];
    const { solids } = readOk(mapOf([tiles(ring), tiles(rest)]));
    expect(solids.map(({ points }) => points.length)).toEqual([4, 4]);
    expect(solids[0]?.points).toContainEqual({ x: 3, y: 3 });
    expect(solids[1]?.points).toContainEqual({ x: 1, y: 1 });
    const signs = solids.map(({ points: [a, b, c] }) =>
      a && b && c ? Math.sign((b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x)) : 0,
    );
    expect(signs).toEqual([1, -1]);
  });

  it('surround exactly the solid tiles', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (cells) => {
        const { solids } = readOk(mapOf([tiles(cells.map((is) => (is ? 2 : 0)))]));
        cells.forEach((is, i) => {
          const [x, y] = [(i % 4) + 0.5, Math.floor(i / 4) + 0.5];
          let winding = 0;
          for (const { points } of solids) {
            points.forEach((a, at) => {
              const b = points[(at + 1) % points.length] ?? a;
              if (a.y > y !== b.y > y && a.x > x) winding += b.y > a.y ? 1 : -1;
            });
          }
          expect(winding).toBe(is ? 1 : 0);
        });
      }),
    );
  });

  it('are the objects of the layer "solid", filled ones clockwise', () => {
    const polygon = [
      { x: 0, y: 0 },
      { x: 0, y: 32 },
      { x: 32, y: 0 },
    ];
    const { solids } = readOk(
      mapOf([
        objects('solid', [
          { polygon },
          {
            x: 64,
            y: 0,
            polyline: [
              { x: 0, y: 0 },
              { x: 32, y: 32 },
            ],
          },
          { width: 32, height: 32, ellipse: true },
        ]),
      ]),
    );
    expect(solids.map(({ closed, points }) => [closed, points.length])).toEqual([
      [true, 3],
      [false, 2],
      [true, 24],
    ]);
    expect(solids[0]?.points).toEqual([
      { x: 1, y: 0 },
      { x: 0, y: 1 },
      { x: 0, y: 0 },
    ]);
  });
});

describe('areas', () => {
  it('are named boxes, points and polygons', () => {
    const { areas } = readOk(
      mapOf([
        {
          type: 'group',
          name: 'all',
          offsetx: 32,
          layers: [objects('areas', [{ name: 'pond', width: 32, height: 64 }])],
        },
        { ...objects('areas', [{ id: 9, name: 'spawn', x: 16, y: 16, point: true }]) },
        {
          ...objects('areas', [
            {
              id: 10,
              name: 'field',
              polygon: [
                { x: 0, y: 0 },
                { x: 64, y: 0 },
                { x: 0, y: 32 },
              ],
            },
          ]),
        },
      ]),
    );
    expect(areas).toEqual([
      { name: 'pond', x: 1.5, y: 1, width: 1, height: 2 },
      { name: 'spawn', x: 0.5, y: 0.5, width: 0, height: 0 },
      {
        name: 'field',
        x: 1,
        y: 0.5,
        width: 2,
        height: 1,
        points: [
          { x: 0, y: 0 },
          { x: 2, y: 0 },
          { x: 0, y: 1 },
        ],
      },
    ]);
  });

  it('without a name, or with that of another, are refused', () => {
    expect(faultOf(mapOf([objects('areas', [{ point: true }])]))?.message).toMatch(/object 1 .* has no name/);
    const twice = [
      { name: 'a', point: true },
      { name: 'a', point: true },
    ];
    expect(faultOf(mapOf([objects('areas', twice)]))?.message).toMatch(/object 2 .* another area is called "a"/);
  });
});

describe('tile layers', () => {
  const gids = [1, 0, 4, 0, 0, 0, 0x80000001, 0, 0, 0, 0, 3];
  const bytes = Buffer.alloc(48);
  gids.forEach((gid, i) => {
    bytes.writeUInt32LE(gid, i * 4);
  });

  it('are the same in every encoding; tiles are numbered by first use', () => {
    const layers = [
      tiles(gids),
      tiles(bytes.toString('base64'), { encoding: 'base64' }),
      tiles(deflateSync(bytes).toString('base64'), { encoding: 'base64', compression: 'zlib' }),
      tiles(gzipSync(bytes).toString('base64'), { encoding: 'base64', compression: 'gzip' }),
    ];
    const map = readOk(mapOf(layers));
    for (const layer of map.layers) expect(layer.data).toEqual([1, 0, 2, 0, 0, 0, 0x80000001, 0, 0, 0, 0, 3]);
    expect(map.tiles[1]).toEqual({ image: 'client/farm.png', x: 32, y: 32, width: 32, height: 32, name: 'bush' });
  });

  it.each<[string, unknown, object, RegExp]>([
    [
      'a bomb',
      deflateSync(Buffer.alloc(50_000_000)).toString('base64'),
      { encoding: 'base64', compression: 'zlib' },
      /cannot be unpacked/,
    ],
    [
      'another size',
      deflateSync(Buffer.alloc(4)).toString('base64'),
      { encoding: 'base64', compression: 'zlib' },
      /has 4 bytes/,
    ],
    ['zstd', 'AAAA', { encoding: 'base64', compression: 'zstd' }, /compression "zstd" is not read/],
    ['too few tiles', [1], {}, /has 1 tiles, wanted 12/],
    ['chunks', [], { chunks: [] }, /is infinite/],
    ['an unknown tile', new Array(12).fill(77), {}, /tile 77 is in no tileset/],
    ['no numbers', new Array(12).fill('1'), {}, /something that is no tile/],
    ['a huge size', [], { width: 1e9 }, /"width" is 1000000000/],
  ])('with %s are refused', (_, data, more, message) => {
    expect(faultOf(mapOf([tiles(data, more)]))?.message).toMatch(message);
  });
});

describe('files', () => {
  it('a tileset may be a .tsj inside the game; the hash is over both files', () => {
    const { firstgid: _, ...content } = tileset;
    const external = mapOf([tiles(new Array(12).fill(2))], { tilesets: [{ firstgid: 1, source: '../art/farm.tsj' }] });
    const first = readOk(external, { 'games/farm/art/farm.tsj': content });
    const second = readOk(external, { 'games/farm/art/farm.tsj': { ...content, spacing: 1 } });
    expect(first.solids).toHaveLength(1);
    expect(first.tiles[0]?.image).toBe('client/farm.png');
    expect(first.hash).toMatch(/^[0-9a-f]{12}$/);
    expect(second.hash).not.toBe(first.hash);
  });

  it.each([
    ['farm.tsx', /tileset "farm.tsx" is not read: export it as .tsj/],
    ['../../other/farm.tsj', /lies outside of the game/],
    ['../../../../etc/passwd', /lies outside of the game/],
    ['/etc/farm.tsj', /lies outside of the game/],
    ['gone.tsj', /there is no such file/],
  ])('tileset %s is refused', (source, message) => {
    expect(faultOf(mapOf([], { tilesets: [{ firstgid: 1, source }] }))?.message).toMatch(message);
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /not JSON/],
    ['half a map', '{"type":"map",', /this is not JSON/],
    ['a list', [], /the map is not an object/],
    ['isometric', mapOf([], { orientation: 'isometric' }), /the map is isometric/],
    ['infinite', mapOf([], { infinite: true }), /the map is infinite: switch it off/],
    ['a billion tiles', mapOf([], { width: 1e9 }), /"width" is 1000000000/],
    ['an image layer', mapOf([{ type: 'imagelayer', name: 'sky' }]), /layer "sky" is of type "imagelayer": not read/],
    ['groups without end', nested(40), /groups are nested deeper than 8/],
    [
      'two objects of one id',
      mapOf([
        objects('a', [
          { id: 1, type: 'x' },
          { id: 1, type: 'x' },
        ]),
      ]),
      /another object has this id/,
    ],
  ])('%s is refused', (_, map, message) => {
    expect(faultOf(map ?? '')?.message).toMatch(message);
  });

  it('the scale is a tile to the metre, or pixelsPerMetre', () => {
    const properties = [{ name: 'pixelsPerMetre', type: 'int', value: 16 }];
    expect(readOk(mapOf([]))).toMatchObject({ width: 4, height: 3, pixelsPerMetre: 32 });
    expect(readOk(mapOf([], { properties }))).toMatchObject({ width: 8, height: 6, pixelsPerMetre: 16 });
  });
});

describe('hostile maps', () => {
  const keys = [
    'type',
    'width',
    'objects',
    'layers',
    'data',
    'properties',
    'polygon',
    'gid',
    '__proto__',
    'name',
    'value',
  ];
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.jsonValue(),
      fc.constantFrom(Number.MAX_VALUE, -1, 1e9, 'class', 'objectgroup', 'tilelayer', '\u0000', '\ud800'),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom(...keys), tie('any'), { maxKeys: 6 }),
    ),
  })).any;

  it('M-2 are read or refused with a fault, never anything else', () => {
    const sound = mapOf([
      tiles(new Array(12).fill(2)),
      objects('solid', [{ width: 32, height: 32 }]),
      objects('areas', [{ name: 'a', point: true }]),
      objects('things', [
        { type: 'crate', width: 32, height: 32, properties: [{ name: 'a', type: 'class', value: { b: 1 } }] },
      ]),
    ]);
    const places = pathsIn(sound, []);
    fc.assert(
      fc.property(fc.constantFrom(...places), value, (at, hostile) => {
        const outcome = read(JSON.stringify(replaced(sound, at, hostile)));
        if (outcome.kind === 'faults')
          expect(outcome.faults[0]).toMatchObject({ file: path, message: expect.any(String) });
        else expect(JSON.stringify(outcome.map)).not.toMatch(/null,null|NaN/);
      }),
      { numRuns: 2000 },
    );
  });
});

function nested(levels: number): object {
  let layers: object[] = [];
  for (let i = 0; i < levels; i++) layers = [{ type: 'group', name: 'g', layers }];
  return mapOf(layers);
}

type Path = readonly (string | number)[];

/** The paths of all values in a value. */
function pathsIn(value: unknown, path: Path): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, part]) =>
      pathsIn(part, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

/** A copy with another value at a path. */
function replaced(value: unknown, path: Path, by: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  const copy: unknown = Array.isArray(value) ? [...value] : { ...(value as object) };
  const holder = copy as Record<string | number, unknown>;
  holder[key] = replaced(holder[key], rest, by);
  return copy;
}
