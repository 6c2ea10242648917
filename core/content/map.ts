/** Tiled maps (`.tmj`) → ZoneMap: solids, areas, objects and tiles, in metres and radians. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { whyNotShape } from '../contract/body.ts';
import type { Area, Fault, MapObject, Point, Solid, TileLayer, ZoneMap } from '../contract/content.ts';
import { fileLimits, type Root } from './files.ts';
import { locate, parseJson } from './json.ts';
import { outline } from './outline.ts';
import { type Properties, readProperties, toStateWithout } from './properties.ts';
import { bool, has, int, num, type Raw, raws, str, toRaw } from './raw.ts';
import { boxOf, type Drawn, readDrawn, toBody, toShape } from './shapes.ts';
import {
  createPalette,
  joinTilesets,
  readTileLayer,
  readTileset,
  type Tileset,
  type Tilesets,
  tileLimits,
  toTileset,
} from './tiles.ts';
import { Wrong } from './wrong.ts';

export const mapLimits = {
  objects: 20_000,
  layers: 64,
  /** Groups in groups. */
  levels: 8,
  /** Corners of all solids. */
  corners: 100_000,
  /** Metres. */
  shortest: 2,
  longest: 1024,
} as const;

export type MapOutcome =
  | { readonly kind: 'ok'; readonly map: ZoneMap }
  | { readonly kind: 'faults'; readonly faults: readonly Fault[] };

/**
 * Reads a map and the tilesets it names.
 * @param path    Of the map inside the root: `games/farmyard/maps/meadow.tmj`.
 * @param folder  The game's folder inside the root: nothing outside of it is read or named.
 */
export function readMap(root: Root, path: string, folder: string): MapOutcome {
  const texts = new Map<string, string>();
  const load = (file: string): unknown => {
    const found = root.read(file, fileLimits.map);
    if (found.kind === 'missing') throw new Wrong('there is no such file', [], file);
    if (found.kind === 'refused') throw new Wrong(found.reason, [], file);
    texts.set(file, found.text);
    const parsed = parseJson(found.text);
    if (parsed.kind === 'wrong') throw { file, ...parsed } satisfies NotJson;
    return parsed.value;
  };
  try {
    const content = toContent(toRaw(load(path), [], 'the map'), path, folder, load);
    const hash = createHash('sha256');
    for (const [file, text] of [...texts].sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(`${file}\0${text}\0`);
    return { kind: 'ok', map: { ...content, hash: hash.digest('hex').slice(0, 12) } };
  } catch (error) {
    return { kind: 'faults', faults: [toFault(error, path, texts)] };
  }
}

type NotJson = { file: string; kind: 'wrong'; message: string; line: number; column: number };

function toFault(error: unknown, path: string, texts: ReadonlyMap<string, string>): Fault {
  if (error instanceof Wrong) {
    const file = error.file ?? path;
    const text = texts.get(file);
    const at = text === undefined ? { line: 0, column: 0 } : locate(text, error.path);
    return { file, ...at, message: error.message };
  }
  const { kind, file, line, column, message } = error as Partial<NotJson>;
  if (kind !== 'wrong' || file === undefined) throw error;
  return { file, line: line ?? 0, column: column ?? 0, message: message ?? '' };
}

/** What is read so far, and what is needed to read more. */
type Reading = {
  readonly pixelsPerMetre: number;
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  readonly tilesets: Tilesets;
  readonly palette: ReturnType<typeof createPalette>;
  readonly layers: TileLayer[];
  /** Cells with a solid tile in any layer. */
  readonly filled: boolean[];
  readonly solids: Solid[];
  readonly areas: Map<string, Area>;
  readonly objects: MapObject[];
  readonly ids: Set<number>;
  layerCount: number;
  corners: number;
};

function toContent(raw: Raw, path: string, folder: string, load: (file: string) => unknown): Omit<ZoneMap, 'hash'> {
  if (str(raw, 'type', 'map') !== 'map') throw new Wrong('this is not a Tiled map');
  const orientation = str(raw, 'orientation', 'orthogonal');
  if (orientation !== 'orthogonal') throw new Wrong(`the map is ${orientation}, wanted orthogonal`, ['orientation']);
  if (bool(raw, 'infinite', false)) {
    throw new Wrong('the map is infinite: switch it off in Map, Map Properties', ['infinite']);
  }
  const [columns, rows] = [int(raw, 'width', 1, tileLimits.side), int(raw, 'height', 1, tileLimits.side)];
  const [tileWidth, tileHeight] = [int(raw, 'tilewidth', 1, 1024), int(raw, 'tileheight', 1, 1024)];
  if (tileWidth !== tileHeight) throw new Wrong(`tiles are ${tileWidth} × ${tileHeight} pixels, wanted squares`);
  const pixelsPerMetre = scaleOf(readProperties(raw, 'the map'), tileWidth);
  const [width, height] = [(columns * tileWidth) / pixelsPerMetre, (rows * tileHeight) / pixelsPerMetre];
  for (const side of [width, height]) {
    if (side < mapLimits.shortest || side > mapLimits.longest) {
      throw new Wrong(`the map is ${width} × ${height} m, wanted ${mapLimits.shortest} to ${mapLimits.longest}`);
    }
  }
  const tilesets = joinTilesets(readTilesets(raw, path, folder, load));
  const palette = createPalette(tilesets);
  const reading: Reading = {
    ...{ pixelsPerMetre, width, height, columns, rows, tilesets, palette },
    layers: [],
    filled: new Array<boolean>(columns * rows).fill(false),
    solids: [],
    areas: new Map(),
    objects: [],
    ids: new Set(),
    layerCount: 0,
    corners: 0,
  };
  readLayers(raw, { x: 0, y: 0 }, 0, reading);
  const { layers, areas, objects } = reading;
  const solids = [...outline(reading.filled, columns, width / columns), ...reading.solids];
  const tiles = palette.used.map(({ solid: _, properties: __, ...tile }) => tile);
  return { width, height, pixelsPerMetre, layers, tiles, solids, areas: [...areas.values()], objects };
}

function scaleOf(properties: Properties, tileWidth: number): number {
  const scale = properties.get('pixelsPerMetre') ?? tileWidth;
  if (typeof scale === 'number' && scale >= 1 && scale <= 1024) return scale;
  throw new Wrong('the property "pixelsPerMetre" is a number from 1 to 1024', ['properties']);
}

function readTilesets(raw: Raw, path: string, folder: string, load: (file: string) => unknown): Tileset[] {
  return raws(raw, 'tilesets', tileLimits.tilesets, 'a tileset').map((entry) => {
    const first = int(entry, 'firstgid', 1, 0x0fffffff);
    if (!has(entry, 'source')) return readTileset(entry, first, path, folder);
    const source = str(entry, 'source');
    const file = posix.join(posix.dirname(path), source);
    if (source.startsWith('/') || source.includes('\\') || !file.startsWith(`${folder}/`)) {
      throw new Wrong(`tileset "${source}" lies outside of the game`, entry.path);
    }
    if (!file.endsWith('.tsj')) {
      throw new Wrong(`tileset "${source}" is not read: export it as .tsj, or embed it in the map`, entry.path);
    }
    try {
      return readTileset(toTileset(load(file)), first, file, folder);
    } catch (error) {
      throw error instanceof Wrong ? new Wrong(error.message, error.path, file) : error;
    }
  });
}

function readLayers(raw: Raw, offset: Point, level: number, reading: Reading): void {
  if (level > mapLimits.levels) throw new Wrong(`groups are nested deeper than ${mapLimits.levels}`, raw.path);
  for (const layer of raws(raw, 'layers', mapLimits.layers, 'a layer')) {
    if (++reading.layerCount > mapLimits.layers) throw new Wrong(`a map has at most ${mapLimits.layers} layers`);
    const name = str(layer, 'name');
    const at = { x: offset.x + num(layer, 'offsetx', 0), y: offset.y + num(layer, 'offsety', 0) };
    switch (str(layer, 'type')) {
      case 'group':
        readLayers(layer, at, level + 1, reading);
        break;
      case 'tilelayer':
        if (at.x !== 0 || at.y !== 0) throw new Wrong(`tile layer "${name}" has an offset: not read`, layer.path);
        addTiles(layer, reading);
        break;
      case 'objectgroup':
        for (const object of raws(layer, 'objects', mapLimits.objects, 'an object')) {
          addObject(object, name, at, reading);
        }
        break;
      default:
        throw new Wrong(`layer "${name}" is of type "${str(layer, 'type')}": not read`, layer.path);
    }
  }
}

function addTiles(raw: Raw, reading: Reading): void {
  if (reading.layers.length >= tileLimits.layers) {
    throw new Wrong(`a map has at most ${tileLimits.layers} tile layers`, raw.path);
  }
  const { layer, solid } = readTileLayer(raw, reading.columns, reading.rows, reading.palette);
  reading.layers.push(layer);
  solid.forEach((is, i) => {
    if (is) reading.filled[i] = true;
  });
}

function addObject(raw: Raw, layer: string, offset: Point, reading: Reading): void {
  const id = int(raw, 'id', 0, 0x7fffffff);
  const what = `object ${id} in layer "${layer}"`;
  if (reading.ids.has(id)) throw new Wrong(`${what}: another object has this id`, raw.path);
  if (reading.ids.size >= mapLimits.objects) throw new Wrong(`a map has at most ${mapLimits.objects} objects`);
  reading.ids.add(id);
  const drawn = readDrawn(raw, offset, reading.pixelsPerMetre, reading.tilesets, what);
  if (!isInside(drawn, reading)) throw new Wrong(`${what} lies outside of the map`, raw.path);
  if (layer === 'solid') addSolid(drawn, raw, what, reading);
  else if (layer === 'areas') addArea(drawn, raw, what, reading);
  else reading.objects.push(toObject(drawn, raw, id, what, reading));
}

function isInside({ x, y }: Point, { width, height }: Reading): boolean {
  return x >= 0 && y >= 0 && x <= width && y <= height;
}

function addSolid(drawn: Drawn, raw: Raw, what: string, reading: Reading): void {
  if (drawn.form === 'point') throw new Wrong(`${what} is a point, which blocks nothing`, raw.path);
  reading.corners += drawn.corners.length;
  if (reading.corners > mapLimits.corners) throw new Wrong(`solids have at most ${mapLimits.corners} corners`);
  reading.solids.push({ points: drawn.corners, closed: drawn.form !== 'polyline' });
}

function addArea(drawn: Drawn, raw: Raw, what: string, reading: Reading): void {
  const name = str(raw, 'name');
  if (!/^[^\p{C}]{1,64}$/u.test(name)) throw new Wrong(`${what} has no name of 1 to 64 characters`, raw.path);
  if (reading.areas.has(name)) throw new Wrong(`${what}: another area is called "${name}"`, raw.path);
  const { x, y, width, height, corners, form, angle } = drawn;
  if (form === 'point' || (form === 'box' && angle === 0)) {
    reading.areas.set(name, { name, x, y, width, height });
    return;
  }
  const box = boxOf(corners);
  reading.areas.set(name, { name, ...box.centre, width: box.width, height: box.height, points: corners });
}

/** Properties that say something to Roost and are no state. */
const spoken = new Set(['physical', 'words', 'body']);

function toObject(drawn: Drawn, raw: Raw, id: number, what: string, reading: Reading): MapObject {
  const tile = has(raw, 'gid') ? reading.tilesets.find((num(raw, 'gid') & 0x0fffffff) >>> 0)?.tile : undefined;
  const kind = (has(raw, 'class') ? str(raw, 'class') : str(raw, 'type')) || (tile?.name ?? '');
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(kind)) {
    const found = kind ? `"${kind}" is no kind` : 'it has no class, which is its kind';
    throw new Wrong(`${what}: ${found} (small letters, digits and -, at most 32)`, raw.path);
  }
  const name = str(raw, 'name');
  if (!/^[^\p{C}]{0,64}$/u.test(name)) throw new Wrong(`${what} has a name that is longer than 64`, raw.path);
  const inherited = [...(tile?.properties ?? [])].filter(([property]) => property !== 'solid');
  const properties: Properties = new Map([...inherited, ...readProperties(raw, what)]);
  const physical = properties.get('physical') ?? true;
  if (typeof physical !== 'boolean') throw new Wrong(`property "physical" of ${what} is true or false`, raw.path);
  const shape = physical ? toShape(drawn, raw, what) : null;
  const wrong = shape && whyNotShape(shape);
  if (wrong) throw new Wrong(`${what}: ${wrong}`, raw.path);
  const state = toStateWithout(properties, spoken);
  if (JSON.stringify(state).length > 16_384) throw new Wrong(`${what} has more than 16 KB of properties`, raw.path);
  return {
    tiledId: id,
    kind,
    name,
    x: drawn.x,
    y: drawn.y,
    angle: drawn.angle,
    shape: shape && toBody(shape, properties.get('body'), raw, what),
    state,
    words: wordsOf(properties, raw, what),
    physical,
  };
}

/** Words of an object: of its property `words`, and `hidden` when it is switched off in Tiled. */
function wordsOf(properties: Properties, raw: Raw, what: string): readonly string[] {
  const text = properties.get('words') ?? '';
  if (typeof text !== 'string') throw new Wrong(`property "words" of ${what} is text`, raw.path);
  const words = new Set(text.split(/[\s,]+/).filter((word) => word !== ''));
  if (!bool(raw, 'visible', true)) words.add('hidden');
  for (const word of words) {
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(word)) throw new Wrong(`"${word}" of ${what} is no word`, raw.path);
  }
  if (words.size > 16) throw new Wrong(`${what} has more than 16 words`, raw.path);
  return [...words];
}
