import type { MirrorObject } from 'roost/client';
import { type Brush, line, oval } from '../art/brush.ts';
import { outline, paintGround, paintPitch } from '../art/ground.ts';
import { Particles } from '../art/particles.ts';
import { Dusk, drawBeams, drawButterflies, drawFireflies, halo, type Light, lightAt } from '../art/sky.ts';
import { Sprites } from '../art/sprites.ts';
import { Camera } from './camera.ts';
import { drawFigure, flat } from './cast.ts';
import type { Figure } from './figure.ts';
import type { FarmMap } from './map.ts';
import { type Drawable, type Moment, Scenery, Tufts } from './scenery.ts';

/** What is marked on the ground this frame. */
export type Marks = {
  /** What the action button would use. */
  readonly target: Figure | undefined;
  /** Where a click sent the own character. */
  readonly goal: { readonly x: number; readonly y: number } | undefined;
  /** What was picked in the panel. */
  readonly picked: Figure | undefined;
};

/** The picture: everything that is drawn on the canvas, from the ground up to the fireflies. */
export class Stage {
  readonly camera = new Camera();
  readonly particles = new Particles();
  readonly #canvas: HTMLCanvasElement;
  readonly #sprites = new Sprites();
  readonly #dusk = new Dusk();
  #dpr = 1;
  #map: FarmMap | undefined;
  #scenery: Scenery | undefined;
  #tufts: Tufts | undefined;
  #ground: HTMLCanvasElement | undefined;
  #groundScale = 0;
  #water: Path2D | undefined;
  #nextSmoke = 0;
  light: Light = lightAt(10, false);

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  resize(width: number, height: number, dpr: number): void {
    this.#dpr = Math.min(2, dpr);
    this.#canvas.width = Math.round(width * this.#dpr);
    this.#canvas.height = Math.round(height * this.#dpr);
    this.#fit(width, height);
  }

  show(map: FarmMap): void {
    this.#map = map;
    this.#scenery = new Scenery(map);
    this.#tufts = new Tufts(map);
    this.#water = outline(map, new Set(['water']), 0.03);
    this.#groundScale = 0;
    this.camera.forget();
    this.#fit(this.camera.width, this.camera.height);
  }

  #fit(width: number, height: number): void {
    this.camera.resize(width, height, this.#map?.inside ? this.#map : undefined);
    this.#sprites.rescale(this.camera.zoom * this.#dpr);
    this.#paintGround();
  }

  get map(): FarmMap | undefined {
    return this.#map;
  }

  #paintGround(): void {
    const scale = Math.min(this.#map?.inside ? 160 : 80, this.camera.zoom * this.#dpr);
    if (this.#map === undefined || Math.abs(scale - this.#groundScale) < 1) return;
    this.#groundScale = scale;
    this.#ground = paintGround(this.#map, scale);
    const pitch = this.#map.areas.get('pitch');
    const c = this.#ground.getContext('2d');
    if (pitch !== undefined && c !== null) paintPitch(c, pitch.x, pitch.y, pitch.width, pitch.height);
  }

  /** Draws one frame. `t` counts seconds, `hour` is 0 … 24. */
  draw(
    figures: Iterable<Figure>,
    self: MirrorObject | undefined,
    hour: number,
    t: number,
    dt: number,
    marks: Marks,
  ): void {
    const c = this.#canvas.getContext('2d');
    const map = this.#map;
    if (c === null || map === undefined || this.#ground === undefined || this.#scenery === undefined) return;
    const { camera } = this;
    this.light = lightAt(hour, map.inside);
    this.particles.step(dt);
    this.#smoke(t);
    const all = [...figures];
    const me = all.find((f) => f.thing === self);
    const k = camera.zoom * this.#dpr;
    c.setTransform(1, 0, 0, 1, 0, 0);
    const beyond = camera.view.w > map.width || camera.view.h > map.height;
    c.fillStyle = map.inside ? '#2a1c14' : '#79a84a';
    if (beyond) c.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    // Whole pixels: the ground is then copied, not scaled.
    const left = Math.round(this.#canvas.width / 2 - camera.x * k);
    const top = Math.round(this.#canvas.height / 2 - camera.y * k);
    this.#sprites.begin(left, top);
    if (this.#groundScale === k) c.drawImage(this.#ground, left, top);
    c.setTransform(k, 0, 0, k, left, top);
    const view = camera.view;
    if (this.#groundScale !== k) c.drawImage(this.#ground, 0, 0, map.width, map.height);
    if (this.#water !== undefined) drawWater(c, this.#water, map, t, this.light.dark);
    this.#scenery.drawAfloat(c);
    this.particles.drawPrints(c);
    this.#tufts?.draw(c, view, t, all.filter(({ thing }) => thing.physical).slice(0, 60), this.#sprites);
    if (marks.goal !== undefined) drawGoalMark(c, marks.goal, t);
    if (marks.target !== undefined) drawRing(c, marks.target, t);
    if (marks.picked !== undefined) drawRing(c, marks.picked, t, '#e2452f');
    const moment: Moment = { t, light: this.light, sprites: this.#sprites, me };
    const list: Drawable[] = this.#scenery.seen(view, moment);
    for (const figure of all) list.push(...drawables(figure, t, view, all));
    list.sort((a, b) => a.y - b.y);
    for (const item of list) item.draw(c);
    this.particles.draw(c, false);
    this.#weather(c, map, t, view);
  }

  #weather(c: Brush, map: FarmMap, t: number, view: { x: number; y: number; w: number; h: number }): void {
    const { dark } = this.light;
    if (!map.inside) {
      drawButterflies(c, t, map, dark);
    }
    const lamps = this.#scenery?.lamps ?? [];
    this.#dusk.lay(c, this.light, lamps, view, t, map.inside ? undefined : map);
    for (const { x, y, strength } of lamps) halo(c, x, y - (map.inside ? 0.8 : 0.55), 1.1, strength * dark * 0.5);
    if (map.inside) drawBeams(c, t, map);
    else drawFireflies(c, t, map, dark);
    this.particles.draw(c, true);
  }

  #smoke(t: number): void {
    const from = this.#scenery?.chimney;
    if (from === undefined || t < this.#nextSmoke) return;
    this.#nextSmoke = t + 0.55;
    this.particles.smoke(from);
  }
}

/** A figure in its turn; what somebody carries is stacked over the head of its holder. */
function drawables(
  f: Figure,
  t: number,
  view: { x: number; y: number; w: number; h: number },
  all: readonly Figure[],
): Drawable[] {
  const { x, y, thing } = f;
  if (thing.holder !== null) {
    const holder = all.find(({ thing: other }) => other.id === thing.holder);
    if (holder === undefined || holder.thing.kind === 'basket') return [];
    const before = all.filter((other) => other.thing.holder === thing.holder && other.thing.id < thing.id).length;
    return [{ y: holder.y + 0.001 * (before + 1), draw: (c) => carried(c, f, holder, before, t) }];
  }
  if (x < view.x - 3 || x > view.x + view.w + 3 || y < view.y - 2 || y > view.y + view.h + 4) return [];
  const order = flat.has(thing.kind) ? y - 4 : thing.kind === 'goal' ? y + 1.6 : y;
  return [
    {
      y: order,
      draw: (c) => {
        c.save();
        c.translate(x, y);
        drawFigure(c, f, t);
        c.restore();
      },
    },
  ];
}

function carried(c: Brush, f: Figure, holder: Figure, place: number, t: number): void {
  c.save();
  if (holder.thing.kind === 'fox') c.translate(holder.x + holder.face * 0.5, holder.y - 0.2);
  else {
    const row = Math.floor(place / 3);
    const bob = Math.abs(Math.sin(holder.step)) * 0.05 * Math.min(1.4, holder.pace);
    c.translate(holder.x + ((place % 3) - 1) * 0.2 + (row % 2) * 0.1, holder.y - 1.34 - row * 0.2 - bob - holder.lift);
  }
  drawFigure(c, f, t);
  c.restore();
}

function drawWater(c: Brush, shape: Path2D, map: FarmMap, t: number, dark: number): void {
  const pond = map.areas.get('pond');
  if (pond === undefined) return;
  c.save();
  c.clip(shape);
  const g = c.createRadialGradient(pond.x, pond.y - 0.4, 0.5, pond.x, pond.y, pond.width * 0.56);
  g.addColorStop(0, '#4a97b4');
  g.addColorStop(0.7, '#5fb0c2');
  g.addColorStop(1, '#8fd0cf');
  c.fillStyle = g;
  c.fillRect(pond.x - pond.width, pond.y - pond.height, pond.width * 2, pond.height * 2);
  for (let i = 0; i < 26; i++) {
    const x = pond.x + (((i * 37) % 100) / 100 - 0.5) * pond.width * 0.95 + Math.sin(t * 0.5 + i) * 0.3;
    const y = pond.y + (((i * 61) % 100) / 100 - 0.5) * pond.height * 0.95;
    const glint = Math.max(0, Math.sin(t * 1.3 + i * 1.9));
    line(
      c,
      `rgba(255, 255, 255, ${0.1 + glint * 0.38})`,
      0.045,
      x - 0.12 - glint * 0.22,
      y,
      x,
      y - 0.03,
      x + 0.12 + glint * 0.22,
      y,
    );
  }
  if (dark > 0.4)
    oval(c, pond.x + 1.4 + Math.sin(t) * 0.04, pond.y - 0.7, 0.42, 0.3, `rgba(255, 250, 220, ${dark * 0.7})`);
  c.strokeStyle = 'rgba(255, 255, 255, 0.35)';
  c.restore();
}

function drawRing(c: Brush, target: Figure, t: number, colour = '#fff6d0'): void {
  const pulse = 1 + Math.sin(t * 5) * 0.05;
  const body = target.thing.body;
  const half =
    (body?.shape === 'circle' ? body.radius : body?.shape === 'box' ? Math.max(body.width, body.height) / 2 : 0.35) *
    target.thing.scale;
  const r = (half + 0.2) * pulse;
  c.save();
  c.translate(target.x, target.y + 0.02);
  c.scale(1, 0.6);
  c.strokeStyle = 'rgba(70, 50, 20, 0.35)';
  c.lineWidth = 0.14;
  c.beginPath();
  c.arc(0, 0.04, r, 0, 7);
  c.stroke();
  c.strokeStyle = colour;
  c.lineWidth = 0.09;
  c.setLineDash([r * 0.5, r * 0.285]);
  c.lineDashOffset = -t * 0.6;
  c.beginPath();
  c.arc(0, 0, r, 0, 7);
  c.stroke();
  c.restore();
}

function drawGoalMark(c: Brush, { x, y }: { readonly x: number; readonly y: number }, t: number): void {
  const k = (t * 1.6) % 1;
  c.save();
  c.translate(x, y);
  c.scale(1, 0.6);
  c.strokeStyle = `rgba(255, 250, 225, ${0.8 * (1 - k)})`;
  c.lineWidth = 0.07;
  c.beginPath();
  c.arc(0, 0, 0.12 + k * 0.35, 0, 7);
  c.stroke();
  c.restore();
}
