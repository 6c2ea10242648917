import { type Brush, chance, curve, line, oval, poly, shade, shadow, slab } from './brush.ts';

/** A box seen from above and in front: its turned base, its sides, its top. `lid` decorates the top, around its middle. */
function crateBox(c: Brush, half: number, high: number, angle: number, color: string, lid: (c: Brush) => void): void {
  const corners = [0, 1, 2, 3].map((i) => {
    const a = angle + Math.PI / 4 + (i * Math.PI) / 2;
    return [Math.cos(a) * half * Math.SQRT2, Math.sin(a) * half * Math.SQRT2] as const;
  });
  for (let i = 0; i < 4; i++) {
    const [ax, ay] = corners[i] ?? [0, 0];
    const [bx, by] = corners[(i + 1) % 4] ?? [0, 0];
    if (bx >= ax) continue; // its face looks away from us
    const side = shade(color, -0.22 - ((ay - by) / (half * 2)) * 0.14);
    poly(c, side, ax, ay, bx, by, bx, by - high, ax, ay - high);
    const mid = (k: number, y: number) => [ax + (bx - ax) * k, ay + (by - ay) * k - y] as const;
    for (const k of [0.33, 0.66]) line(c, shade(color, -0.42), 0.02, ...mid(k, 0.04), ...mid(k, high - 0.02));
    line(c, shade(color, -0.05), 0.05, ...mid(0.04, 0.06), ...mid(0.96, 0.06));
  }
  poly(c, color, ...corners.flatMap(([x, y]) => [x, y - high]));
  c.save();
  c.translate(0, -high);
  c.rotate(angle);
  lid(c);
  c.restore();
}

export function drawCrate(c: Brush, angle: number, half = 0.45): void {
  shadow(c, 0.06, 0.06, half * 1.35, half * 1.1, 0.2);
  crateBox(c, half, 0.62, angle, '#c98f52', (t) => {
    for (const k of [-0.5, 0, 0.5]) line(t, '#a8713b', 0.02, -half, k * half, half, k * half);
    t.strokeStyle = '#dfae74';
    t.lineWidth = 0.09;
    t.strokeRect(-half + 0.045, -half + 0.045, half * 2 - 0.09, half * 2 - 0.09);
    line(t, '#dfae74', 0.08, -half + 0.09, -half + 0.09, half - 0.09, half - 0.09);
  });
}

/** A round bale, lying; it is as wide as its body. */
export function drawHay(c: Brush, angle: number, r = 0.55): void {
  shadow(c, 0.06, 0.08, r * 1.12, r * 0.8, 0.22);
  oval(c, 0, -0.05, r, r * 0.82, '#b98a2f');
  slab(c, -r, -0.52, r * 2, 0.5, 0.08, '#cf9f3d');
  oval(c, 0, -0.05, r, r * 0.72, '#cf9f3d');
  for (let i = 0; i < 12; i++) {
    const x = -r * 0.92 + i * r * 0.167;
    const low = Math.sqrt(Math.max(0, 1 - (x / r) ** 2)) * r * 0.66;
    line(c, i % 3 ? '#dcb456' : '#b6862d', 0.025, x, -0.46, x, -0.12 + low * 0.9);
  }
  oval(c, 0, -0.52, r, r * 0.72, '#efcb6a');
  c.save();
  c.translate(0, -0.52);
  c.scale(1, 0.72);
  c.rotate(angle);
  for (let k = 1; k < 5; k++) {
    c.strokeStyle = k % 2 ? '#d3a440' : '#e0b755';
    c.lineWidth = 0.035;
    c.beginPath();
    c.arc(chance(k) * 0.04, 0, (r * k) / 5, k, k + 5.4);
    c.stroke();
  }
  c.restore();
}

export function drawBarrel(c: Brush): void {
  shadow(c, 0.05, 0.05, 0.46, 0.3);
  slab(c, -0.38, -0.72, 0.76, 0.78, 0.2, '#8d5a35');
  oval(c, 0, -0.02, 0.38, 0.2, '#8d5a35');
  for (const x of [-0.22, -0.07, 0.08, 0.23]) line(c, '#74482a', 0.025, x, -0.66, x, 0.12);
  for (const y of [-0.52, -0.12]) curve(c, '#5f676b', 0.07, [-0.385, y], [0, y + 0.3], [0.385, y]);
  oval(c, 0, -0.7, 0.38, 0.2, '#a9713f');
  oval(c, 0, -0.7, 0.3, 0.15, '#5fa6c4');
  curve(c, 'rgba(255,255,255,.6)', 0.03, [-0.16, -0.72], [-0.06, -0.78], [0.06, -0.74]);
}

/** An egg; colours differ a little by id. */
export function drawEgg(c: Brush, seed: number, wobble: number): void {
  c.save();
  c.rotate(wobble);
  const color = ['#fff7ea', '#f7e2c4', '#f0d0ad'][Math.floor(seed * 3)] ?? '#fff7ea';
  oval(c, 0, -0.14, 0.125, 0.16, shade(color, -0.16));
  oval(c, -0.008, -0.148, 0.112, 0.146, color);
  oval(c, -0.045, -0.2, 0.032, 0.045, 'rgba(255, 255, 255, 0.85)', 0.4);
  for (let i = 0; i < 4; i++)
    oval(
      c,
      (chance(seed, i) - 0.5) * 0.15,
      -0.13 + (chance(seed, i + 9) - 0.5) * 0.18,
      0.01,
      0.012,
      shade(color, -0.28),
    );
  c.restore();
}

/** The egg basket on its stump, with as many eggs as it holds. */
export function drawBasket(c: Brush, eggs: number, shake: number): void {
  shadow(c, 0.04, 0.1, 0.85, 0.42);
  slab(c, -0.62, -0.3, 1.24, 0.42, 0.12, '#80583a');
  oval(c, 0, 0.1, 0.62, 0.26, '#80583a');
  for (const x of [-0.4, -0.12, 0.2, 0.46]) line(c, '#6a462c', 0.03, x, -0.2, x * 1.02, 0.22);
  oval(c, 0, -0.3, 0.62, 0.3, '#d3a877');
  oval(c, 0, -0.3, 0.48, 0.22, '#c29460');
  oval(c, 0, -0.3, 0.3, 0.13, '#d3a877');
  c.save();
  c.translate(Math.sin(shake * 40) * shake * 0.05, -0.28);
  curve(c, '#8a5a2c', 0.07, [-0.5, -0.42], [0, -1.28], [0.5, -0.42]);
  poly(c, '#c58a45', -0.56, -0.45, 0.56, -0.45, 0.42, 0.02, -0.42, 0.02);
  oval(c, 0, 0.01, 0.42, 0.16, '#c58a45');
  oval(c, 0, -0.45, 0.56, 0.24, '#8a5a2c');
  oval(c, 0, -0.43, 0.49, 0.19, '#6d4522');
  const shown = Math.min(24, eggs);
  for (let i = 0; i < shown; i++) {
    const ring = i < 9 ? 0 : i < 17 ? 1 : 2;
    const n = [9, 8, 7][ring] ?? 7;
    const a = (i * Math.PI * 2) / n + ring;
    c.save();
    c.translate(Math.cos(a) * (0.37 - ring * 0.11), -0.33 + Math.sin(a) * (0.13 - ring * 0.03) - ring * 0.085);
    drawEgg(c, chance(i, 3), Math.cos(a) * 0.4);
    c.restore();
  }
  c.strokeStyle = '#e2ae68';
  c.lineWidth = 0.09;
  c.lineCap = 'round';
  c.beginPath();
  c.ellipse(0, -0.44, 0.55, 0.24, 0, 0.06, Math.PI - 0.06);
  c.stroke();
  for (let row = 0; row < 3; row++)
    for (let k = -4; k <= 4; k++) {
      const x = k * 0.11 * (1 - row * 0.07) + (row % 2) * 0.05;
      const y = -0.13 + row * 0.12 - Math.abs(k) * 0.012;
      curve(c, row % 2 ? '#a8712f' : '#e0a961', 0.035, [x - 0.05, y], [x, y + 0.045], [x + 0.05, y]);
    }
  c.restore();
}

/** The ball: `roll` turns its patches, `lift` is its hop. */
export function drawBall(c: Brush, rollX: number, rollY: number, lift: number): void {
  const r = 0.3;
  shadow(c, 0.03, 0.02, r * (1 - lift * 0.25), r * 0.6 * (1 - lift * 0.25), 0.26);
  c.save();
  c.translate(0, -r * 0.9 - lift);
  oval(c, 0, 0, r, r, '#d5d0c6');
  c.beginPath();
  c.arc(0, 0, r, 0, Math.PI * 2);
  c.clip();
  oval(c, -0.03, -0.04, r, r, '#fffdf6');
  for (let i = -2; i <= 2; i++)
    for (let j = -2; j <= 2; j++) {
      const x = wrap(i * 0.34 + rollX + (j % 2) * 0.17, 0.85);
      const y = wrap(j * 0.3 + rollY, 0.75);
      const z = 1 - (x * x + y * y) / 0.16;
      if (z > 0) oval(c, x, y, 0.085 * (0.4 + 0.6 * Math.sqrt(z)), 0.085 * (0.4 + 0.6 * Math.sqrt(z)), '#c9473c');
    }
  oval(c, 0.07, 0.1, r * 1.1, r * 1.05, 'rgba(60, 40, 30, 0.12)');
  oval(c, -0.1, -0.12, 0.07, 0.05, 'rgba(255,255,255,.9)', -0.6);
  c.restore();
}
const wrap = (v: number, span: number) => ((((v + span) % (span * 2)) + span * 2) % (span * 2)) - span;

/** One goal; `side` is 1 when its mouth looks to the right. Its posts stand along y. */
export function drawGoal(c: Brush, side: number, color: string): void {
  const half = 1.6;
  const high = 1.15;
  const deep = -side * 0.95;
  const net = (x0: number, y0: number, x1: number, y1: number, x2: number, y2: number, x3: number, y3: number) => {
    c.strokeStyle = 'rgba(255, 255, 255, 0.55)';
    c.lineWidth = 0.022;
    c.beginPath();
    for (let i = 0; i <= 8; i++) {
      const k = i / 8;
      c.moveTo(x0 + (x1 - x0) * k, y0 + (y1 - y0) * k);
      c.lineTo(x3 + (x2 - x3) * k, y3 + (y2 - y3) * k);
      c.moveTo(x0 + (x3 - x0) * k, y0 + (y3 - y0) * k);
      c.lineTo(x1 + (x2 - x1) * k, y1 + (y2 - y1) * k);
    }
    c.stroke();
  };
  poly(c, 'rgba(30, 50, 20, 0.16)', 0, -half, deep, -half, deep, half, 0, half);
  net(deep, -half, deep, half, 0, half - high, 0, -half - high);
  net(deep, -half, 0, -half, 0, -half - high, 0, -half - high);
  net(deep, half, 0, half, 0, half - high, 0, half - high);
  line(c, shade(color, -0.25), 0.07, 0, -half, deep, -half, deep, half, 0, half);
  line(c, '#fffaf0', 0.13, 0, -half, 0, -half - high, 0, half - high, 0, half);
  for (const y of [-half, half]) line(c, color, 0.13, 0, y, 0, y - 0.3);
}

/** The board with the score. */
export function drawScoreboard(c: Brush, red: number, blue: number): void {
  shadow(c, 0.08, 0.05, 1.25, 0.2);
  for (const x of [-0.85, 0.85]) slab(c, x - 0.08, -1.3, 0.16, 1.34, 0.04, '#7b5334');
  slab(c, -1.25, -1.75, 2.5, 1.05, 0.1, '#6b452b');
  slab(c, -1.16, -1.67, 2.32, 0.88, 0.06, '#2f4a3c');
  poly(c, '#8a5c38', -1.4, -1.7, 0, -2.08, 1.4, -1.7, 1.3, -1.62, 0, -1.96, -1.3, -1.62);
  c.textAlign = 'center';
  c.textBaseline = 'middle';
  c.font = 'bold 0.62px Georgia, "Liberation Serif", serif';
  c.fillStyle = '#ffb3a6';
  c.fillText(String(red), -0.62, -1.2);
  c.fillStyle = '#a9d4f2';
  c.fillText(String(blue), 0.62, -1.2);
  c.fillStyle = '#f4efe0';
  c.font = 'bold 0.5px Georgia, "Liberation Serif", serif';
  c.fillText(':', 0, -1.24);
}

/** The gate in the fence: `open` runs from 0 to 1. It hangs on its left post. */
export function drawGate(c: Brush, open: number, wide = 2): void {
  const half = wide / 2;
  const swing = open * 1.35;
  const ex = -half + 0.1 + Math.cos(swing) * (wide - 0.2);
  const ey = -Math.sin(swing) * (wide - 0.2) * 0.62;
  shadow(c, (-half + ex) / 2, ey / 2 + 0.06, half * 0.9, 0.12, 0.14);
  const leaf = () => {
    for (const y of [-0.22, -0.5, -0.78]) line(c, '#e8d9bb', 0.11, -half + 0.1, y, ex, ey + y);
    line(c, '#d6c4a0', 0.09, -half + 0.12, -0.2, ex, ey - 0.78);
    line(c, '#e8d9bb', 0.12, ex, ey - 0.1, ex, ey - 0.9);
    line(c, '#e8d9bb', 0.1, -half + 0.12, -0.1, -half + 0.12, -0.9);
  };
  leaf();
  for (const x of [-half, half]) {
    slab(c, x - 0.1, -1.1, 0.2, 1.16, 0.05, '#a8835a');
    oval(c, x, -1.1, 0.14, 0.09, '#c9a478');
  }
}

export function drawSign(c: Brush): void {
  shadow(c, 0.03, 0.02, 0.3, 0.1);
  slab(c, -0.06, -0.8, 0.12, 0.84, 0.03, '#7b5334');
  poly(c, '#b98555', -0.46, -1.02, 0.38, -1.02, 0.54, -0.83, 0.38, -0.62, -0.46, -0.62);
  poly(c, '#d3a271', -0.42, -0.98, 0.36, -0.98, 0.48, -0.83, 0.36, -0.67, -0.42, -0.67);
  for (const y of [-0.88, -0.77]) line(c, '#8c6038', 0.03, -0.3, y, 0.24, y);
}

/** The light at the barn's threshold; arrows show the way through, `down` out of the picture. */
export function drawPortal(c: Brush, t: number, down: boolean, wide = 1.8): void {
  const glow = 0.28 + Math.sin(t * 2.2) * 0.08;
  const g = c.createRadialGradient(0, 0.1, 0.05, 0, 0.1, wide * 0.75);
  g.addColorStop(0, `rgba(255, 236, 170, ${glow})`);
  g.addColorStop(1, 'rgba(255, 236, 170, 0)');
  c.fillStyle = g;
  c.fillRect(-wide, -1, wide * 2, 2.2);
  for (let k = 0; k < 3; k++) {
    const y = 0.55 - ((t * 0.5 + k / 3) % 1) * 0.5;
    c.globalAlpha = 0.55 * Math.sin(((t * 0.5 + k / 3) % 1) * Math.PI);
    if (down) line(c, '#fff3c9', 0.06, -0.18, -y - 0.12, 0, -y, 0.18, -y - 0.12);
    else line(c, '#fff3c9', 0.06, -0.18, y + 0.12, 0, y, 0.18, y + 0.12);
  }
  c.globalAlpha = 1;
}
