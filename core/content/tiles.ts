/** Tile layers and tilesets of a Tiled map. */
import { posix } from 'node:path';
import { gunzipSync, inflateSync } from 'node:zlib';
import type { Tile, TileLayer } from '../contract/content.ts';
import { type Properties, readProperties } from './properties.ts';
import { bool, has, int, list, type Raw, raws, str, toRaw } from './raw.ts';
import { type JsonPath, Wrong } from './wrong.ts';

export const tileLimits = { side: 256, layers: 16, tilesets: 32, tiles: 16_384 } as const;

/** A tile as its tileset has it. */
export type TilesetTile = Tile & { readonly solid: boolean; readonly properties: Properties };

export type Tileset = {
  readonly first: number;
  readonly alignment: string;
  /** The tile with that local id, made when first asked for. */
  readonly find: (local: number) => TilesetTile | undefined;
};

/** How Tiled marks a turned tile: bits 31, 30, 29; bit 28 is for hexagons. */
export const FLIPS = 0xe0000000;
const HEXAGONAL = 0x10000000;

const alignments = ['top', 'center', 'bottom'].flatMap((row) =>
  ['left', '', 'right'].map((column) => (row === 'center' ? column || row : `${row}${column}`)),
);

/**
 * @param raw    The tileset: embedded in the map, or the whole of a `.tsj`.
 * @param file   Path of the file it stands in; images are named relative to it and must stay inside `folder`.
 */
export function readTileset(raw: Raw, first: number, file: string, folder: string): Tileset {
  const tileCount = int(raw, 'tilecount', 0, 65_536);
  const columns = int(raw, 'columns', 0, 4096, 0);
  const [width, height] = [int(raw, 'tilewidth', 1, 4096), int(raw, 'tileheight', 1, 4096)];
  const [margin, spacing] = [int(raw, 'margin', 0, 4096, 0), int(raw, 'spacing', 0, 4096, 0)];
  const alignment = str(raw, 'objectalignment', 'unspecified');
  if (alignment !== 'unspecified' && !alignments.includes(alignment)) {
    throw new Wrong(`objectalignment "${alignment}" is not read`, [...raw.path, 'objectalignment']);
  }
  const sheet = has(raw, 'image') ? imagePath(raw, file, folder) : null;
  const described = new Map<number, Raw>();
  for (const tile of raws(raw, 'tiles', tileLimits.tiles, 'a tile')) {
    described.set(int(tile, 'id', 0, 0x0fffffff), tile);
  }
  const made = new Map<number, TilesetTile>();

  function make(local: number): TilesetTile | undefined {
    const tile = described.get(local);
    // A tileset of single images has no sheet, and ids with gaps.
    if (sheet === null ? !tile : local >= tileCount || columns === 0) return undefined;
    const what = `tile ${local} of tileset "${str(raw, 'name')}"`;
    const properties: Properties = tile ? readProperties(tile, what) : new Map();
    const name = tile ? str(tile, has(tile, 'class') ? 'class' : 'type') : '';
    const solid = name === 'solid' || properties.get('solid') === true;
    if (tile && sheet === null) {
      const image = has(tile, 'image') ? imagePath(tile, file, folder) : null;
      const size = {
        width: int(tile, 'imagewidth', 0, 8192, width),
        height: int(tile, 'imageheight', 0, 8192, height),
      };
      return { image, x: 0, y: 0, ...size, name, solid, properties };
    }
    const x = margin + (local % columns) * (width + spacing);
    const y = margin + Math.floor(local / columns) * (height + spacing);
    return { image: sheet, x, y, width, height, name, solid, properties };
  }

  return {
    first,
    alignment,
    find(local) {
      const known = made.get(local) ?? make(local);
      if (known) made.set(local, known);
      return known;
    },
  };
}

/** Path of an image inside the game's folder. */
function imagePath(raw: Raw, file: string, folder: string): string {
  const image = str(raw, 'image');
  const path = [...raw.path, 'image'];
  if (/^[a-z]+:|^\/|\\/i.test(image)) throw new Wrong(`image "${image}" is not a path beside the file`, path);
  const full = posix.join(posix.dirname(file), image);
  if (!full.startsWith(`${folder}/`)) throw new Wrong(`image "${image}" lies outside of the game`, path);
  return full.slice(folder.length + 1);
}

/** The tilesets of a map: from a global tile id to a tile. */
export type Tilesets = {
  find(gid: number): { readonly tile: TilesetTile; readonly tileset: Tileset } | undefined;
};

export function joinTilesets(sets: readonly Tileset[]): Tilesets {
  const byFirst = [...sets].sort((a, b) => b.first - a.first);
  return {
    find(gid) {
      const tileset = byFirst.find(({ first }) => first <= gid);
      const tile = tileset?.find(gid - tileset.first);
      return tileset && tile ? { tile, tileset } : undefined;
    },
  };
}

/** Collects the tiles that a map uses, in the order of their first use. */
export function createPalette(tilesets: Tilesets) {
  const indexes = new Map<number, number>();
  const used: TilesetTile[] = [];
  return {
    used,
    /** 1 + the index in `used`. */
    indexOf(gid: number, path: JsonPath): number {
      const known = indexes.get(gid);
      if (known !== undefined) return known;
      const found = tilesets.find(gid);
      if (!found) throw new Wrong(`tile ${gid} is in no tileset`, path);
      if (used.length >= tileLimits.tiles) throw new Wrong(`a map uses at most ${tileLimits.tiles} tiles`, path);
      indexes.set(gid, used.push(found.tile));
      return used.length;
    },
  };
}

/** A tile layer; also, for each cell, whether its tile is solid. */
export function readTileLayer(raw: Raw, columns: number, rows: number, palette: ReturnType<typeof createPalette>) {
  const name = str(raw, 'name');
  if (has(raw, 'chunks')) throw new Wrong(`layer "${name}" is infinite`, raw.path);
  const width = int(raw, 'width', 1, tileLimits.side);
  const height = int(raw, 'height', 1, tileLimits.side);
  if (width !== columns || height !== rows) {
    throw new Wrong(`layer "${name}" is ${width} × ${height} tiles, the map ${columns} × ${rows}`, raw.path);
  }
  const path = [...raw.path, 'data'];
  const data = readGids(raw, width * height).map((gid) => {
    if (gid === 0) return 0;
    if (gid & HEXAGONAL) throw new Wrong(`layer "${name}" has a tile of a hexagonal map`, path);
    return ((gid & FLIPS) | palette.indexOf((gid & ~FLIPS) >>> 0, path)) >>> 0;
  });
  const solid = data.map((tile) => tile !== 0 && palette.used[((tile & ~FLIPS) >>> 0) - 1]?.solid === true);
  return { layer: { name, width, height, data } satisfies TileLayer, solid };
}

/** Global tile ids, row by row. */
function readGids(raw: Raw, count: number): readonly number[] {
  const path = [...raw.path, 'data'];
  const name = str(raw, 'name');
  const encoding = str(raw, 'encoding', 'csv');
  const data = raw.value.data;
  let gids: readonly unknown[];
  if (encoding === 'csv') {
    gids = list(raw, 'data', count);
  } else if (encoding === 'base64' && typeof data === 'string') {
    gids = unpack(data, str(raw, 'compression'), count * 4, path);
  } else {
    throw new Wrong(`layer "${name}" is encoded as "${encoding}": not read`, path);
  }
  if (gids.length !== count) throw new Wrong(`layer "${name}" has ${gids.length} tiles, wanted ${count}`, path);
  return gids.map((gid) => {
    if (Number.isInteger(gid) && (gid as number) >= 0 && (gid as number) <= 0xffffffff) return gid as number;
    throw new Wrong(`layer "${name}" has something that is no tile`, path);
  });
}

function unpack(text: string, compression: string, bytes: number, path: JsonPath): readonly number[] {
  const packed = Buffer.from(text, 'base64');
  const data = inflate(packed, compression, bytes, path);
  if (data.length !== bytes) throw new Wrong(`the layer has ${data.length} bytes of tiles, wanted ${bytes}`, path);
  return Array.from({ length: bytes / 4 }, (_, i) => data.readUInt32LE(i * 4));
}

function inflate(packed: Buffer, compression: string, bytes: number, path: JsonPath): Buffer {
  try {
    if (compression === '') return packed;
    if (compression === 'zlib') return inflateSync(packed, { maxOutputLength: bytes });
    if (compression === 'gzip') return gunzipSync(packed, { maxOutputLength: bytes });
  } catch (error) {
    throw new Wrong(`the layer cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`, path);
  }
  throw new Wrong(`compression "${compression}" is not read: choose zlib or gzip`, path);
}

/** An external tileset: its raw content, checked to be one. */
export function toTileset(value: unknown): Raw {
  const raw = toRaw(value, [], 'the tileset');
  if (str(raw, 'type', 'tileset') !== 'tileset') throw new Wrong('this is not a tileset');
  if (bool(raw, 'infinite', false)) throw new Wrong('this is a map, not a tileset');
  return raw;
}
