import type { Pose } from './animals.ts';
import { type Brush, chanceOf, curve, line, oval, pick, poly, shade, slab } from './brush.ts';

/** What somebody wears; made from the id, so that everybody sees the same person. */
export type Outfit = {
  readonly skin: string;
  readonly hair: string;
  readonly shirt: string;
  readonly trousers: string;
  readonly hat: 'straw' | 'cap' | 'scarf' | 'flowers' | 'none';
  readonly hatColor: string;
};

const skins: readonly [string, ...string[]] = ['#f6d3b3', '#e9b98f', '#c98f62', '#9b6741', '#704628', '#fbdcc4'];
const hairs: readonly [string, ...string[]] = ['#4a2f20', '#2d211c', '#8a5527', '#d2a24c', '#b5482a', '#6d6a6b'];
const shirts: readonly [string, ...string[]] = [
  '#d9503f',
  '#f0b23a',
  '#3f8fb0',
  '#7a5ba8',
  '#e58aa0',
  '#3f9a78',
  '#f3ead8',
  '#e07b39',
];
const trousers: readonly [string, ...string[]] = ['#3f5a8a', '#4b6b4f', '#6b4a35', '#37475c', '#7a5d86'];

/** The outfit of a character, by its id. `hat` overrules, for presents. */
export function outfitOf(id: string, hat = ''): Outfit {
  const own = pick(['straw', 'cap', 'scarf', 'straw', 'none'] as const, chanceOf(id, 4));
  return {
    skin: pick(skins, chanceOf(id, 1)),
    hair: pick(hairs, chanceOf(id, 2)),
    shirt: pick(shirts, chanceOf(id, 3)),
    trousers: pick(trousers, chanceOf(id, 5)),
    hat: hat === 'flowers' ? 'flowers' : own,
    hatColor: pick(shirts, chanceOf(id, 6)),
  };
}

export const wilma: Outfit = {
  skin: '#f0c49c',
  hair: '#c9c4bd',
  shirt: '#b9573f',
  trousers: '#4f6d5a',
  hat: 'straw',
  hatColor: '#d9503f',
};

/** `clap`, `wave`, `dance`, `hold` (something overhead), or nothing. */
export type Gesture = '' | 'clap' | 'wave' | 'dance' | 'hold';

function arms(c: Brush, p: Pose, o: Outfit, gesture: Gesture): void {
  const swing = Math.sin(p.step) * 0.16 * Math.min(1.4, p.pace);
  const beat = Math.sin(p.t * 16);
  for (const s of [-1, 1]) {
    let x = s * 0.27 - s * swing * 0.2;
    let y = -0.44 + s * swing * 0.5;
    if (gesture === 'hold') [x, y] = [s * 0.2, -1.32];
    if (gesture === 'clap') [x, y] = [s * (0.06 + Math.max(0, beat) * 0.12), -0.72];
    if (gesture === 'dance') [x, y] = [s * 0.36, -0.95 + s * Math.sin(p.t * 10) * 0.22];
    if (gesture === 'wave' && s > 0) [x, y] = [0.34 + beat * 0.07, -1.2];
    line(c, shade(o.shirt, -0.12), 0.13, s * 0.19, -0.72, (s * 0.22 + x) / 1.9, (-0.66 + y) / 2, x, y);
    oval(c, x, y, 0.065, 0.065, o.skin);
  }
}

function hat(c: Brush, o: Outfit, p: Pose): void {
  const y = -1.17;
  if (o.hat === 'straw' || o.hat === 'flowers') {
    oval(c, 0, y + 0.03, 0.4, 0.13, '#c99a3f');
    oval(c, 0, y, 0.4, 0.125, '#efc768');
    oval(c, 0, y - 0.1, 0.22, 0.17, '#f3d07a');
    slab(c, -0.22, y - 0.08, 0.44, 0.07, 0.03, o.hatColor);
    curve(c, '#d9ad4e', 0.018, [-0.16, y - 0.16], [0, y - 0.12], [0.16, y - 0.16]);
    if (o.hat === 'flowers')
      for (const [i, hue] of ['#f4f0e4', '#e46a7c', '#f2b441', '#8c6fc0', '#f4f0e4'].entries()) {
        const fx = -0.2 + i * 0.1;
        for (let k = 0; k < 5; k++)
          oval(c, fx + Math.cos(k * 1.257) * 0.045, y - 0.05 + Math.sin(k * 1.257) * 0.045, 0.035, 0.035, hue);
        oval(c, fx, y - 0.05, 0.026, 0.026, '#f2c230');
      }
  } else if (o.hat === 'cap') {
    oval(c, 0, y - 0.02, 0.29, 0.19, o.hatColor);
    if (!p.away) oval(c, p.face * 0.18, y + 0.07, 0.2, 0.06, shade(o.hatColor, -0.2));
    oval(c, 0, y - 0.2, 0.035, 0.03, shade(o.hatColor, 0.3));
  } else if (o.hat === 'scarf') {
    oval(c, 0, y + 0.03, 0.3, 0.22, o.hatColor);
    for (const [dx, dy] of [
      [-0.14, -0.04],
      [0.02, -0.1],
      [0.15, -0.02],
      [-0.03, 0.04],
    ] as const)
      oval(c, dx, y + dy, 0.025, 0.025, 'rgba(255, 255, 255, 0.75)');
  }
}

/** A person about 1.5 m high, feet at (0, 0). */
export function drawPerson(c: Brush, p: Pose, o: Outfit, gesture: Gesture = ''): void {
  const jig = gesture === 'dance' ? Math.abs(Math.sin(p.t * 10)) * 0.1 : 0;
  const bob =
    Math.abs(Math.sin(p.step)) * 0.05 * Math.min(1.4, p.pace) + Math.sin(p.t * 2.1 + chanceOf(p.seed) * 5) * 0.008;
  c.save();
  c.translate(0, -p.lift - jig);
  c.scale(2 - p.squash, p.squash);
  if (gesture === 'dance') c.rotate(Math.sin(p.t * 10) * 0.08);
  for (const s of [-1, 1]) {
    const swing = Math.sin(p.step + (s > 0 ? 0 : Math.PI)) * 0.17 * Math.min(1.3, p.pace);
    const up = Math.max(0, Math.cos(p.step + (s > 0 ? 0 : Math.PI))) * 0.08 * Math.min(1, p.pace);
    line(
      c,
      shade(o.trousers, s > 0 ? 0 : -0.15),
      0.17,
      s * 0.1,
      -0.38,
      s * 0.1 + swing * Math.abs(p.face) * 0.6,
      -0.12 - up,
    );
    oval(c, s * 0.1 + swing * Math.abs(p.face) * 0.6 + p.face * 0.03, -0.06 - up, 0.11, 0.07, '#5b3a26');
  }
  c.translate(0, -bob);
  if (p.away) arms(c, p, o, gesture);
  slab(c, -0.22, -0.82, 0.44, 0.48, 0.16, o.shirt);
  slab(c, -0.22, -0.56, 0.44, 0.24, 0.1, o.trousers);
  if (!p.away) {
    slab(c, -0.14, -0.7, 0.28, 0.2, 0.04, o.trousers);
    for (const s of [-1, 1]) {
      line(c, o.trousers, 0.055, s * 0.12, -0.68, s * 0.15, -0.8);
      oval(c, s * 0.11, -0.66, 0.022, 0.022, '#f2d477');
    }
  } else for (const s of [-1, 1]) line(c, o.trousers, 0.055, s * 0.06, -0.54, s * 0.14, -0.8);
  // head
  const fx = p.face * 0.09;
  oval(c, 0, -1.02, 0.285, 0.27, o.hair);
  if (!p.away) {
    oval(c, fx * 0.5, -0.99, 0.255, 0.24, o.skin);
    curve(c, o.hair, 0.12, [-0.2, -1.12], [0, -1.26], [0.2, -1.12]);
    for (const s of [-1, 1]) {
      oval(c, fx + s * 0.15, -0.92, 0.05, 0.035, 'rgba(232, 110, 90, 0.42)');
      const shut = (p.t * 0.27 + chanceOf(p.seed) * 6) % 1 > 0.97;
      if (shut) line(c, '#33221b', 0.022, fx + s * 0.09 - 0.03, -0.99, fx + s * 0.09 + 0.03, -0.99);
      else {
        oval(c, fx + s * 0.09, -0.99, 0.03, 0.042, '#33221b');
        oval(c, fx + s * 0.09 + 0.01, -1.005, 0.011, 0.012, '#fff');
      }
    }
    curve(c, '#a3523c', 0.022, [fx - 0.05, -0.9], [fx, -0.865], [fx + 0.05, -0.9]);
  } else if (o.hat !== 'scarf') poly(c, o.hair, -0.27, -1, 0.27, -1, 0.19, -0.79, -0.19, -0.79);
  hat(c, o, p);
  if (!p.away) arms(c, p, o, gesture);
  c.restore();
}
