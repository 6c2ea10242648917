import { type Brush, chance, curve, oval } from '../art/brush.ts';
import { drawBarn, drawFarmhouse, houseLights } from '../art/buildings.ts';
import * as plants from '../art/plants.ts';
import type { Lamp, Light } from '../art/sky.ts';
import type { Box, Sprites } from '../art/sprites.ts';
import * as yard from '../art/yard.ts';
import type { FarmMap, Plant } from './map.ts';

/** Something to draw in its turn, from the back of the picture to its front. */
export type Drawable = { readonly y: number; draw(c: Brush): void };
export type Moment = {
  readonly t: number;
  readonly light: Light;
  readonly sprites: Sprites;
  /** Where the own character stands; what hides it becomes thin. */
  readonly me: { readonly x: number; readonly y: number } | undefined;
};

/** How the wind bends things at a place, in metres a metre of height. */
export function wind(x: number, y: number, t: number): number {
  const gust = Math.sin(x * 0.35 + y * 0.21 - t * 1.5) * 0.5 + Math.sin(x * 0.12 - y * 0.05 - t * 0.6) * 0.5;
  return 0.05 + gust * 0.13 + Math.sin(t * 3.1 + x * 2.3 + y) * 0.025;
}

const tall: Box = { left: 2.2, up: 4.6, w: 4.4, h: 5.2 };
const small: Box = { left: 1.2, up: 2.4, w: 2.4, h: 3 };
const post: Box = { left: 0.3, up: 1.1, w: 1.7, h: 2 };
const wide: Box = { left: 1.6, up: 2.6, w: 3.2, h: 3.2 };

type Painter = {
  readonly box: Box;
  readonly sway: number;
  readonly variants: number;
  paint(c: Brush, seed: number): void;
};

/** Tiles of the layer `scenery` that are painted once and only lean in the wind. */
const painters: Readonly<Record<string, Painter>> = {
  oak: { box: tall, sway: 0.25, variants: 5, paint: (c, seed) => plants.drawOak(c, seed, false) },
  apple: { box: tall, sway: 0.25, variants: 3, paint: (c, seed) => plants.drawOak(c, seed, true) },
  pine: { box: tall, sway: 0.18, variants: 3, paint: plants.drawPine },
  birch: { box: tall, sway: 0.35, variants: 3, paint: plants.drawBirch },
  bush: { box: small, sway: 0.2, variants: 6, paint: plants.drawBush },
  rock: { box: small, sway: 0, variants: 3, paint: plants.drawRock },
  cabbage: { box: small, sway: 0.1, variants: 3, paint: plants.drawCabbage },
  pumpkin: { box: small, sway: 0, variants: 4, paint: plants.drawPumpkin },
  sunflower: { box: small, sway: 0.5, variants: 4, paint: plants.drawSunflower },
  mushroom: { box: small, sway: 0, variants: 2, paint: plants.drawMushrooms },
  well: { box: wide, sway: 0, variants: 1, paint: yard.drawWell },
  stump: { box: small, sway: 0, variants: 1, paint: yard.drawStump },
  beehive: { box: small, sway: 0, variants: 1, paint: yard.drawBeehive },
  logs: { box: small, sway: 0, variants: 1, paint: yard.drawLogs },
  coop: { box: wide, sway: 0, variants: 1, paint: yard.drawCoop },
  bench: { box: small, sway: 0, variants: 1, paint: yard.drawBench },
  haystack: { box: small, sway: 0, variants: 3, paint: yard.drawHaystack },
  shelf: { box: small, sway: 0, variants: 1, paint: yard.drawShelf },
  nest: { box: small, sway: 0, variants: 1, paint: yard.drawNest },
  trough: { box: small, sway: 0, variants: 1, paint: yard.drawTrough },
  bucket: { box: small, sway: 0, variants: 1, paint: yard.drawBucket },
  lamp: { box: small, sway: 0, variants: 1, paint: yard.drawLamp },
  post: { box: { left: 0.5, up: 3.2, w: 1, h: 3.6 }, sway: 0, variants: 1, paint: yard.drawPost },
};

/** Plants that bend as a whole: painted once for each bend. */
const bending: Readonly<Record<string, { readonly box: Box; paint(c: Brush, seed: number, lean: number): void }>> = {
  wheat: {
    box: { left: 0.9, up: 1.7, w: 1.8, h: 2.2 },
    paint: (c, seed, lean) => plants.drawWheat(c, seed, lean * 1.6),
  },
  reeds: {
    box: { left: 0.9, up: 1.9, w: 1.8, h: 2.3 },
    paint: (c, seed, lean) => plants.drawReeds(c, seed, lean * 1.4),
  },
  daisies: { box: small, paint: (c, seed, lean) => plants.drawFlowers(c, 'daisies', seed, lean) },
  poppies: { box: small, paint: (c, seed, lean) => plants.drawFlowers(c, 'poppies', seed, lean) },
  bluebells: { box: small, paint: (c, seed, lean) => plants.drawFlowers(c, 'bluebells', seed, lean) },
};

/** A lean as one of a few steps, so that its picture can be painted once. */
const bend = (lean: number) => Math.round(Math.min(0.36, Math.max(-0.36, lean)) / 0.045);

/** Leaves that throw a shadow: half its width. */
const shadows: Readonly<Record<string, number>> = {
  oak: 1.15,
  apple: 1,
  pine: 0.85,
  birch: 0.75,
  bush: 0.62,
  rock: 0.55,
  sunflower: 0.25,
};
const hides = new Set(['oak', 'apple', 'pine', 'birch']);

/** Everything of the map that stands upright, and the lamps in it. */
export class Scenery {
  readonly #plants: readonly (Plant & { readonly seed: number })[];
  readonly #fences: ReadonlySet<string>;
  readonly #map: FarmMap;
  readonly lamps: readonly Lamp[];

  constructor(map: FarmMap) {
    this.#map = map;
    this.#plants = map.plants.map((plant) => ({ ...plant, seed: chance(plant.x, plant.y) * 90 }));
    this.#fences = new Set(map.plants.filter(({ name }) => name === 'fence').map(({ x, y }) => `${x},${y}`));
    this.lamps = [
      ...map.plants.flatMap(({ name, x, y }) =>
        name === 'lantern'
          ? [{ x: x + 0.24, y: y - 0.6, radius: 4.6, strength: 1 }]
          : name === 'lamp'
            ? [{ x, y: y - 0.4, radius: 5.5, strength: 1 }]
            : [],
      ),
      ...(['farmhouse', 'barn'] as const).flatMap((name) => {
        const area = map.areas.get(name);
        if (area === undefined) return [];
        return houseLights[name].map(([x, y, radius, strength]) => ({
          x: area.x + x,
          y: area.y + area.height / 2 + y,
          radius,
          strength,
        }));
      }),
    ];
  }

  /** Chimneys that smoke. */
  get chimney(): { readonly x: number; readonly y: number; readonly z: number } | undefined {
    const house = this.#map.areas.get('farmhouse');
    return house && { x: house.x + house.width / 2 - 1.2, y: house.y + house.height / 2, z: 4.9 };
  }

  /** What stands within the view, in no order. */
  seen(view: { x: number; y: number; w: number; h: number }, moment: Moment): Drawable[] {
    const out: Drawable[] = [];
    for (const plant of this.#plants) {
      if (plant.x < view.x - 2.5 || plant.x > view.x + view.w + 2.5) continue;
      if (plant.y < view.y - 1 || plant.y > view.y + view.h + 5) continue;
      if (plant.name === 'lily') continue;
      out.push({ y: plant.name === 'nest' ? plant.y - 0.4 : plant.y, draw: (c) => this.#plant(c, plant, moment) });
    }
    for (const name of ['farmhouse', 'barn'] as const) {
      const area = this.#map.areas.get(name);
      if (area === undefined) continue;
      const front = area.y + area.height / 2;
      const box: Box = { left: area.width / 2 + 1.6, up: 6.4, w: area.width + 3.2, h: 6.8 };
      const paint = name === 'barn' ? drawBarn : drawFarmhouse;
      const behind =
        moment.me !== undefined &&
        moment.me.y < front - 0.5 &&
        moment.me.y > front - 6 &&
        Math.abs(moment.me.x - area.x) < area.width / 2 + 0.4;
      out.push({
        y: front,
        draw: (c) => {
          c.globalAlpha = behind ? 0.6 : 1;
          moment.sprites.stamp(c, name, box, area.x, front, (p) => paint(p, area.width, area.height));
          c.globalAlpha = 1;
        },
      });
    }
    return out;
  }

  /** What lies flat on the water. */
  drawAfloat(c: Brush): void {
    for (const { name, x, y, seed } of this.#plants) {
      if (name !== 'lily') continue;
      c.save();
      c.translate(x, y);
      plants.drawLily(c, seed);
      c.restore();
    }
  }

  #plant(c: Brush, { name, x, y, seed }: Plant & { readonly seed: number }, { t, light, sprites, me }: Moment): void {
    const lean = wind(x, y, t);
    const painter = painters[name];
    const rx = shadows[name];
    if (rx !== undefined)
      oval(
        c,
        x + light.lean * rx * 0.5,
        y + 0.02,
        rx * (1 + Math.abs(light.lean) * 0.3),
        rx * 0.42,
        'rgba(38, 46, 24, 0.24)',
      );
    if (painter !== undefined) {
      const variant = Math.floor(seed) % painter.variants;
      const foot = y + (hides.has(name) ? 0.3 : 0.25);
      const hidden = hides.has(name) && me !== undefined && me.y < y && me.y > y - 3.4 && Math.abs(me.x - x) < 1.3;
      if (hidden) c.globalAlpha = 0.5;
      sprites.sway(c, `${name}${variant}`, painter.box, x, foot, lean * painter.sway, (p) =>
        painter.paint(p, variant * 3.7 + 1),
      );
      c.globalAlpha = 1;
      return;
    }
    this.#small(c, name, x, y + 0.2, seed, lean, light.dark, sprites);
  }

  #small(
    c: Brush,
    name: string,
    x: number,
    y: number,
    seed: number,
    lean: number,
    dark: number,
    sprites: Sprites,
  ): void {
    const bender = bending[name];
    if (bender !== undefined) {
      const [variant, step] = [Math.floor(seed) % 5, bend(lean)];
      sprites.stamp(c, `${name}${variant},${step}`, bender.box, x, y, (p) =>
        bender.paint(p, variant * 3.7 + 1, step * 0.045),
      );
    } else if (name === 'fence') {
      const right = this.#fences.has(`${x + 1},${y - 0.2}`);
      const down = this.#fences.has(`${x},${y + 0.8}`);
      sprites.stamp(c, `fence${right}${down}`, post, x, y, (p) => yard.drawFence(p, right, down));
    } else if (name === 'lantern') {
      const lit = Math.round(dark * 4) / 4;
      sprites.stamp(c, `lantern${lit}`, small, x, y, (p) => yard.drawLantern(p, lit));
    } else if (name === 'scarecrow') {
      c.save();
      c.translate(x, y);
      yard.drawScarecrow(c, lean * 0.3);
      c.restore();
    }
  }
}

type Tuft = { readonly x: number; readonly y: number; readonly h: number; readonly hue: number };
const hues: readonly [string, ...string[]] = ['#6f9f3f', '#a4ca62', '#85b34c'];

/** Tufts of grass that bend in the wind and away from feet. */
export class Tufts {
  readonly #rows: Tuft[][] = [];

  constructor(map: FarmMap) {
    for (let y = 0; y < map.height; y++) {
      const row: Tuft[] = [];
      for (let x = 0; x < map.width; x++) {
        const name = map.groundAt(x, y);
        const n = name === 'wild' ? 5 : name === 'grass' ? 2 : 0;
        for (let i = 0; i < n; i++) {
          const seed = x * 31 + y * 17 + i;
          if (n === 2 && chance(seed, 1) > 0.72) continue;
          row.push({
            x: x + chance(seed, 2),
            y: y + chance(seed, 3),
            h: (n === 5 ? 0.28 : 0.18) + Math.floor(chance(seed, 4) * 3) * 0.05,
            hue: Math.floor(chance(seed, 5) * 3),
          });
        }
      }
      this.#rows.push(row);
    }
  }

  draw(
    c: Brush,
    view: { x: number; y: number; w: number; h: number },
    t: number,
    feet: readonly { x: number; y: number }[],
    sprites: Sprites,
  ): void {
    for (let y = Math.max(0, Math.floor(view.y)); y < Math.min(this.#rows.length, view.y + view.h + 1); y++) {
      for (const tuft of this.#rows[y] ?? []) {
        if (tuft.x < view.x - 0.3 || tuft.x > view.x + view.w + 0.3) continue;
        const step = bend(wind(tuft.x, tuft.y, t) * 0.8 + bent(tuft, feet));
        sprites.stamp(c, `tuft${tuft.hue},${tuft.h},${step}`, blade, tuft.x, tuft.y, (p) =>
          drawTuft(p, tuft, step * 0.045),
        );
      }
    }
  }
}

function bent({ x, y }: Tuft, feet: readonly { x: number; y: number }[]): number {
  for (const foot of feet) {
    const dx = x - foot.x;
    const dy = y - foot.y;
    const d = dx * dx + dy * dy;
    if (d < 0.35) return (dx < 0 ? -1 : 1) * (0.6 - d) * 0.5;
  }
  return 0;
}

const blade: Box = { left: 0.55, up: 0.5, w: 1.1, h: 0.55 };

function drawTuft(c: Brush, { h, hue }: Tuft, lean: number): void {
  for (const k of [-1, 0, 1])
    curve(
      c,
      hues[hue] ?? hues[0],
      0.045,
      [k * 0.05, 0],
      [k * 0.07, -h * 0.6],
      [k * 0.13 + lean, -h * (k === 0 ? 1.15 : 0.9)],
    );
}
