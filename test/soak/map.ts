/** A small Tiled map with things in rows and a spawn point. */

/** Path inside the root → text. */
export type Files = Readonly<Record<string, string>>;

const tile = 32;
const side = 16;

export function flatMap(things: readonly { readonly kind: string; readonly name?: string }[]): string {
  const point = { width: 0, height: 0, rotation: 0, point: true, visible: true };
  const layer = (id: number, name: string, objects: readonly object[]) => ({
    ...{ type: 'objectgroup', id, name, objects, opacity: 1, visible: true, x: 0, y: 0 },
  });
  const placed = things.map(({ kind, name = '' }, i) => ({
    ...{ ...point, id: i + 1, name, type: kind },
    ...{ x: (2 + (i % 6) * 2) * tile, y: (2 + Math.floor(i / 6) * 2) * tile },
  }));
  const spawn = { ...point, id: 900, name: 'spawn', type: '', x: 8 * tile, y: 12 * tile };
  return JSON.stringify({
    ...{ type: 'map', version: '1.10', orientation: 'orthogonal', renderorder: 'right-down', infinite: false },
    ...{ width: side, height: side, tilewidth: tile, tileheight: tile, tilesets: [] },
    ...{ nextlayerid: 3, nextobjectid: 1000 },
    layers: [layer(1, 'things', placed), layer(2, 'areas', [spawn])],
  });
}
