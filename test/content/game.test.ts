import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { schemaPage } from '../../bin/docs.js';
import { openRoot } from '../../core/content/files.ts';
import { readGame } from '../../core/content/game.ts';
import type { Game } from '../../core/contract/content.ts';
import { temporaryRoot } from './temporary.ts';

const top = join(import.meta.dirname, '../..');
const map = JSON.stringify({
  type: 'map',
  width: 20,
  height: 10,
  tilewidth: 32,
  tileheight: 32,
  tilesets: [],
  layers: [],
});

function read(text: string, files: Readonly<Record<string, string>> = {}) {
  using made = temporaryRoot({ 'games/farm/game.json': text, 'games/farm/maps/meadow.tmj': map, ...files });
  return readGame(openRoot(made.folder), 'games/farm');
}

function readOk(value: object): Game {
  const outcome = read(JSON.stringify(value));
  if (outcome.kind === 'faults') throw new Error(JSON.stringify(outcome.faults));
  return outcome.game;
}

const faultsOf = (text: string) => {
  const outcome = read(text);
  return outcome.kind === 'faults' ? outcome.faults : [];
};

describe('game.json', () => {
  it('a map may be named without its folder', () => {
    const game = readOk({ character: 'farmer', zones: { meadow: { map: 'meadow.tmj' } } });
    expect(game.zones[0]?.map).toBe('games/farm/maps/meadow.tmj');
  });

  it('needs a character and a zone; the rest has defaults', () => {
    const game = readOk({ character: 'farmer', zones: { meadow: { map: 'maps/meadow.tmj' } } });
    expect(game).toMatchObject({
      name: 'farm',
      title: 'farm',
      dev: false,
      start: 'meadow',
      settings: {},
      units: { metre: 100, turn: 256 },
    });
    expect(game.zones).toEqual([
      {
        name: 'meadow',
        map: 'games/farm/maps/meadow.tmj',
        capacity: 50,
        tickRate: 20,
        physics: { linearDamping: 4, angularDamping: 4 },
        awake: 'players',
        view: { radius: 24, cell: 8, most: 400 },
        hearing: 12,
        width: 20,
        height: 10,
      },
    ]);
  });

  it('sets for all zones what a zone does not set itself', () => {
    const { zones } = readOk({
      character: 'farmer',
      start: 'hut',
      tickRate: 30,
      physics: { linearDamping: 1 },
      view: { radius: 10 },
      zones: { hut: { width: 8, height: 6, view: { cell: 4 } }, dream: { physics: false, tickRate: 10 } },
    });
    expect(zones[0]).toMatchObject({
      map: null,
      width: 8,
      height: 6,
      tickRate: 30,
      physics: { linearDamping: 1, angularDamping: 4 },
      view: { radius: 10, cell: 4, most: 400 },
    });
    expect(zones[1]).toMatchObject({ physics: null, tickRate: 10, width: 64 });
  });

  it.each<[string, string, number, number, RegExp]>([
    ['half a file', '{\n  "title": "Sad",\n}\n', 3, 1, /this is not JSON/],
    ['a wrong type', '{ "title": 7, "character": "a", "zones": { "b": {} } }', 1, 12, /"title": expected string/],
    ['an unknown key', '{ "character": "a",\n  "tickrate": 3, "zones": { "b": {} } }', 2, 3, /"tickrate" is not known/],
    [
      'an unknown key of a zone',
      '{ "character": "a", "zones": {\n "b": { "size": 1 } } }',
      2,
      9,
      /"zones.b.size" is not known/,
    ],
    ['a bad name', '{ "character": "a", "zones": {\n "B": {} } }', 2, 2, /a name is a small letter/],
    ['a missing character', '\n{ "zones": { "b": {} } }', 2, 1, /"character" is missing/],
    ['no zone', '{ "character": "a", "zones": {} }', 1, 30, /at least one zone/],
    ['a tick rate of 1000', '{ "character": "a", "tickRate": 1000, "zones": { "b": {} } }', 1, 33, /"tickRate": /],
    ['a start that is none', '{ "character": "a", "start": "c", "zones": { "b": {} } }', 1, 30, /there is no zone "c"/],
    ['no start of two', '{ "character": "a", "zones": { "b": {}, "c": {} } }', 1, 1, /says where it starts/],
    ['a map elsewhere', '{ "character": "a", "zones": { "b": { "map": "../x.tmj" } } }', 1, 46, /a map is a .tmj file/],
    [
      'a size beside a map',
      '{ "character": "a", "zones": { "b": { "map": "maps/meadow.tmj",\n "width": 9 } } }',
      2,
      11,
      /as large as its map/,
    ],
    [
      'a deep setting',
      `{ "character": "a", "zones": { "b": {} },\n "settings": { "x": ${'['.repeat(20)}${']'.repeat(20)} } }`,
      2,
      14,
      /nested deeper/,
    ],
    [
      'a setting __proto__',
      '{ "character": "a", "zones": { "b": {} },\n "settings": { "x": { "__proto__": 1 } } }',
      2,
      23,
      /__proto__/,
    ],
  ])('with %s is refused, located', (_, text, line, column, message) => {
    expect(faultsOf(text)).toContainEqual({
      file: 'games/farm/game.json',
      line,
      column,
      message: expect.stringMatching(message),
    });
  });

  it('tells all that is wrong at once, also in its maps', () => {
    const text =
      '{ "character": "a", "start": "x", "zones": { "b": { "map": "maps/gone.tmj" }, "c": { "map": "maps/bad.tmj" } } }';
    const outcome = read(text, { 'games/farm/maps/bad.tmj': '{ "width": "wide" }' });
    expect(outcome.kind === 'faults' && outcome.faults.map(({ file, message }) => `${file}: ${message}`)).toEqual([
      'games/farm/maps/gone.tmj: there is no such file',
      'games/farm/maps/bad.tmj: "width" is not a number',
      'games/farm/game.json: "start": there is no zone "x"',
    ]);
  });
});

it('the games that come with Roost are sound', () => {
  expect(readGame(openRoot(top), 'games/devtest')).toMatchObject({ kind: 'ok', game: { dev: true, start: 'den' } });
});

describe('zones that there are more than once', () => {
  const court = (more: object) => ({ character: 'farmer', zones: { court: more } });

  it('say so in game.json', () => {
    const [zone] = readOk(court({ instances: 3, dimensions: ['dream'], needs: 'vip', spectators: true })).zones;
    expect(zone).toMatchObject({ instances: 3, dimensions: ['dream'], needs: 'vip', spectators: 50 });
    expect(readOk(court({ owned: true, spectators: 7 })).zones[0]).toMatchObject({ owned: true, spectators: 7 });
    const [plain = {}] = readOk(court({ owned: false, spectators: false })).zones;
    for (const key of ['owned', 'instances', 'dimensions', 'needs', 'spectators'])
      expect(plain).not.toHaveProperty(key);
  });

  it('sleep when nobody is in them, whatever the game says of the others', () => {
    const zones = { court: { instances: 2 }, yard: {}, house: { owned: true } };
    const game = readOk({ character: 'farmer', start: 'yard', awake: 'always', zones });
    expect(game.zones.map(({ awake }) => awake)).toEqual(['players', 'always', 'players']);
  });

  it('are refused where they make no sense', () => {
    for (const wrong of [
      { owned: true, instances: 2 },
      { instances: 1 },
      { dimensions: ['dream', 'dream'] },
      { dimensions: ['Dream'] },
      { needs: 'V I P' },
      { owned: true, awake: 'always' },
      { instances: 2, awake: 'always' },
      { spectators: -1 },
    ])
      expect(faultsOf(JSON.stringify(court(wrong)))).toHaveLength(1);
  });
});

it('core/content/game.schema.json is what `npm run docs` makes', () => {
  expect(readFileSync(join(top, 'core/content/game.schema.json'), 'utf8')).toBe(schemaPage());
});
