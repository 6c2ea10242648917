import { type Brush, curve, line, oval, poly, shade, shadow, slab } from './brush.ts';

/** Things that people put on a farm and that stay where they are. Feet at (0, 0). */

export function drawFence(c: Brush, right: boolean, down: boolean): void {
  const wood = '#cdb083';
  if (down) for (const y of [-0.32, -0.62]) line(c, shade(wood, -0.12), 0.1, 0, y, 0, y + 1);
  oval(c, 0.03, 0.02, 0.16, 0.07, 'rgba(38, 42, 24, 0.25)');
  slab(c, -0.085, -0.86, 0.17, 0.9, 0.04, shade(wood, -0.18));
  slab(c, -0.085, -0.86, 0.1, 0.88, 0.04, wood);
  oval(c, 0, -0.86, 0.085, 0.045, shade(wood, 0.3));
  if (right)
    for (const y of [-0.3, -0.62]) {
      line(c, shade(wood, -0.2), 0.11, 0, y + 0.025, 1, y + 0.025);
      line(c, shade(wood, 0.08), 0.085, 0, y, 1, y);
    }
}

/** A lantern on a post; `lit` 0 … 1. */
export function drawLantern(c: Brush, lit: number): void {
  shadow(c, 0.03, 0.02, 0.2, 0.08);
  slab(c, -0.05, -1.5, 0.1, 1.52, 0.03, '#5c4432');
  line(c, '#4b382b', 0.06, 0, -1.46, 0.24, -1.46, 0.24, -1.38);
  slab(c, 0.13, -1.36, 0.22, 0.3, 0.05, '#3f3a36');
  slab(c, 0.16, -1.33, 0.16, 0.24, 0.03, lit > 0.05 ? '#ffe9a3' : '#d8d3bd');
  poly(c, '#3f3a36', 0.09, -1.35, 0.24, -1.48, 0.39, -1.35);
}

export function drawWell(c: Brush): void {
  shadow(c, 0.08, 0.1, 0.95, 0.45);
  oval(c, 0, 0, 0.75, 0.42, '#8f8f86');
  slab(c, -0.75, -0.55, 1.5, 0.57, 0.05, '#a3a297');
  for (let i = 0; i < 10; i++)
    slab(
      c,
      -0.72 + (i % 5) * 0.3 + (i > 4 ? 0.1 : 0),
      -0.44 + (i > 4 ? 0.28 : 0),
      0.24,
      0.2,
      0.06,
      i % 3 ? '#b5b4a8' : '#96958b',
    );
  oval(c, 0, -0.55, 0.75, 0.38, '#c3c1b4');
  oval(c, 0, -0.53, 0.56, 0.27, '#33506a');
  oval(c, -0.1, -0.48, 0.3, 0.1, '#5486a6');
  for (const x of [-0.62, 0.62]) slab(c, x - 0.06, -1.75, 0.12, 1.25, 0.03, '#7b5334');
  line(c, '#6b452b', 0.1, -0.62, -1.28, 0.62, -1.28);
  line(c, '#d7c39a', 0.03, 0.05, -1.28, 0.05, -0.95);
  slab(c, -0.08, -0.98, 0.26, 0.24, 0.04, '#8d5a35');
  poly(c, '#a5492f', -1, -1.58, -0.72, -2.15, 0.72, -2.15, 1, -1.58);
  poly(c, '#c05a3a', -0.95, -1.66, -0.7, -2.15, 0.72, -2.15, 0.9, -1.8);
  for (let i = 0; i < 6; i++)
    curve(c, '#8f3d28', 0.03, [-0.8 + i * 0.3, -1.6], [-0.72 + i * 0.28, -1.8], [-0.62 + i * 0.26, -2.12]);
}

export function drawScarecrow(c: Brush, sway: number): void {
  shadow(c, 0.04, 0.02, 0.4, 0.13);
  slab(c, -0.06, -1.6, 0.12, 1.64, 0.03, '#7b5334');
  c.save();
  c.translate(0, -1.1);
  c.rotate(sway);
  line(c, '#7b5334', 0.09, -0.75, 0, 0.75, 0);
  poly(c, '#4f7f9a', -0.62, -0.12, 0.62, -0.12, 0.62, 0.1, 0.26, 0.12, 0.32, 0.6, -0.32, 0.6, -0.26, 0.12, -0.62, 0.1);
  slab(c, -0.2, 0.22, 0.2, 0.2, 0.03, '#d99a3f');
  for (const s of [-1, 1]) for (const d of [-0.08, 0, 0.08]) line(c, '#e8c25a', 0.035, s * 0.6, 0, s * 0.85, d * 1.6);
  oval(c, 0, -0.34, 0.25, 0.26, '#ecd6a4');
  for (const s of [-1, 1])
    line(c, '#5b3a26', 0.035, s * 0.09 - 0.03, -0.4, s * 0.09 + 0.03, -0.34, s * 0.09, -0.37, s * 0.09 + 0.03, -0.4);
  curve(c, '#5b3a26', 0.03, [-0.1, -0.25], [0, -0.18], [0.1, -0.25]);
  oval(c, 0, -0.52, 0.42, 0.11, '#8a5a2c');
  poly(c, '#a06c38', -0.22, -0.52, -0.1, -0.9, 0.16, -0.84, 0.22, -0.52);
  c.restore();
}

export function drawStump(c: Brush): void {
  shadow(c, 0.04, 0.06, 0.55, 0.3);
  slab(c, -0.42, -0.3, 0.84, 0.36, 0.1, '#80583a');
  oval(c, 0, 0.06, 0.42, 0.2, '#80583a');
  oval(c, 0, -0.3, 0.42, 0.22, '#d3a877');
  oval(c, 0, -0.3, 0.28, 0.14, '#c29460');
  oval(c, 0, -0.3, 0.14, 0.07, '#d3a877');
  line(c, '#8a8f92', 0.07, 0.1, -0.34, 0.18, -0.62);
  line(c, '#9c6b3f', 0.06, 0.18, -0.62, 0.36, -0.98);
}

export function drawBeehive(c: Brush): void {
  shadow(c, 0.04, 0.03, 0.45, 0.2);
  for (const [y, w] of [
    [-0.1, 0.4],
    [-0.3, 0.42],
    [-0.5, 0.38],
    [-0.68, 0.3],
    [-0.82, 0.18],
  ] as const) {
    oval(c, 0, y + 0.03, w, 0.15, '#c48f37');
    oval(c, 0, y, w, 0.14, '#e6b955');
  }
  oval(c, 0, -0.12, 0.1, 0.08, '#5b3a1f');
}

export function drawLogs(c: Brush): void {
  shadow(c, 0.05, 0.08, 0.75, 0.28);
  for (const [x, y] of [
    [-0.4, -0.08],
    [0, -0.08],
    [0.4, -0.08],
    [-0.2, -0.4],
    [0.2, -0.4],
    [0, -0.7],
  ] as const) {
    oval(c, x, y, 0.21, 0.2, '#7b5334');
    oval(c, x, y, 0.165, 0.155, '#dcb484');
    oval(c, x, y, 0.08, 0.075, '#c99a66');
  }
}

export function drawCoop(c: Brush): void {
  shadow(c, 0.1, 0.08, 1.25, 0.35);
  for (const x of [-0.8, 0.8]) slab(c, x - 0.07, -0.3, 0.14, 0.34, 0.02, '#6b452b');
  slab(c, -1, -1.35, 2, 1.15, 0.05, '#d9b27c');
  for (let i = 0; i < 6; i++) line(c, '#c19a64', 0.025, -0.98, -1.2 + i * 0.18, 0.98, -1.2 + i * 0.18);
  slab(c, -0.25, -0.82, 0.5, 0.62, 0.2, '#4a3020');
  poly(c, '#a47748', -0.2, -0.22, 0.2, -0.22, 0.42, 0.28, -0.02, 0.28);
  for (let i = 0; i < 4; i++)
    line(c, '#7b5334', 0.03, -0.15 + i * 0.05, -0.12 + i * 0.11, 0.24 + i * 0.05, -0.12 + i * 0.11);
  slab(c, 0.45, -0.95, 0.34, 0.3, 0.04, '#5b7f93');
  poly(c, '#8f3f33', -1.2, -1.25, -0.9, -2, 0.9, -2, 1.2, -1.25);
  poly(c, '#b55341', -1.15, -1.33, -0.88, -2, 0.9, -2, 1.1, -1.45);
  for (let i = 0; i < 7; i++) line(c, '#963f31', 0.03, -1 + i * 0.33, -1.3, -0.82 + i * 0.28, -1.97);
}

export function drawBench(c: Brush): void {
  shadow(c, 0.04, 0.05, 0.6, 0.2);
  for (const x of [-0.42, 0.42]) slab(c, x - 0.05, -0.4, 0.1, 0.42, 0.02, '#6b452b');
  slab(c, -0.55, -0.46, 1.1, 0.16, 0.04, '#b98555');
  for (const y of [-0.86, -0.68]) slab(c, -0.55, y, 1.1, 0.12, 0.04, '#c99663');
}

export function drawTrough(c: Brush): void {
  shadow(c, 0.04, 0.08, 0.62, 0.25);
  slab(c, -0.55, -0.38, 1.1, 0.45, 0.06, '#8d5f3b');
  slab(c, -0.55, -0.5, 1.1, 0.24, 0.06, '#a9764a');
  slab(c, -0.47, -0.46, 0.94, 0.15, 0.05, '#6fb1cb');
  curve(c, 'rgba(255,255,255,.7)', 0.025, [-0.3, -0.4], [-0.1, -0.43], [0.1, -0.39]);
}

export function drawHaystack(c: Brush, seed: number): void {
  oval(c, 0, 0.02, 0.62, 0.3, '#b98a2f');
  poly(c, '#d6a845', -0.6, 0.05, -0.42, -0.62, 0, -0.95, 0.44, -0.6, 0.6, 0.05);
  poly(c, '#ecc766', -0.5, -0.1, -0.36, -0.6, 0, -0.92, 0.2, -0.7, 0, -0.1);
  for (let i = 0; i < 14; i++) {
    const x = Math.sin(i * 7.3 + seed) * 0.42;
    const y = -0.1 - ((i * 0.37 + seed) % 1) * 0.55;
    line(c, i % 2 ? '#f5dc8c' : '#bd8d32', 0.022, x, y, x + 0.1, y + 0.12);
  }
}

export function drawShelf(c: Brush): void {
  slab(c, -0.5, -1.1, 1, 1.1, 0.04, '#6b4a30');
  for (const y of [-0.95, -0.5]) {
    slab(c, -0.44, y, 0.88, 0.36, 0.02, '#4d3422');
    for (let i = 0; i < 3; i++) {
      slab(c, -0.36 + i * 0.27, y + 0.08, 0.2, 0.28, 0.05, ['#c9d6b0', '#e0a76a', '#c96f5b'][i] ?? '#fff');
      slab(c, -0.34 + i * 0.27, y + 0.04, 0.16, 0.06, 0.02, '#e9ddc5');
    }
  }
}

export function drawNest(c: Brush): void {
  oval(c, 0, 0.02, 0.46, 0.28, '#b98a2f');
  oval(c, 0, -0.03, 0.42, 0.24, '#e3bd62');
  oval(c, 0, 0, 0.28, 0.14, '#a97c2c');
  for (let i = 0; i < 10; i++)
    line(c, '#f3d88d', 0.02, Math.cos(i) * 0.4, Math.sin(i) * 0.2, Math.cos(i + 0.4) * 0.46, Math.sin(i + 0.4) * 0.25);
}

export function drawPost(c: Brush): void {
  oval(c, 0.05, 0.03, 0.28, 0.12, 'rgba(20, 10, 5, 0.35)');
  slab(c, -0.15, -3, 0.3, 3.05, 0.03, '#7b5537');
  slab(c, -0.15, -3, 0.12, 3.05, 0.03, '#946945');
}

export function drawLamp(c: Brush): void {
  line(c, '#3a2b20', 0.04, 0, -1.9, 0, -1.35);
  slab(c, -0.13, -1.36, 0.26, 0.34, 0.06, '#3f3a36');
  slab(c, -0.09, -1.32, 0.18, 0.26, 0.04, '#ffe9a3');
}

export function drawBucket(c: Brush): void {
  shadow(c, 0.03, 0.02, 0.24, 0.1);
  poly(c, '#9aa3a8', -0.22, -0.36, 0.22, -0.36, 0.17, 0, -0.17, 0);
  oval(c, 0, 0, 0.17, 0.07, '#9aa3a8');
  oval(c, 0, -0.36, 0.22, 0.09, '#c6cdd0');
  oval(c, 0, -0.36, 0.17, 0.065, '#f6f0e2');
}
