import { type Brush, chance, curve, line, oval, pick, poly, shade } from './brush.ts';

const heap: readonly (readonly [number, number, number])[] = [
  [-0.55, -1.5, 0.62],
  [0.5, -1.45, 0.66],
  [0, -1.25, 0.72],
  [-0.3, -2.05, 0.66],
  [0.4, -2.1, 0.62],
  [0.02, -2.55, 0.56],
];

/** A round tree about three metres high, its foot at (0, 0). */
export function drawOak(c: Brush, seed: number, apples: boolean): void {
  const leaf = pick(['#5f9a45', '#6aa34a', '#548f47', '#7aa948'] as const, chance(seed, 1));
  const big = apples ? 0.85 : 0.95 + chance(seed, 2) * 0.25;
  c.save();
  c.scale(big, big);
  poly(c, '#6f4c33', -0.2, 0.02, -0.13, -1.1, 0.14, -1.1, 0.22, 0.02, 0, 0.1);
  poly(c, '#8a6141', -0.12, 0.0, -0.09, -1.1, 0.02, -1.1, 0.02, 0.04);
  for (const [x, y, r] of heap) oval(c, x + 0.06, y + 0.14, r, r * 0.88, shade(leaf, -0.34));
  for (const [x, y, r] of heap) oval(c, x, y, r * 0.96, r * 0.86, shade(leaf, -0.14));
  for (const [x, y, r] of heap) oval(c, x - 0.1, y - 0.12, r * 0.76, r * 0.64, leaf);
  for (const [x, y, r] of heap) oval(c, x - 0.2, y - 0.24, r * 0.42, r * 0.32, shade(leaf, 0.16));
  for (let i = 0; i < 34; i++) {
    const [x, y, r] = heap[i % 6] ?? heap[0] ?? [0, 0, 1];
    const a = chance(seed + i, 5) * 6.3;
    const d = r * Math.sqrt(chance(seed + i, 6)) * 0.9;
    oval(
      c,
      x + Math.cos(a) * d,
      y + Math.sin(a) * d * 0.85,
      0.085,
      0.055,
      shade(leaf, a > 3 ? 0.22 : -0.22),
      chance(i, 7) * 3,
    );
  }
  if (apples)
    for (let i = 0; i < 11; i++) {
      const [x, y, r] = heap[i % 6] ?? [0, 0, 1];
      const ax = x + (chance(seed + i, 8) - 0.5) * r * 1.4;
      const ay = y + (chance(seed + i, 9) - 0.3) * r;
      oval(c, ax, ay, 0.1, 0.1, '#b92f2a');
      oval(c, ax - 0.02, ay - 0.02, 0.08, 0.078, '#e2493a');
      oval(c, ax - 0.04, ay - 0.045, 0.02, 0.02, '#ffd9c9');
    }
  c.restore();
}

export function drawPine(c: Brush, seed: number): void {
  const leaf = pick(['#3f7a54', '#478257', '#376b50'] as const, chance(seed, 1));
  poly(c, '#5f4330', -0.14, 0.03, -0.1, -0.7, 0.1, -0.7, 0.15, 0.03);
  for (let i = 0; i < 4; i++) {
    const y = -0.45 - i * 0.62;
    const w = 1.02 - i * 0.22;
    poly(c, shade(leaf, -0.28), -w, y + 0.1, -w * 0.5, y + 0.2, 0, y + 0.12, w * 0.5, y + 0.2, w, y + 0.1, 0, y - 1.02);
    poly(c, leaf, -w * 0.96, y + 0.05, -w * 0.5, y + 0.12, 0, y + 0.02, w * 0.3, y + 0.08, 0, y - 1);
    poly(c, shade(leaf, 0.16), -w * 0.8, y - 0.02, -w * 0.45, y + 0.03, -w * 0.1, y - 0.5, 0, y - 0.96);
  }
}

export function drawBirch(c: Brush, seed: number): void {
  const leaf = pick(['#9dbb4c', '#a9bf55', '#8fb350'] as const, chance(seed, 1));
  line(c, '#efe8dc', 0.2, 0, 0, 0.05, -1.6);
  line(c, '#cfc6b7', 0.06, 0.08, 0, 0.12, -1.6);
  for (const y of [-0.25, -0.5, -0.85, -1.2]) line(c, '#55483f', 0.035, -0.08, y, 0.01 + chance(y) * 0.05, y - 0.02);
  for (const [x, y, r] of [
    [-0.3, -1.7, 0.42],
    [0.38, -1.65, 0.42],
    [0.03, -2.1, 0.52],
    [-0.12, -2.62, 0.4],
    [0.2, -2.5, 0.38],
    [0.05, -3, 0.26],
  ] as const) {
    oval(c, x + 0.05, y + 0.1, r, r, shade(leaf, -0.26));
    oval(c, x, y, r * 0.92, r * 0.9, leaf);
    oval(c, x - 0.1, y - 0.12, r * 0.55, r * 0.5, shade(leaf, 0.2));
  }
  for (let i = 0; i < 26; i++)
    oval(
      c,
      (chance(seed + i, 3) - 0.5) * 1.2,
      -1.4 - chance(seed + i, 4) * 1.7,
      0.06,
      0.04,
      shade(leaf, i % 2 ? 0.32 : -0.2),
      i,
    );
}

export function drawBush(c: Brush, seed: number): void {
  const leaf = pick(['#5f9a4d', '#6ea552', '#57904f'] as const, chance(seed, 1));
  const berries = chance(seed, 3) > 0.55;
  for (const [x, y, r] of [
    [-0.36, -0.22, 0.33],
    [0.36, -0.22, 0.34],
    [0, -0.4, 0.42],
    [0.02, -0.15, 0.4],
  ] as const) {
    oval(c, x + 0.03, y + 0.06, r, r * 0.85, shade(leaf, -0.3));
    oval(c, x, y, r * 0.94, r * 0.8, shade(leaf, -0.06));
    oval(c, x - 0.08, y - 0.1, r * 0.6, r * 0.45, shade(leaf, 0.14));
  }
  if (berries)
    for (let i = 0; i < 9; i++)
      oval(
        c,
        (chance(seed + i, 4) - 0.5) * 1,
        -0.1 - chance(seed + i, 5) * 0.5,
        0.05,
        0.05,
        i % 2 ? '#e15a76' : '#f3a5b4',
      );
}

export function drawRock(c: Brush, seed: number): void {
  const w = 0.5 + chance(seed) * 0.12;
  poly(c, '#8c8f88', -w, 0.06, -w * 0.8, -0.34, -0.1, -0.56, w * 0.6, -0.42, w, 0.02, w * 0.5, 0.16, -w * 0.4, 0.18);
  poly(c, '#b3b5ab', -w * 0.8, -0.32, -0.1, -0.55, w * 0.55, -0.42, 0.05, -0.2, -w * 0.4, -0.14);
  oval(c, -0.22, -0.32, 0.14, 0.05, '#8fa56a', -0.3);
  oval(c, 0.2, -0.08, 0.12, 0.04, '#8fa56a', 0.2);
}

/** A cabbage or a pumpkin in its row. */
export function drawCabbage(c: Brush, seed: number): void {
  for (let i = 0; i < 6; i++) {
    const a = i * 1.05 + seed;
    oval(c, Math.cos(a) * 0.2, -0.1 + Math.sin(a) * 0.13, 0.2, 0.15, i % 2 ? '#6ba56c' : '#7db77a', a);
  }
  oval(c, 0, -0.18, 0.2, 0.18, '#a6d18c');
  curve(c, '#7db77a', 0.025, [-0.12, -0.16], [0, -0.3], [0.13, -0.18]);
  curve(c, '#7db77a', 0.025, [-0.06, -0.08], [0.02, -0.2], [0.1, -0.1]);
}

export function drawPumpkin(c: Brush, seed: number): void {
  const s = 0.75 + chance(seed, 2) * 0.4;
  c.save();
  c.scale(s, s);
  curve(c, '#5f8f48', 0.05, [-0.5, 0.08], [-0.2, -0.16], [0, -0.02]);
  oval(c, -0.42, 0.02, 0.16, 0.11, '#6d9f50', 0.4);
  for (const x of [-0.22, 0.22, -0.12, 0.12, 0])
    oval(c, x, -0.2, 0.16, 0.24, Math.abs(x) > 0.2 ? '#d9701f' : Math.abs(x) > 0.1 ? '#e8842c' : '#f4983c');
  curve(c, '#5b7a3a', 0.07, [0, -0.4], [0.01, -0.48], [0.08, -0.52]);
  c.restore();
}

export function drawSunflower(c: Brush, seed: number): void {
  const h = 1.15 + chance(seed) * 0.4;
  curve(c, '#5f8f3f', 0.07, [0, 0], [0.06, -h * 0.5], [0, -h]);
  oval(c, 0.16, -h * 0.4, 0.17, 0.08, '#6ea14a', -0.5);
  oval(c, -0.15, -h * 0.58, 0.16, 0.07, '#6ea14a', 0.5);
  for (let k = 0; k < 12; k++) {
    const a = (k * Math.PI) / 6;
    oval(c, Math.cos(a) * 0.21, -h + Math.sin(a) * 0.2, 0.13, 0.055, k % 2 ? '#f7c431' : '#f0b01f', a);
  }
  oval(c, 0, -h, 0.14, 0.13, '#6b3f1f');
  oval(c, -0.02, -h - 0.02, 0.09, 0.08, '#85522a');
}

/** Wheat: one tile of it, bent by `lean`. */
export function drawWheat(c: Brush, seed: number, lean: number): void {
  for (let i = 0; i < 9; i++) {
    const x = -0.46 + i * 0.115 + (chance(seed, i) - 0.5) * 0.08;
    const y = (chance(seed, i + 20) - 0.5) * 0.7;
    const h = 0.75 + chance(seed, i + 40) * 0.25;
    const tip = x + lean * (0.8 + chance(seed, i) * 0.5);
    curve(c, i % 2 ? '#c9a03c' : '#d8b24b', 0.035, [x, y], [x, y - h * 0.5], [tip, y - h]);
    oval(c, tip, y - h, 0.05, 0.13, i % 3 ? '#edc95f' : '#e2b847', lean * 0.9);
  }
}

export function drawReeds(c: Brush, seed: number, lean: number): void {
  for (let i = 0; i < 7; i++) {
    const x = -0.4 + i * 0.13;
    const y = (chance(seed, i) - 0.5) * 0.4;
    const h = 0.7 + chance(seed, i + 5) * 0.6;
    curve(c, i % 2 ? '#6f9a4a' : '#5c8744', 0.05, [x, y], [x, y - h * 0.6], [x + lean * 1.2 + (i - 3) * 0.03, y - h]);
    if (i % 3 === 1)
      line(c, '#7a4d2b', 0.09, x + lean + (i - 3) * 0.02, y - h * 0.92, x + lean * 1.2 + (i - 3) * 0.03, y - h * 1.12);
  }
}

const petals: Readonly<Record<string, readonly [string, string]>> = {
  daisies: ['#fffdf5', '#f3c53c'],
  poppies: ['#e5533f', '#3c2a26'],
  bluebells: ['#7f8ff0', '#f5e9a0'],
};

/** A small clump of flowers, bent by `lean`. */
export function drawFlowers(c: Brush, kind: string, seed: number, lean: number): void {
  const [petal, heart] = petals[kind] ?? ['#fff', '#fc3'];
  const n = 3 + Math.floor(chance(seed, 1) * 3);
  for (let i = 0; i < n; i++) {
    const x = (chance(seed, i + 2) - 0.5) * 0.9;
    const y = (chance(seed, i + 12) - 0.5) * 0.8;
    const h = 0.2 + chance(seed, i + 22) * 0.16;
    const tx = x + lean * 0.6;
    curve(c, '#5d8f42', 0.03, [x, y], [x, y - h * 0.6], [tx, y - h]);
    for (let k = 0; k < 5; k++) {
      const a = k * 1.257 + seed;
      oval(c, tx + Math.cos(a) * 0.06, y - h + Math.sin(a) * 0.055, 0.045, 0.045, petal);
    }
    oval(c, tx, y - h, 0.035, 0.033, heart);
  }
}

export function drawLily(c: Brush, seed: number): void {
  for (let i = 0; i < 3; i++) {
    const x = (chance(seed, i) - 0.5) * 1.1;
    const y = (chance(seed, i + 4) - 0.5) * 0.8;
    c.fillStyle = i % 2 ? '#4f9461' : '#5ca56b';
    c.beginPath();
    c.moveTo(x, y);
    c.ellipse(x, y, 0.26, 0.17, 0, chance(seed, i + 8) * 6, chance(seed, i + 8) * 6 + 5.6);
    c.fill();
  }
  if (chance(seed, 30) > 0.3) {
    for (let k = 0; k < 6; k++)
      oval(
        c,
        Math.cos(k * 1.05) * 0.09,
        -0.06 + Math.sin(k * 1.05) * 0.06,
        0.08,
        0.05,
        k % 2 ? '#f7c6d4' : '#fbe1e8',
        k * 1.05,
      );
    oval(c, 0, -0.07, 0.05, 0.04, '#f4c84a');
  }
}

export function drawMushrooms(c: Brush, seed: number): void {
  for (const [x, y, s] of [
    [-0.2, 0.1, 0.8],
    [0.15, -0.05, 1.1],
    [0.3, 0.2, 0.7],
  ] as const) {
    line(c, '#f4e8d4', 0.09 * s, x, y, x, y - 0.16 * s);
    oval(c, x, y - 0.2 * s, 0.15 * s, 0.1 * s, '#d6463a');
    for (let i = 0; i < 3; i++)
      oval(c, x + (chance(seed, i) - 0.5) * 0.18 * s, y - 0.22 * s - chance(i) * 0.04, 0.022, 0.018, '#fff4e4');
  }
}
