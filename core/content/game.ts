/** `games/<game>/game.json` → Game. */
import { z } from 'zod';
import type { Fault, Game, Json, JsonObject, ZoneMap, ZoneSpec } from '../contract/content.ts';
import { fileLimits, type Root } from './files.ts';
import { locate, parseJson } from './json.ts';
import { mapLimits, readMap } from './map.ts';
import { capacityUsual, matchZones, modeFaults, modesOf, toModes } from './modes.ts';

export const gameLimits = { zones: 2_000, settingsBytes: 64 * 1024, settingsDepth: 16 } as const;

/** Of a zone that says `"spectators": true`. */
const spectatorsUsual = 50;

/** A name of a game, a zone, a kind or a script. Small letters only: no two differ by case. */
export const wellNamed = /^[a-z][a-z0-9-]{0,31}$/;

const name = z.string().regex(wellNamed, 'a name is a small letter, then small letters, digits and -, at most 32');
const metres = z.number().min(mapLimits.shortest).max(mapLimits.longest);

const view = z
  .strictObject({
    radius: z.number().min(2).max(200).optional().describe('Metres a player sees at least; 24 unless given.'),
    cell: z.number().min(1).max(64).optional().describe('Metres of a cell of the grid that views are made of; 8.'),
    most: z.int().min(10).max(5000).optional().describe('Objects a player sees at most, nearest first; 400.'),
  })
  .describe('What a player sees.');

const damping = z.number().min(0).max(100).optional();
const physics = z
  .union([
    z.boolean(),
    z.strictObject({
      linearDamping: damping.describe('How fast bodies slow down, per second; 4 unless given.'),
      angularDamping: damping.describe('How fast bodies stop to turn, per second; 4 unless given.'),
    }),
  ])
  .describe('false: nothing pushes or blocks anything.');

const percent = z.number().min(0.1).max(100).optional();
const cpu = z
  .strictObject({
    object: percent.describe('Of one object; as the settings of the server say unless given.'),
    kind: percent.describe('Of all objects of a kind; as the settings of the server say unless given.'),
    zone: percent.describe('Of the zone; never more than the settings of the server say.'),
  })
  .describe('Percent of a core that scripts may use before their ticks run less often.');

/** What a zone may say, and a game for all its zones. */
const zoneSettings = {
  capacity: z.int().min(1).max(5000).optional().describe('Players at a time; 50 unless given.'),
  tickRate: z.int().min(10).max(60).optional().describe('Ticks per second; 20 unless given.'),
  physics: physics.optional(),
  awake: z
    .enum(['players', 'always'])
    .optional()
    .describe('When the zone runs: with players in it (default), or always.'),
  view: view.optional(),
  hearing: z.number().min(0).max(200).optional().describe('Metres at which something said is heard; 12 unless given.'),
  cpu: cpu.optional(),
  spectators: z
    .union([z.boolean(), z.int().min(0).max(5000)])
    .optional()
    .describe(`How many may look at it without a character; true: ${spectatorsUsual}. Nobody unless given.`),
};

const zone = z.strictObject({
  map: z
    .string()
    .regex(
      /^(?:maps\/)?(?:[\w-]+\/)*[\w-]+\.tmj$/,
      'a map is a .tmj file in the folder maps of the game, like "maps/meadow.tmj"',
    )
    .optional()
    .describe('Tiled map in the folder maps, like "maps/meadow.tmj" or "meadow.tmj". The zone is as large as the map.'),
  width: metres.optional().describe('Metres, for a zone without a map; 64 unless given.'),
  height: metres.optional().describe('Metres, for a zone without a map; 64 unless given.'),
  owned: z
    .boolean()
    .optional()
    .describe('true: every account has one of its own, "game/zone@owner", open to whom it invites.'),
  instances: z
    .int()
    .min(2)
    .max(1000)
    .optional()
    .describe('So many of it at a time: "game/zone#2" opens when the first is full, and so on.'),
  dimensions: z
    .array(name)
    .min(1)
    .max(16)
    .refine((names) => new Set(names).size === names.length, 'a dimension is named twice')
    .optional()
    .describe('Others of it with the same map that share nothing with it: "dream" is "game/zone~dream".'),
  needs: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'a privilege is a small letter, then small letters, digits and -, at most 32')
    .optional()
    .describe('Privilege of who may come in, such as "vip".'),
  ...zoneSettings,
});

export const gameFile = z.strictObject({
  $schema: z.string().optional(),
  title: z.string().min(1).max(80).optional().describe('What people read; the name of the folder unless given.'),
  dev: z.boolean().optional().describe('true: the game exists for development and can only be entered there.'),
  start: name.optional().describe('The zone where players begin; needed when there is more than one.'),
  character: name.describe('The kind of the object that a player controls.'),
  zones: z
    .record(name, zone)
    .refine((zones) => Object.keys(zones).length >= 1, 'a game has at least one zone')
    .refine((zones) => Object.keys(zones).length <= gameLimits.zones, `a game has at most ${gameLimits.zones} zones`)
    .describe('Zones by name.'),
  modes: modesOf(name).optional(),
  settings: z.record(z.string(), z.json()).optional().describe('Whatever the scripts read as world.settings.'),
  units: z
    .strictObject({
      metre: z.int().min(1).max(1000).optional().describe('Steps of a metre that players are told; 100 unless given.'),
      turn: z.int().min(16).max(4096).optional().describe('Steps of a turn that players are told; 256 unless given.'),
    })
    .optional(),
  ...zoneSettings,
});

type GameFile = z.output<typeof gameFile>;
type ZoneFile = z.output<typeof zone>;

export type GameOutcome =
  | { readonly kind: 'ok'; readonly game: Game; readonly maps: ReadonlyMap<string, ZoneMap> }
  | { readonly kind: 'faults'; readonly faults: readonly Fault[] };

/**
 * Reads a game and the maps of its zones, by zone: their size is the zone's.
 * @param folder  Inside the root: `games/farmyard`.
 */
export function readGame(root: Root, folder: string): GameOutcome {
  const file = `${folder}/game.json`;
  const found = root.read(file, fileLimits.game);
  if (found.kind !== 'ok') {
    const message = found.kind === 'missing' ? 'there is no such file' : found.reason;
    return { kind: 'faults', faults: [{ file, line: 0, column: 0, message }] };
  }
  const parsed = parseJson(found.text);
  if (parsed.kind === 'wrong') {
    const { line, column, message } = parsed;
    return { kind: 'faults', faults: [{ file, line, column, message }] };
  }
  // zod leaves such a key out without a word.
  const hidden = findProto(parsed.value, []);
  if (hidden) {
    const message = 'no key may be called __proto__';
    return { kind: 'faults', faults: [{ file, ...locate(found.text, hidden, 'key'), message }] };
  }
  const checked = gameFile.safeParse(parsed.value);
  if (!checked.success)
    return { kind: 'faults', faults: checked.error.issues.flatMap((i) => toFaults(file, found.text, i)) };
  return toGame(root, folder, file, found.text, checked.data);
}

function toGame(root: Root, folder: string, file: string, text: string, given: GameFile): GameOutcome {
  const faults: Fault[] = [];
  const fault = (path: readonly string[], message: string) => {
    faults.push({ file, ...locate(text, path), message: `"${path.join('.')}": ${message}` });
  };
  const maps = new Map<string, ZoneMap>();
  const zones: ZoneSpec[] = [];
  for (const [zoneName, own] of Object.entries(given.zones)) {
    if (own.map === undefined) {
      zones.push(toZone(zoneName, own, given, null, own));
      continue;
    }
    if (own.width !== undefined || own.height !== undefined) {
      fault(
        ['zones', zoneName, own.width === undefined ? 'height' : 'width'],
        'a zone with a map is as large as its map',
      );
    }
    const path = `${folder}/${own.map.replace(/^(?!maps\/)/, 'maps/')}`;
    const outcome = readMap(root, path, folder);
    if (outcome.kind === 'faults') {
      faults.push(...outcome.faults);
      continue;
    }
    maps.set(zoneName, outcome.map);
    zones.push(toZone(zoneName, own, given, path, outcome.map));
  }
  for (const { name: zoneName, view } of zones) {
    if (view.radius > 16 * view.cell) fault(['zones', zoneName], 'the radius of its view is more than 16 cells');
  }
  for (const { path, message } of modeFaults(given)) fault(path, message);
  const modes = given.modes && toModes(given.modes);
  const matched = matchZones(modes ?? []);
  for (const { name: zoneName, owned: isOwned, instances } of zones) {
    const owned = isOwned || matched.has(zoneName);
    if (owned && instances !== undefined) fault(['zones', zoneName], 'a zone is either owned or has instances');
    if ((owned || instances !== undefined) && given.zones[zoneName]?.awake === 'always')
      fault(['zones', zoneName, 'awake'], 'a zone that people have many of sleeps when nobody is in it');
  }
  const names = Object.keys(given.zones);
  const start = given.start ?? names[0] ?? '';
  if (given.start === undefined && names.length > 1) fault(['start'], 'a game with several zones says where it starts');
  if (!names.includes(start)) fault(['start'], `there is no zone "${start}"`);
  const settings = (given.settings ?? {}) as JsonObject;
  const wrong = whyNotSettings(settings);
  if (wrong) fault(['settings'], wrong);
  if (faults.length > 0) return { kind: 'faults', faults };
  const gameName = folder.slice(folder.lastIndexOf('/') + 1);
  const { title = gameName, dev = false, character, units } = given;
  const game: Game = {
    ...{ name: gameName, title, dev, start, character, settings },
    zones: zones.map((spec) => (matched.has(spec.name) ? { ...spec, matched: true, awake: 'players' } : spec)),
    ...(modes === undefined ? {} : { modes }),
    units: { metre: units?.metre ?? 100, turn: units?.turn ?? 256 },
    folder: `${root.folder}/${folder}`,
  };
  return { kind: 'ok', game, maps };
}

type Size = { readonly width?: number | undefined; readonly height?: number | undefined };

/** What the zone says, else what the game says for all, else the default. */
function toZone(zoneName: string, own: ZoneFile, game: GameFile, map: string | null, size: Size): ZoneSpec {
  const pick = <K extends keyof typeof zoneSettings>(key: K) => own[key] ?? game[key];
  const given = pick('physics') ?? true;
  const damped = typeof given === 'object' ? given : {};
  const { owned, instances, dimensions, needs } = own;
  const watched = pick('spectators') ?? 0;
  const spectators = watched === true ? spectatorsUsual : Number(watched);
  return {
    name: zoneName,
    map,
    capacity: pick('capacity') ?? capacityUsual,
    tickRate: pick('tickRate') ?? 20,
    physics:
      given === false ? null : { linearDamping: damped.linearDamping ?? 4, angularDamping: damped.angularDamping ?? 4 },
    awake: (owned || instances !== undefined ? own.awake : pick('awake')) ?? 'players',
    view: {
      radius: own.view?.radius ?? game.view?.radius ?? 24,
      cell: own.view?.cell ?? game.view?.cell ?? 8,
      most: own.view?.most ?? game.view?.most ?? 400,
    },
    hearing: pick('hearing') ?? 12,
    ...(own.cpu || game.cpu ? { cpu: { ...game.cpu, ...own.cpu } as NonNullable<ZoneSpec['cpu']> } : {}),
    ...(owned === true ? { owned } : {}),
    ...(instances === undefined ? {} : { instances }),
    ...(dimensions === undefined ? {} : { dimensions }),
    ...(needs === undefined ? {} : { needs }),
    ...(spectators === 0 ? {} : { spectators }),
    width: size.width ?? 64,
    height: size.height ?? 64,
  };
}

function whyNotSettings(settings: JsonObject): string | null {
  if (depthOf(settings) > gameLimits.settingsDepth)
    return `settings are nested deeper than ${gameLimits.settingsDepth}`;
  const text = JSON.stringify(settings);
  if (Buffer.byteLength(text) > gameLimits.settingsBytes)
    return `settings are longer than ${gameLimits.settingsBytes} bytes`;
  return text.isWellFormed() && !text.includes('\\u0000') ? null : 'settings have malformed text';
}

/** The path of a key `__proto__`. */
function findProto(value: unknown, path: readonly (string | number)[]): readonly (string | number)[] | null {
  if (typeof value !== 'object' || value === null || path.length > 64) return null;
  for (const [key, part] of Object.entries(value)) {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    const found = key === '__proto__' ? here : findProto(part, here);
    if (found) return found;
  }
  return null;
}

function depthOf(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Object.values(value).reduce<number>((deepest, part) => Math.max(deepest, depthOf(part)), 0);
}

/** One fault for each unknown key, one for any other issue. */
function toFaults(file: string, text: string, issue: z.core.$ZodIssue): Fault[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const at = locate(text, [...path, key], 'key');
      return { file, ...at, message: `"${[...path, key].join('.')}" is not known` };
    });
  }
  if (issue.code === 'invalid_key') {
    const at = locate(text, path, 'key');
    return [{ file, ...at, message: `"${path.join('.')}": ${issue.issues[0]?.message ?? issue.message}` }];
  }
  const message = issue.message.replace(/^Invalid input: /, '');
  const isMissing = issue.code === 'invalid_type' && message.endsWith('received undefined');
  const found = path.length === 0 ? message : `"${path.join('.')}"${isMissing ? ' is missing' : `: ${message}`}`;
  return [{ file, ...locate(text, path), message: found }];
}

/** The JSON Schema that editors use: core/content/game.schema.json. */
export function gameSchema(): object {
  return { ...z.toJSONSchema(gameFile, { io: 'input', unrepresentable: 'any' }), title: 'A game of Roost' };
}
