/**
 * A designer's files, changed at random: the games and maps there are, and a map with everything a map may have. They are
 * read, or refused with faults that name a file and a place; what was read makes a zone that runs.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FileText, Root } from '../../../core/content/files.ts';
import { readGame } from '../../../core/content/game.ts';
import { readMap } from '../../../core/content/map.ts';
import type { Fault, ZoneMap } from '../../../core/contract/content.ts';
import { encodeFrame } from '../../../core/link/pipe.ts';
import { mutants, runs } from '../../support/fuzz.ts';
import { content, startZone } from '../../zone/support.ts';

const home = join(import.meta.dirname, '../../..');
const mapPath = 'games/farm/maps/meadow.tmj';
const gamePath = 'games/farm/game.json';

/** A root with these files and nothing else. */
function rootOf(files: Readonly<Record<string, string>>): Root {
  const read = (path: string): FileText => {
    const text = Object.hasOwn(files, path) ? files[path] : undefined;
    return text === undefined ? { kind: 'missing' } : { kind: 'ok', text };
  };
  return { folder: '/root', read, list: () => ({ files: [], folders: [] }) };
}

const read = (path: string): unknown => JSON.parse(readFileSync(join(home, path), 'utf8'));
const games = readdirSync(join(home, 'games')).map((name) => read(`games/${name}/game.json`));
// A game may have no map.
const maps = readdirSync(join(home, 'games'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.includes('/maps/'))
  .map((path) => `games/${path}`)
  .filter((path) => path.endsWith('.tmj'))
  .map(read);

const layer = { opacity: 1, visible: true, x: 0, y: 0 };
/** Everything that a map may have, once. */
const rich = {
  ...{ type: 'map', version: '1.10', orientation: 'orthogonal', renderorder: 'right-down', infinite: false },
  ...{ width: 4, height: 3, tilewidth: 32, tileheight: 32, nextlayerid: 9, nextobjectid: 99 },
  properties: [{ name: 'pixelsPerMetre', type: 'int', value: 32 }],
  tilesets: [
    {
      ...{
        firstgid: 1,
        name: 'ground',
        tilewidth: 32,
        tileheight: 32,
        tilecount: 4,
        columns: 2,
        image: 'g.png',
        imagewidth: 64,
        imageheight: 64,
      },
      tiles: [
        { id: 1, properties: [{ name: 'solid', type: 'bool', value: true }] },
        {
          id: 2,
          type: 'crate',
          objectgroup: { type: 'objectgroup', objects: [{ id: 1, x: 0, y: 0, width: 8, height: 8 }] },
        },
      ],
    },
  ],
  layers: [
    {
      ...layer,
      type: 'tilelayer',
      id: 1,
      name: 'ground',
      width: 4,
      height: 3,
      data: [1, 1, 2, 1, 1, 1, 1, 1, 2147483649, 1, 1, 0],
    },
    {
      ...layer,
      type: 'tilelayer',
      id: 2,
      name: 'top',
      width: 4,
      height: 3,
      encoding: 'base64',
      data: Buffer.alloc(48).toString('base64'),
    },
    {
      ...{ ...layer, type: 'group', id: 3, name: 'all', offsetx: 2, offsety: 3 },
      layers: [
        {
          ...{ ...layer, type: 'objectgroup', id: 4, name: 'things' },
          objects: [
            { id: 1, name: 'a', type: 'crate', x: 32, y: 32, width: 16, height: 16, rotation: 30, visible: true },
            {
              id: 2,
              name: '',
              class: 'hen',
              x: 10,
              y: 10,
              width: 8,
              height: 8,
              ellipse: true,
              properties: [
                { name: 'mood', type: 'string', value: 'calm' },
                { name: 'bag', type: 'class', value: { eggs: 1 } },
              ],
            },
            {
              id: 3,
              name: '',
              type: 'post',
              x: 64,
              y: 64,
              width: 0,
              height: 0,
              point: true,
              properties: [{ name: 'static', type: 'bool', value: true }],
            },
            {
              id: 4,
              name: '',
              type: 'rock',
              x: 40,
              y: 40,
              width: 0,
              height: 0,
              polygon: [
                { x: 0, y: 0 },
                { x: 8, y: 0 },
                { x: 4, y: 8 },
              ],
            },
            { id: 5, name: '', type: 'tree', x: 40, y: 70, width: 32, height: 32, gid: 2 },
          ],
        },
      ],
    },
    {
      ...layer,
      type: 'objectgroup',
      id: 5,
      name: 'solid',
      objects: [
        { id: 6, x: 0, y: 0, width: 32, height: 8 },
        {
          id: 7,
          x: 60,
          y: 60,
          width: 0,
          height: 0,
          polyline: [
            { x: 0, y: 0 },
            { x: 20, y: 5 },
          ],
        },
      ],
    },
    {
      ...layer,
      type: 'objectgroup',
      id: 6,
      name: 'areas',
      objects: [
        { id: 8, name: 'spawn', x: 16, y: 16, width: 0, height: 0, point: true },
        { id: 9, name: 'pond', x: 50, y: 20, width: 20, height: 10 },
      ],
    },
  ],
};

/** As it would be saved: JSON, and now and then with some letters lost or doubled. */
function saved(of: readonly unknown[]): fc.Arbitrary<string> {
  const whole = mutants(fc.constantFrom(...of)).map((value) => JSON.stringify(value) ?? '');
  const torn = fc
    .tuple(fc.constantFrom(...of), fc.nat(), fc.nat({ max: 20 }), fc.string({ unit: 'binary', maxLength: 8 }))
    .map(([value, at, length, by]) => {
      const text = JSON.stringify(value);
      const from = at % text.length;
      return text.slice(0, from) + by + text.slice(from + length);
    });
  return fc.oneof({ weight: 5, arbitrary: whole }, { weight: 1, arbitrary: torn });
}

function expectFaults(faults: readonly Fault[], files: readonly string[]): void {
  expect(faults.length).toBeGreaterThan(0);
  for (const { file, line, column, message } of faults) {
    expect(files).toContain(file);
    expect(Number.isSafeInteger(line) && line >= 0 && Number.isSafeInteger(column) && column >= 0).toBe(true);
    expect(message.length).toBeGreaterThan(0);
    expect(message).not.toMatch(/is not a function|undefined \(reading|node_modules|Maximum call stack/);
  }
}

/** Whatever was taken for a number is one. */
function expectFinite(value: unknown): void {
  if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) expectFinite(part);
}

/** A zone is made of it and ticks; whatever it holds fits through the wire. */
function expectRuns({ width, height, solids, areas, objects }: ZoneMap): void {
  const zone = startZone({ content: content({ solids, areas, mapObjects: objects }, { width, height }) });
  zone.pass(0.2);
  for (const message of zone.sent) expect(encodeFrame(message)).not.toBeNull();
  zone.zone.dispose();
}

it('M-2 a map that is changed at random is read and makes a zone, or is refused with places', () => {
  fc.assert(
    fc.property(saved([rich, rich, ...maps]), (text) => {
      const outcome = readMap(rootOf({ [mapPath]: text }), mapPath, 'games/farm');
      if (outcome.kind === 'faults') return expectFaults(outcome.faults, [mapPath]);
      expectFinite(outcome.map);
      expectRuns(outcome.map);
    }),
    runs(300),
  );
});

it('the maps there are, and the one with everything, are read', () => {
  for (const map of [rich, ...maps])
    expect(readMap(rootOf({ [mapPath]: JSON.stringify(map) }), mapPath, 'games/farm')).toMatchObject({ kind: 'ok' });
});

it('a game.json that is changed at random is read, or refused with places', () => {
  fc.assert(
    fc.property(saved(games), (text) => {
      const outcome = readGame(rootOf({ [gamePath]: text }), 'games/farm');
      if (outcome.kind === 'faults') {
        const files = outcome.faults.map(({ file }) => file);
        expectFaults(outcome.faults, files);
        for (const file of files) expect(file).toMatch(/^games\/farm\//);
        return;
      }
      for (const zone of outcome.game.zones) {
        expect(zone.tickRate >= 10 && zone.tickRate <= 60 && zone.width <= 1_000_000).toBe(true);
        expectFinite(zone);
      }
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    }),
    runs(500),
  );
});
