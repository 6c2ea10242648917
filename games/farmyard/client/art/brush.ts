/**
 * Small strokes that every drawing here is made of. Units are metres: the canvas is scaled before anything is drawn.
 */
export type Brush = CanvasRenderingContext2D;

/** Fills an ellipse around (x, y). */
export function oval(c: Brush, x: number, y: number, rx: number, ry: number, color: string, turn = 0): void {
  c.fillStyle = color;
  c.beginPath();
  c.ellipse(x, y, Math.abs(rx), Math.abs(ry), turn, 0, Math.PI * 2);
  c.fill();
}

/** Fills a polygon given as x, y, x, y, … */
export function poly(c: Brush, color: string, ...at: readonly number[]): void {
  c.fillStyle = color;
  c.beginPath();
  for (let i = 0; i + 1 < at.length; i += 2) c.lineTo(at[i] ?? 0, at[i + 1] ?? 0);
  c.closePath();
  c.fill();
}

/** Fills a rectangle with round corners, from its top left. */
export function slab(c: Brush, x: number, y: number, w: number, h: number, r: number, color: string): void {
  c.fillStyle = color;
  c.beginPath();
  c.roundRect(x, y, w, h, r);
  c.fill();
}

/** Strokes a line through points given as x, y, x, y, … */
export function line(c: Brush, color: string, width: number, ...at: readonly number[]): void {
  c.strokeStyle = color;
  c.lineWidth = width;
  c.lineCap = 'round';
  c.lineJoin = 'round';
  c.beginPath();
  for (let i = 0; i + 1 < at.length; i += 2) c.lineTo(at[i] ?? 0, at[i + 1] ?? 0);
  c.stroke();
}

/** Strokes one curve from a to b, bent towards the control point. */
export function curve(
  c: Brush,
  color: string,
  width: number,
  a: readonly [number, number],
  bend: readonly [number, number],
  b: readonly [number, number],
): void {
  c.strokeStyle = color;
  c.lineWidth = width;
  c.lineCap = 'round';
  c.beginPath();
  c.moveTo(a[0], a[1]);
  c.quadraticCurveTo(bend[0], bend[1], b[0], b[1]);
  c.stroke();
}

/** A soft shadow on the ground; `lean` moves it away from the sun. */
export function shadow(c: Brush, x: number, y: number, rx: number, ry: number, strength = 0.22): void {
  oval(c, x, y, rx, ry, `rgba(38, 42, 24, ${strength})`);
}

/** A colour `#rrggbb` made lighter (amount above 0) or darker (below), between -1 and 1. */
export function shade(color: string, amount: number): string {
  const n = Number.parseInt(color.slice(1), 16);
  const to = amount > 0 ? 255 : 0;
  const by = Math.abs(amount);
  const mix = (v: number) => Math.round(v + (to - v) * by);
  return `rgb(${mix(n >> 16)}, ${mix((n >> 8) & 255)}, ${mix(n & 255)})`;
}

/** A number in 0 … 1 that is always the same for the same place or seed. */
export function chance(a: number, b = 0): number {
  const n = Math.sin(a * 127.1 + b * 311.7) * 43758.5453;
  return n - Math.floor(n);
}

/** A number in 0 … 1 that is always the same for the same text; `salt` gives another one. */
export function chanceOf(text: string, salt = 0): number {
  let n = 2166136261 ^ salt;
  for (let i = 0; i < text.length; i++) n = Math.imul(n ^ text.charCodeAt(i), 16777619);
  n = Math.imul(n ^ (n >>> 15), 2246822507);
  n = Math.imul(n ^ (n >>> 13), 3266489909);
  return ((n ^ (n >>> 16)) >>> 0) / 4294967296;
}

/** One of a list, chosen by a number in 0 … 1. */
export function pick<T>(list: readonly [T, ...T[]], at: number): T {
  return list[Math.min(list.length - 1, Math.floor(at * list.length))] ?? list[0];
}
