import type { FarmMap } from '../world/map.ts';
import { type Brush, chance, shade } from './brush.ts';

type Paint = { readonly color: string; readonly rim?: string; readonly order: number };

/** How each ground tile is painted; higher orders lie on top of lower ones. */
const paints: Readonly<Record<string, Paint>> = {
  grass: { color: '#93bf58', order: 0 },
  wild: { color: '#7fb04e', order: 1 },
  stripe: { color: '#9dca62', order: 2 },
  mown: { color: '#8cbb54', order: 2 },
  yard: { color: '#d8bd88', rim: '#b9b364', order: 3 },
  path: { color: '#e2c893', rim: '#b5b266', order: 3 },
  soil: { color: '#8f6444', rim: '#7a8a44', order: 3 },
  sand: { color: '#ddca93', rim: '#a9b565', order: 4 },
  water: { color: '#57a5bb', rim: '#c9b67c', order: 5 },
  planks: { color: '#b98a5e', order: 0 },
  straw: { color: '#dfb95c', rim: '#c49a48', order: 3 },
  wall: { color: '#7d5639', order: 4 },
};

const fine = 4;

/** Outlines of all cells of a kind, rounded: corner values are blurred, then cut at one half (marching squares). */
export function outline(map: FarmMap, kinds: ReadonlySet<string>, wobble: number): Path2D {
  const w = map.width * fine;
  const h = map.height * fine;
  const at = (x: number, y: number) => {
    let sum = 0;
    for (let dy = -2; dy <= 2; dy++)
      for (let dx = -2; dx <= 2; dx++) {
        const tx = Math.min(map.width - 1, Math.max(0, Math.floor((x + dx * 1.1) / fine)));
        const ty = Math.min(map.height - 1, Math.max(0, Math.floor((y + dy * 1.1) / fine)));
        if (kinds.has(map.groundAt(tx, ty))) sum++;
      }
    const grain = Math.sin(x * 0.9 + Math.sin(y * 0.6) * 2) + Math.sin(y * 1.1 + Math.sin(x * 0.5) * 2);
    return sum / 25 + grain * wobble;
  };
  const values = new Float32Array((w + 1) * (h + 1));
  for (let y = 0; y <= h; y++) for (let x = 0; x <= w; x++) values[y * (w + 1) + x] = at(x, y);
  const value = (x: number, y: number) => values[y * (w + 1) + x] ?? 0;
  const path = new Path2D();
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) cell(path, x, y, value(x, y), value(x + 1, y), value(x + 1, y + 1), value(x, y + 1));
  }
  return path;
}

/** One cell of the marching squares: the part of it where the value is above one half. */
function cell(path: Path2D, x: number, y: number, a: number, b: number, c: number, d: number): void {
  const level = 0.5;
  const corners = [
    [x, y, a],
    [x + 1, y, b],
    [x + 1, y + 1, c],
    [x, y + 1, d],
  ] as const;
  let begun = false;
  const put = (px: number, py: number) => {
    if (begun) path.lineTo(px / fine, py / fine);
    else path.moveTo(px / fine, py / fine);
    begun = true;
  };
  for (let i = 0; i < 4; i++) {
    const [ax, ay, av] = corners[i] ?? corners[0];
    const [bx, by, bv] = corners[(i + 1) % 4] ?? corners[0];
    if (av >= level) put(ax, ay);
    if (av >= level !== bv >= level) {
      const k = (level - av) / (bv - av);
      put(ax + (bx - ax) * k, ay + (by - ay) * k);
    }
  }
  if (begun) path.closePath();
}

/** Paints the whole ground of a map once, `scale` pixels a metre. Water is drawn over it every frame. */
export function paintGround(map: FarmMap, scale: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(map.width * scale);
  canvas.height = Math.ceil(map.height * scale);
  const c = canvas.getContext('2d');
  if (c === null) return canvas;
  c.scale(scale, scale);
  const base = map.inside ? 'planks' : 'grass';
  c.fillStyle = paints[base]?.color ?? '#93bf58';
  c.fillRect(0, 0, map.width, map.height);
  if (map.inside) floor(c, map);
  else meadow(c, map);
  const present = [...new Set(map.ground)].filter((name) => name !== base && paints[name] !== undefined);
  present.sort((a, b) => (paints[a]?.order ?? 0) - (paints[b]?.order ?? 0));
  for (const name of present) {
    const paint = paints[name];
    if (paint === undefined) continue;
    const sharp = name === 'mown' || name === 'stripe' || name === 'wall';
    const shape = sharp
      ? squares(map, name)
      : outline(map, new Set([name, ...(name === 'sand' ? ['water'] : [])]), 0.05);
    c.save();
    if (paint.rim !== undefined) {
      c.strokeStyle = paint.rim;
      c.lineWidth = 0.34;
      c.lineJoin = 'round';
      c.globalAlpha = 0.55;
      c.stroke(shape);
      c.globalAlpha = 1;
    }
    c.fillStyle = paint.color;
    c.fill(shape);
    c.strokeStyle = paint.color;
    c.lineWidth = 0.03;
    c.stroke(shape);
    c.clip(shape);
    grain(c, map, name);
    c.restore();
  }
  return canvas;
}

function squares(map: FarmMap, name: string): Path2D {
  const path = new Path2D();
  for (let y = 0; y < map.height; y++)
    for (let x = 0; x < map.width; x++) if (map.groundAt(x, y) === name) path.rect(x, y, 1.01, 1.01);
  return path;
}

/** Big soft patches of light and dark, then short blades everywhere: a meadow is never one green. */
function meadow(c: Brush, map: FarmMap): void {
  for (let i = 0; i < 150; i++) {
    const x = chance(i, 1) * map.width;
    const y = chance(i, 2) * map.height;
    const r = 1.2 + chance(i, 3) * 3.6;
    const g = c.createRadialGradient(x, y, 0, x, y, r);
    const tone = i % 3 === 0 ? '214, 226, 110' : i % 3 === 1 ? '92, 150, 70' : '160, 205, 96';
    g.addColorStop(0, `rgba(${tone}, 0.28)`);
    g.addColorStop(1, `rgba(${tone}, 0)`);
    c.fillStyle = g;
    c.fillRect(x - r, y - r, r * 2, r * 2);
  }
  for (let i = 0; i < map.width * map.height * 7; i++) {
    const x = chance(i, 4) * map.width;
    const y = chance(i, 5) * map.height;
    c.strokeStyle = ['rgba(70, 120, 45, .35)', 'rgba(190, 220, 110, .4)', 'rgba(110, 160, 60, .4)'][i % 3] ?? '';
    c.lineWidth = 0.03;
    c.beginPath();
    c.moveTo(x, y);
    c.lineTo(x + (chance(i, 6) - 0.5) * 0.1, y - 0.08 - chance(i, 7) * 0.1);
    c.stroke();
  }
}

function floor(c: Brush, map: FarmMap): void {
  for (let y = 0; y < map.height * 2; y++) {
    const shift = (y % 3) * 1.3;
    for (let x = -2; x < map.width; x += 3) {
      c.fillStyle = shade('#b98a5e', (chance(x + y * 7, 3) - 0.5) * 0.2);
      c.fillRect(x + shift, y / 2, 3, 0.5);
      c.strokeStyle = 'rgba(70, 40, 20, 0.35)';
      c.lineWidth = 0.025;
      c.strokeRect(x + shift, y / 2, 3, 0.5);
      c.fillStyle = 'rgba(70, 40, 20, 0.4)';
      c.fillRect(x + shift + 0.1, y / 2 + 0.23, 0.05, 0.05);
    }
  }
}

/** What makes a surface look like itself. Drawn inside its outline. */
function grain(c: Brush, map: FarmMap, name: string): void {
  const dots = (n: number, low: number, high: number, colors: readonly string[], flat = 0.7) => {
    for (let i = 0; i < map.width * map.height * n; i++) {
      const r = low + chance(i, 8) * (high - low);
      c.fillStyle = colors[i % colors.length] ?? '';
      c.beginPath();
      c.ellipse(chance(i, 9) * map.width, chance(i, 10) * map.height, r, r * flat, 0, 0, 7);
      c.fill();
    }
  };
  if (name === 'path' || name === 'yard') {
    dots(1.2, 0.2, 0.7, ['rgba(255, 240, 200, .16)', 'rgba(150, 110, 60, .1)']);
    dots(4, 0.02, 0.06, ['#c9ab74', '#f3dfb2', '#b7986a', '#e9d09c']);
  }
  if (name === 'sand') dots(5, 0.015, 0.04, ['#c9b47c', '#efe0b0', '#b9a26c']);
  if (name === 'wild') dots(1, 0.25, 0.6, ['rgba(150, 200, 90, .18)', 'rgba(60, 110, 50, .14)']);
  if (name === 'straw') straws(c, map);
  if (name === 'soil')
    for (let y = 0; y < map.height; y++) {
      for (const [at, color, width] of [
        [0.62, '#78512f', 0.3],
        [0.28, '#a87a54', 0.16],
      ] as const) {
        c.strokeStyle = color;
        c.lineWidth = width;
        c.beginPath();
        for (let x = 0; x <= map.width; x += 0.25) c.lineTo(x, y + at + Math.sin(x * 3 + y * 5) * 0.03);
        c.stroke();
      }
    }
  if (name === 'soil') dots(3, 0.02, 0.06, ['#6b462a', '#b48a62']);
  if (name === 'wall') boards(c, map);
}

function straws(c: Brush, map: FarmMap): void {
  for (let i = 0; i < map.width * map.height * 16; i++) {
    const x = chance(i, 11) * map.width;
    const y = chance(i, 12) * map.height;
    const a = chance(i, 13) * 6.3;
    c.strokeStyle = ['#f2d684', '#b98f3c', '#e9c768', '#cfa54a'][i % 4] ?? '';
    c.lineWidth = 0.03;
    c.beginPath();
    c.moveTo(x, y);
    c.lineTo(x + Math.cos(a) * 0.24, y + Math.sin(a) * 0.16);
    c.stroke();
  }
}

function boards(c: Brush, map: FarmMap): void {
  for (let x = 0; x < map.width; x += 0.5) {
    c.fillStyle = shade('#7d5639', (chance(x, 2) - 0.5) * 0.22);
    c.fillRect(x, 0, 0.5, 2);
    c.fillStyle = 'rgba(30, 15, 5, .35)';
    c.fillRect(x, 0, 0.03, 2);
  }
  c.fillStyle = '#5e3f29';
  c.fillRect(0, 0.2, map.width, 0.24);
  c.fillRect(0, 1.75, map.width, 0.25);
  c.fillStyle = 'rgba(20, 10, 0, .3)';
  c.fillRect(0, 2, map.width, 0.2);
}

/** White lines of a football pitch inside the box. */
export function paintPitch(c: Brush, x: number, y: number, w: number, h: number): void {
  c.strokeStyle = 'rgba(255, 255, 250, 0.75)';
  c.lineWidth = 0.09;
  c.strokeRect(x - w / 2, y - h / 2, w, h);
  c.beginPath();
  c.moveTo(x, y - h / 2);
  c.lineTo(x, y + h / 2);
  c.stroke();
  c.beginPath();
  c.arc(x, y, 1.5, 0, 7);
  c.stroke();
  for (const s of [-1, 1]) c.strokeRect(s < 0 ? x - w / 2 : x + w / 2 - 2.4, y - 2.5, 2.4, 5);
  c.fillStyle = 'rgba(255, 255, 250, 0.8)';
  c.beginPath();
  c.arc(x, y, 0.12, 0, 7);
  c.fill();
}
