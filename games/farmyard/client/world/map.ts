import type { PageMap } from 'roost/client';

/** The map as the page needs it: what `/<game>/map/<zone>.json` says, with names for its tiles. */
export type Place = {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};
export type Plant = { readonly name: string; readonly x: number; readonly y: number };

export class FarmMap {
  readonly zone: string;
  readonly width: number;
  readonly height: number;
  /** Name of the ground tile of every cell, row by row. */
  readonly ground: readonly string[];
  /** Trees, fences, flowers: everything of the layer `scenery`, at the middle of its cell. */
  readonly plants: readonly Plant[];
  readonly areas: ReadonlyMap<string, Place>;
  /** A room under a roof: no sky, lamplight. */
  readonly inside: boolean;

  constructor(zone: string, served: PageMap) {
    this.zone = zone;
    this.width = served.width;
    this.height = served.height;
    const names = (layer: string) => {
      const data = served.layers.find(({ name }) => name === layer)?.data ?? [];
      return data.map((tile) => (tile === 0 ? '' : (served.tiles[(tile & 0x1fff_ffff) - 1]?.name ?? '')));
    };
    this.ground = names('ground');
    this.plants = names('scenery').flatMap((name, i) =>
      name === '' ? [] : [{ name, x: (i % this.width) + 0.5, y: Math.floor(i / this.width) + 0.5 }],
    );
    this.areas = new Map(served.areas.map((area) => [area.name, area]));
    this.inside = this.ground.includes('planks');
  }

  groundAt(x: number, y: number): string {
    return this.ground[Math.floor(y) * this.width + Math.floor(x)] ?? '';
  }

  /** Reads the map of a zone such as `farmyard/meadow`. @throws when the server does not have it. */
  static async load(zone: string): Promise<FarmMap> {
    const [game, name] = (zone.split(/[#@~]/)[0] ?? zone).split('/');
    const answer = await fetch(`/${game}/map/${name}.json`);
    if (!answer.ok) throw new Error(`The map of ${zone} cannot be read: ${answer.status}`);
    return new FarmMap(zone, (await answer.json()) as PageMap);
  }
}
