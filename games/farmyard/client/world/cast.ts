import type { MirrorObject } from 'roost/client';
import { drawChick, drawCow, drawDuck, drawFox, drawHen } from '../art/animals.ts';
import { type Brush, chanceOf, oval, poly, shadow, slab } from '../art/brush.ts';
import { drawPerson, outfitOf, wilma } from '../art/people.ts';
import { drawStranger } from '../art/stranger.ts';
import * as things from '../art/things.ts';
import type { Figure } from './figure.ts';

type Show = (c: Brush, f: Figure, t: number) => void;

const number = (value: unknown) => (typeof value === 'number' ? value : 0);
const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** Who draws which kind. A kind that is not here is drawn from its `look`. */
const cast = new Map<string, Show>([
  [
    'farmer',
    (c, f, t) => {
      shadow(c, 0.04, 0.02, 0.34, 0.15, 0.28);
      drawPerson(
        c,
        f.pose(t),
        outfitOf(seedOf(f.thing), text(f.thing.state.hat)),
        f.gesture || (f.carries > 0 ? 'hold' : ''),
      );
    },
  ],
  [
    'farmhand',
    (c, f, t) => {
      shadow(c, 0.04, 0.02, 0.34, 0.15, 0.28);
      drawPerson(c, f.pose(t), wilma, f.gesture);
    },
  ],
  [
    'chicken',
    (c, f, t) => {
      shadow(c, 0.03, 0.02, 0.3 * (1 - f.lift), 0.13 * (1 - f.lift), 0.26);
      drawHen(c, f.pose(t), false, text(lookOf(f.thing).color));
    },
  ],
  [
    'rooster',
    (c, f, t) => {
      shadow(c, 0.03, 0.02, 0.34, 0.14, 0.26);
      drawHen(c, f.pose(t), true);
    },
  ],
  [
    'chick',
    (c, f, t) => {
      shadow(c, 0.02, 0.01, 0.15, 0.07, 0.24);
      drawChick(c, f.pose(t));
    },
  ],
  [
    'duck',
    (c, f, t) => {
      oval(c, 0, 0.03, 0.46, 0.17, 'rgba(255, 255, 255, 0.16)');
      drawDuck(c, f.pose(t));
    },
  ],
  [
    'fox',
    (c, f, t) => {
      shadow(c, 0.02, 0.02, 0.5, 0.15, 0.28);
      drawFox(c, f.pose(t), f.thing.state.asleep === true);
    },
  ],
  [
    'cow',
    (c, f, t) => {
      shadow(c, 0.06, 0.02, 1.05, 0.34, 0.3);
      drawCow(c, f.pose(t));
    },
  ],
  [
    'egg',
    (c, f, t) => {
      shadow(c, 0.02, 0.01, 0.14, 0.06, 0.26);
      const rocks =
        f.pace > 0.05
          ? Math.sin(f.rollX * 9) * 0.5
          : Math.max(0, Math.sin(t * 0.8 + chanceOf(f.thing.id) * 9) - 0.93) * Math.sin(t * 26) * 3;
      drawSquashed(c, f, () => things.drawEgg(c, chanceOf(f.thing.id), rocks));
    },
  ],
  ['basket', (c, f) => things.drawBasket(c, number(f.thing.state.eggs), f.shake)],
  [
    'ball',
    (c, f, t) => {
      const speed = Math.hypot(f.vx, f.vy);
      things.drawBall(c, f.rollX, f.rollY, Math.abs(Math.sin(t * 9)) * Math.min(0.45, Math.max(0, speed - 2) * 0.07));
    },
  ],
  ['crate', (c, f) => things.drawCrate(c, f.thing.drawn.angle)],
  ['hay', (c, f) => things.drawHay(c, f.thing.drawn.angle)],
  ['barrel', (c) => things.drawBarrel(c)],
  [
    'goal',
    (c, f) => {
      const blue = f.thing.state.team === 'blue';
      c.translate(blue ? 0.47 : -0.47, 0);
      things.drawGoal(c, blue ? 1 : -1, blue ? '#4b8fd0' : '#d9594c');
    },
  ],
  ['scoreboard', (c, f) => things.drawScoreboard(c, number(f.thing.state.red), number(f.thing.state.blue))],
  ['gate', (c, f) => things.drawGate(c, f.open)],
  ['portal', (c, f, t) => things.drawPortal(c, t, f.thing.state.at !== 'door')],
  ['sign', (c) => things.drawSign(c)],
]);

/** Characters of accounts are dressed by their name, as on the picture where one picks them; guests by their id. */
function seedOf({ id, name, owner }: MirrorObject): string {
  return owner?.startsWith('character:') ? name.toLowerCase() : id;
}

function drawSquashed(c: Brush, f: Figure, draw: () => void): void {
  c.save();
  c.scale(2 - f.squash, f.squash);
  draw();
  c.restore();
}

type Looks = { readonly color?: unknown; readonly emoji?: unknown; readonly shape?: unknown; readonly size?: unknown };
function lookOf(thing: MirrorObject): Looks {
  return typeof thing.look === 'string' ? { emoji: thing.look } : (thing.look ?? {});
}

/** Draws an object with its feet at (0, 0). */
export function drawFigure(c: Brush, f: Figure, t: number): void {
  const scale = f.thing.scale;
  c.save();
  if (scale !== 1) c.scale(scale, scale);
  (cast.get(f.thing.kind) ?? drawPlain)(c, f, t);
  c.restore();
}

/** A kind this page has never heard of: its emoji, or its shape in its colour. */
function drawPlain(c: Brush, f: Figure, t: number): void {
  const { color, emoji } = lookOf(f.thing);
  const body = f.thing.body;
  const half = body?.shape === 'circle' ? body.radius : body?.shape === 'box' ? body.width / 2 : 0.4;
  const fill = typeof color === 'string' ? color : '#b8a58c';
  const isBlock = body?.shape === 'box' || body?.shape === 'polygon';
  if (!isBlock && !emoji) return drawStranger(c, half, fill, f.pose(t), f.step > 0);
  shadow(c, 0.03, 0.03, half, half * 0.5);
  if (typeof emoji === 'string' && emoji !== '') {
    c.font = `${Math.max(0.7, half * 2)}px "Noto Color Emoji", sans-serif`;
    c.textAlign = 'center';
    c.textBaseline = 'alphabetic';
    c.fillStyle = '#3b2a20';
    c.fillText(emoji, 0, 0.05 - f.lift);
    return;
  }
  c.save();
  c.rotate(f.thing.drawn.angle);
  if (body?.shape === 'box') slab(c, -body.width / 2, -body.height / 2, body.width, body.height, 0.08, fill);
  else if (body?.shape === 'polygon') poly(c, fill, ...body.points.flatMap(({ x, y }) => [x, y]));
  c.restore();
}

/** Metres above its feet where a name or a bubble belongs. */
export function heightOf({ kind, body }: MirrorObject): number {
  return heights.get(kind) ?? (body?.shape === 'circle' ? Math.max(0.5, body.radius * 2.2) : 0.9);
}
const heights = new Map([
  ['farmer', 1.55],
  ['farmhand', 1.55],
  ['chicken', 0.95],
  ['rooster', 1.05],
  ['chick', 0.5],
  ['duck', 0.6],
  ['fox', 0.95],
  ['cow', 1.7],
  ['egg', 0.45],
  ['basket', 1.25],
  ['ball', 0.7],
  ['gate', 1.15],
  ['sign', 1.1],
  ['scoreboard', 2.1],
  ['crate', 1],
  ['hay', 1],
  ['barrel', 1],
]);

/** Things that lie flat: drawn before what stands at the same place. */
export const flat: ReadonlySet<string> = new Set(['portal']);
