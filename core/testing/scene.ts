/** What a test wants simulated, turned into what a zone is loaded from. */
import type { Area, BodySpec, JsonObject, Look, MapObject, Point, Program, Solid } from '../contract/content.ts';
import type { ZoneContent } from '../contract/link.ts';
import type { Sources } from './sources.ts';

/** A kind without a file: with the body and look of your choice, or with the text of a whole script. */
export type PlainKind = {
  readonly kind: string;
  readonly body?: BodySpec;
  readonly look?: Look;
  readonly speed?: number;
  readonly state?: JsonObject;
  /** The text of a script, instead of all that. */
  readonly script?: string;
};

export type SceneOptions = {
  /** Other scripts that are there: the name of a kind, a path, or a plain kind. */
  readonly kinds?: readonly (string | URL | PlainKind)[];
  /** Metres, 20 unless given, or those of the map. */
  readonly width?: number;
  readonly height?: number;
  /** Its walls, areas and objects: `games/farmyard/maps/meadow.tmj`. */
  readonly map?: string | URL;
  /** Named places, beside those of the map. */
  readonly areas?: { readonly [name: string]: Point & { readonly width?: number; readonly height?: number } };
  /** Lines of points that nobody walks through, beside those of the map. */
  readonly walls?: readonly (readonly Point[])[];
  /** `world.settings`, beside those of the game. */
  readonly settings?: JsonObject;
  /** Public state of the zone at the beginning: `world.state`. */
  readonly world?: JsonObject;
  /** The kind of players' characters; that of the game unless given, else a plain one called `player`. */
  readonly character?: string;
  /** Metres at which something said is heard; 12 unless given. */
  readonly hearing?: number;
  /** Ticks per second; 20 unless given. */
  readonly tickRate?: number;
  /** False: nothing pushes or blocks anything. */
  readonly physics?: boolean;
};

/** A zone of a game, with its map and all scripts. */
export type ZoneOf = { readonly game: string; readonly zone: string };

export type Scene = {
  readonly zone: string;
  readonly content: ZoneContent;
  readonly programs: readonly Program[];
  /** Kind of the script that a test is about, null for a whole zone. */
  readonly subject: string | null;
  /** Reads the files again; `changed` is text instead of the file of a script. */
  compile(changed: ReadonlyMap<string, string>): readonly Program[];
};

/** A character that only stands and walks. */
const plainPlayer: PlainKind = { kind: 'player', body: { shape: 'circle', radius: 0.3 }, speed: 4 };
const defaultSide = 20;

export function readScene(sources: Sources, what: string | URL | ZoneOf, options: SceneOptions): Scene {
  return typeof what === 'string' || what instanceof URL
    ? sceneOf(sources, what, options)
    : sceneOfZone(sources, what, options);
}

function sceneOf(sources: Sources, what: string | URL, options: SceneOptions): Scene {
  const script = sources.find(what);
  const gameName = /^games\/([^/]+)\//.exec(script.path)?.[1] ?? null;
  const game = gameName === null ? null : sources.game(gameName).game;
  const asked = options.kinds ?? [];
  const named = new Set(asked.map((kind) => (typeof kind === 'object' && 'kind' in kind ? kind.kind : String(kind))));
  const character = options.character ?? (game && isThere(game.character) ? game.character : plainPlayer.kind);

  function isThere(kind: string): boolean {
    return named.has(kind) || kind === script.name || sources.findKind(kind, gameName) !== undefined;
  }

  /** The script, what the test asks for, and somebody to play. */
  function compile(changed: ReadonlyMap<string, string>): readonly Program[] {
    const programs = new Map<string, Program>();
    const add = (program: Program) => programs.set(`${program.role} ${program.name}`, program);
    add(sources.compile(script, changed.get(script.name)));
    for (const kind of asked) add(toProgram(sources, kind, gameName, changed));
    if (programs.has(`object ${character}`)) return [...programs.values()];
    const file = sources.findKind(character, gameName);
    if (file) add(sources.compile(file, changed.get(character)));
    else if (character === plainPlayer.kind) add(toProgram(sources, plainPlayer, gameName, changed));
    else throw new Error(unknownKind(character, [...programs.values()]));
    return [...programs.values()];
  }

  const map = options.map === undefined ? null : sources.map(options.map);
  const content: ZoneContent = {
    ...toContent(options, { ...emptyZone, settings: game?.settings ?? {}, character }),
    ...(map ? { solids: [...map.solids, ...toSolids(options)], areas: [...map.areas, ...toAreas(options)] } : {}),
    mapObjects: map?.objects ?? [],
  };
  const { width = defaultSide, height = defaultSide } = { ...map, ...sizeOf(options) };
  return {
    zone: `${gameName ?? 'test'}/${script.role === 'zone' ? script.name : 'yard'}`,
    content: { ...content, spec: { ...content.spec, width, height } },
    programs: compile(new Map()),
    subject: script.name,
    compile,
  };
}

function sceneOfZone(sources: Sources, what: ZoneOf, options: SceneOptions): Scene {
  const { game, maps } = sources.game(what.game);
  const spec = game.zones.find(({ name }) => name === what.zone);
  if (!spec) {
    const names = game.zones.map(({ name }) => name).join(', ');
    throw new Error(`The game ${what.game} has no zone ${what.zone}; it has ${names}`);
  }
  const map = maps.get(spec.name);
  const character = options.character ?? game.character;

  function compile(changed: ReadonlyMap<string, string>): readonly Program[] {
    const { objects, zones } = sources.scriptsOf(what.game);
    const files = [...objects, ...zones.filter(({ name }) => name === what.zone)];
    const programs = new Map(
      files.map((file) => [`${file.role} ${file.name}`, sources.compile(file, changed.get(file.name))]),
    );
    for (const kind of options.kinds ?? []) {
      const program = toProgram(sources, kind, what.game, changed);
      programs.set(`${program.role} ${program.name}`, program);
    }
    return [...programs.values()];
  }

  const base: ZoneContent = {
    ...{ spec, character, settings: game.settings, units: game.units },
    solids: map?.solids ?? [],
    areas: map?.areas ?? [],
    mapObjects: map?.objects ?? [],
  };
  return {
    zone: `${what.game}/${what.zone}`,
    content: { ...toContent(options, base), mapObjects: base.mapObjects },
    programs: compile(new Map()),
    subject: null,
    compile,
  };
}

function toProgram(
  sources: Sources,
  kind: string | URL | PlainKind,
  game: string | null,
  changed: ReadonlyMap<string, string>,
): Program {
  if (typeof kind === 'object' && 'kind' in kind) {
    const { kind: name, script, ...declared } = kind;
    const text =
      changed.get(name) ??
      script ??
      `import { defineObject } from 'roost';\nexport default defineObject(${JSON.stringify(declared)});\n`;
    return sources.compile({ root: '.', path: `scripts/${name}.ts`, name, role: 'object' }, text);
  }
  const file =
    typeof kind === 'string' && /^[a-z][a-z0-9-]*$/.test(kind) ? sources.findKind(kind, game) : sources.find(kind);
  if (!file) throw new Error(unknownKind(String(kind), []));
  return sources.compile(file, changed.get(file.name));
}

/** What to do about a kind that is not there. */
export function unknownKind(kind: string, programs: readonly Program[]): string {
  const there = programs.filter(({ role }) => role === 'object').map(({ name }) => name);
  const known = there.length > 0 ? ` (here are ${there.join(', ')})` : '';
  return `There is no kind ${kind}${known}. Give its script, kinds: ['${kind}'], or a plain one, kinds: [{ kind: '${kind}' }]`;
}

const emptyZone: Omit<ZoneContent, 'character' | 'settings'> & { readonly mapObjects: readonly MapObject[] } = {
  spec: {
    name: 'yard',
    map: null,
    capacity: 50,
    tickRate: 20,
    physics: { linearDamping: 4, angularDamping: 4 },
    awake: 'always',
    view: { radius: 24, cell: 8, most: 400 },
    hearing: 12,
    width: defaultSide,
    height: defaultSide,
  },
  units: { metre: 100, turn: 256 },
  solids: [],
  areas: [],
  mapObjects: [],
};

function toContent(options: SceneOptions, base: ZoneContent): ZoneContent {
  const { hearing = base.spec.hearing, tickRate = base.spec.tickRate } = options;
  const physics = options.physics === false ? null : base.spec.physics;
  return {
    ...base,
    spec: { ...base.spec, hearing, tickRate, physics, ...sizeOf(options) },
    settings: { ...base.settings, ...options.settings },
    solids: [...base.solids, ...toSolids(options)],
    areas: [...base.areas, ...toAreas(options)],
  };
}

function sizeOf({ width, height }: SceneOptions): { readonly width?: number; readonly height?: number } {
  return { ...(width === undefined ? {} : { width }), ...(height === undefined ? {} : { height }) };
}

function toSolids({ walls = [] }: SceneOptions): Solid[] {
  return walls.map((points) => ({ points, closed: false }));
}

function toAreas({ areas = {} }: SceneOptions): Area[] {
  return Object.entries(areas).map(([name, area]) => ({ width: 0, height: 0, ...area, name }));
}
