import { type Brush, chance, oval } from './brush.ts';

/** The light of an hour. */
export type Light = {
  /** Everything is multiplied by this. */
  readonly ambient: readonly [number, number, number];
  /** 0 by day, 1 at night. */
  readonly dark: number;
  /** Where shadows fall: metres sideways for each metre of height. */
  readonly lean: number;
};

/** Hours and their colours, in order. */
const hours: readonly (readonly [number, readonly [number, number, number]])[] = [
  [0, [88, 104, 176]],
  [4.5, [92, 108, 180]],
  [5.6, [196, 160, 190]],
  [6.6, [255, 214, 178]],
  [8.5, [255, 250, 238]],
  [15.5, [255, 253, 244]],
  [18, [255, 226, 176]],
  [19.4, [248, 170, 130]],
  [20.4, [168, 130, 178]],
  [21.4, [96, 108, 178]],
  [24, [88, 104, 176]],
];

/** The light at an hour of the day, 0 … 24; under a roof lamps burn at any hour. */
export function lightAt(hour: number, inside: boolean): Light {
  if (inside) return { ambient: [208, 172, 142], dark: 0.6, lean: 0.1 };
  let i = 0;
  while (i < hours.length - 2 && (hours[i + 1]?.[0] ?? 24) <= hour) i++;
  const [from, a] = hours[i] ?? [0, [255, 255, 255]];
  const [to, b] = hours[i + 1] ?? [24, [255, 255, 255]];
  const k = Math.min(1, Math.max(0, (hour - from) / (to - from)));
  const mix = (n: 0 | 1 | 2) => a[n] + (b[n] - a[n]) * k;
  const ambient = [mix(0), mix(1), mix(2)] as const;
  const dark = Math.min(1, Math.max(0, (205 - (ambient[0] + ambient[1]) / 2) / 100));
  return { ambient, dark, lean: Math.min(0.9, Math.max(-0.9, ((13 - hour) / 7) * -0.9)) };
}

export type Lamp = { readonly x: number; readonly y: number; readonly radius: number; readonly strength: number };

/** Dark, lamplight and shadows of clouds: painted small, then laid over the finished picture at once. */
export class Dusk {
  readonly #canvas = document.createElement('canvas');

  /** `view` is what the screen shows, in metres; `clouds` the land that lies under an open sky. */
  lay(
    c: Brush,
    light: Light,
    lamps: readonly Lamp[],
    view: { x: number; y: number; w: number; h: number },
    t: number,
    clouds: Bounds | undefined,
  ): void {
    const [r, g, b] = light.ambient;
    const scale = 8;
    const w = Math.max(1, Math.ceil(view.w * scale));
    const h = Math.max(1, Math.ceil(view.h * scale));
    if (this.#canvas.width !== w || this.#canvas.height !== h) Object.assign(this.#canvas, { width: w, height: h });
    const d = this.#canvas.getContext('2d');
    if (d === null) return;
    d.setTransform(1, 0, 0, 1, 0, 0);
    d.globalCompositeOperation = 'source-over';
    d.fillStyle = `rgb(${r}, ${g}, ${b})`;
    d.fillRect(0, 0, w, h);
    d.setTransform(scale, 0, 0, scale, -view.x * scale, -view.y * scale);
    if (clouds !== undefined) drawClouds(d, t, clouds, light.dark);
    d.globalCompositeOperation = 'lighter';
    for (const lamp of lamps) {
      const flicker = 1 + Math.sin(t * 7 + lamp.x * 9) * 0.025 + Math.sin(t * 13 + lamp.y) * 0.015;
      const radius = lamp.radius * flicker;
      const a = lamp.strength * light.dark;
      if (a < 0.02) continue;
      const glow = d.createRadialGradient(lamp.x, lamp.y, 0, lamp.x, lamp.y, radius);
      glow.addColorStop(0, `rgba(255, 190, 96, ${a})`);
      glow.addColorStop(0.35, `rgba(255, 160, 70, ${a * 0.5})`);
      glow.addColorStop(1, 'rgba(255, 140, 60, 0)');
      d.fillStyle = glow;
      d.fillRect(lamp.x - radius, lamp.y - radius, radius * 2, radius * 2);
    }
    c.save();
    c.globalCompositeOperation = 'multiply';
    // Lamplight needs soft edges; the shadows of clouds are soft enough as they are, and that costs a fifth.
    c.imageSmoothingEnabled = light.dark > 0.05;
    c.drawImage(this.#canvas, view.x, view.y, view.w, view.h);
    c.restore();
  }
}

/** A small halo round a burning lamp, added on top of the dark. */
export function halo(c: Brush, x: number, y: number, radius: number, strength: number, color = '255, 206, 120'): void {
  if (strength < 0.02) return;
  const g = c.createRadialGradient(x, y, 0, x, y, radius);
  g.addColorStop(0, `rgba(${color}, ${strength})`);
  g.addColorStop(1, `rgba(${color}, 0)`);
  c.fillStyle = g;
  c.fillRect(x - radius, y - radius, radius * 2, radius * 2);
}

type Bounds = { readonly width: number; readonly height: number };

/** Shadows of clouds that drift over the land by day. */
function drawClouds(c: Brush, t: number, land: Bounds, dark: number): void {
  for (let i = 0; i < 4; i++) {
    const span = land.width + 30;
    const x = ((t * (0.35 + i * 0.06) + i * 19) % span) - 15;
    const y = chance(i, 3) * land.height;
    const r = 5 + chance(i, 4) * 4;
    const g = c.createRadialGradient(0, 0, r * 0.2, 0, 0, r);
    g.addColorStop(0, `rgba(30, 60, 70, ${0.13 * (1 - dark)})`);
    g.addColorStop(1, 'rgba(30, 60, 70, 0)');
    c.save();
    c.translate(x, y);
    c.scale(1.5, 0.7);
    c.fillStyle = g;
    c.fillRect(-r, -r, r * 2, r * 2);
    c.restore();
  }
}

/** Butterflies by day. */
export function drawButterflies(c: Brush, t: number, land: Bounds, dark: number): void {
  if (dark > 0.5) return;
  for (let i = 0; i < 16; i++) {
    const x = chance(i, 21) * land.width + Math.sin(t * 0.3 + i * 2) * 3 + Math.sin(t * 1.1 + i) * 0.8;
    const y = chance(i, 22) * land.height + Math.cos(t * 0.26 + i) * 2.4 + Math.sin(t * 1.7 + i * 3) * 0.4;
    const beat = Math.abs(Math.sin(t * 9 + i * 2));
    const hue = ['#fff4d6', '#f6a04d', '#8fb7f0', '#f5d44f'][i % 4] ?? '#fff';
    oval(c, x, y + 0.7, 0.06, 0.03, 'rgba(30, 40, 20, 0.15)');
    for (const s of [-1, 1]) oval(c, x + s * 0.05 * beat, y - 0.02, 0.02 + 0.06 * beat, 0.085, hue, s * 0.5);
    oval(c, x, y, 0.014, 0.06, '#4a382c');
  }
}

/** Fireflies at night; they glow on top of the dark. */
export function drawFireflies(c: Brush, t: number, land: Bounds, dark: number): void {
  if (dark < 0.35) return;
  for (let i = 0; i < 54; i++) {
    const x = chance(i, 31) * land.width + Math.sin(t * 0.4 + i * 1.7) * 1.6;
    const y = chance(i, 32) * land.height + Math.cos(t * 0.33 + i) * 1.2 - 0.5;
    const blink = Math.max(0, Math.sin(t * (0.7 + chance(i, 33)) + i * 4)) ** 2 * (dark - 0.3);
    if (blink < 0.03) continue;
    halo(c, x, y, 0.42, blink * 0.75, '226, 255, 130');
    oval(c, x, y, 0.035, 0.035, `rgba(250, 255, 200, ${Math.min(1, blink * 1.6)})`);
  }
}

/** Light that falls through the gaps of the barn's walls, with dust in it. */
export function drawBeams(c: Brush, t: number, land: Bounds): void {
  c.save();
  c.beginPath();
  c.rect(0, 0, land.width, land.height);
  c.clip();
  for (const [i, x] of [2.4, 6.2, 10.4, 13.6].entries()) {
    const g = c.createLinearGradient(x, 1, x + 2.4, land.height * 0.75);
    g.addColorStop(0, `rgba(255, 226, 160, ${0.2 + Math.sin(t * 0.5 + i) * 0.04})`);
    g.addColorStop(1, 'rgba(255, 226, 160, 0)');
    c.fillStyle = g;
    c.beginPath();
    c.moveTo(x, 0.6);
    c.lineTo(x + 0.55, 0.6);
    c.lineTo(x + 3.6, land.height * 0.8);
    c.lineTo(x + 1.7, land.height * 0.8);
    c.fill();
  }
  for (let i = 0; i < 46; i++) {
    const x = (chance(i, 41) * land.width + t * 0.06 * (1 + chance(i, 42))) % land.width;
    const y = 1 + ((chance(i, 43) * land.height + Math.sin(t * 0.3 + i) * 0.6) % (land.height - 1));
    oval(c, x, y, 0.022, 0.022, `rgba(255, 236, 190, ${0.3 + 0.3 * Math.sin(t + i)})`);
  }
  c.restore();
}
