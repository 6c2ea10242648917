import { type Brush, chanceOf, curve, line, oval, pick, poly, shade } from './brush.ts';

/** How a creature is held at this moment. All of it is made up on this screen: the server knows places only. */
export type Pose = {
  /** Seconds, for breathing and blinking. */
  readonly t: number;
  /** 1 looks right, -1 left; between while it turns. */
  readonly face: number;
  /** Steps walked, in radians. */
  readonly step: number;
  /** 0 stands, 1 walks, above it runs. */
  readonly pace: number;
  /** 0 … 1: head down at the ground. */
  readonly peck: number;
  /** 0 … 1: head up at somebody. */
  readonly look: number;
  /** Metres above the ground, of a hop. */
  readonly lift: number;
  /** 1 as it is; below it is squashed. */
  readonly squash: number;
  /** True when it goes away from us. */
  readonly away: boolean;
  readonly seed: string;
};

const blink = (p: Pose) => (p.t * 0.31 + chanceOf(p.seed) * 7) % 1 > 0.965;

type Coat = { readonly body: string; readonly wing: string; readonly tail: string };
const coats: readonly [Coat, ...Coat[]] = [
  { body: '#fff6e3', wing: '#f0dfc0', tail: '#fffaf0' },
  { body: '#d98a4a', wing: '#b9692f', tail: '#7b3f1f' },
  { body: '#f3d9a4', wing: '#deb871', tail: '#c69648' },
  { body: '#6d5a57', wing: '#51413f', tail: '#3a2f30' },
  { body: '#c9c2bd', wing: '#a59c98', tail: '#8a807d' },
  { body: '#b5532f', wing: '#8f3d22', tail: '#5f2a1a' },
];

const rooster: Coat = { body: '#c4622d', wing: '#8b3e1d', tail: '#27504a' };

function legs(c: Brush, p: Pose, color: string, wide: number, high: number): void {
  for (const side of [-1, 1]) {
    const swing = Math.sin(p.step + (side > 0 ? 0 : Math.PI)) * 0.11 * Math.min(1.5, p.pace);
    const up = Math.max(0, Math.cos(p.step + (side > 0 ? 0 : Math.PI))) * 0.07 * Math.min(1, p.pace);
    const x = side * wide + swing;
    line(c, color, 0.045, side * wide * 0.8, -high, x, -up - 0.01, x + 0.09, -up);
    line(c, color, 0.035, x, -up - 0.01, x - 0.05, -up);
  }
}

function eye(c: Brush, p: Pose, x: number, y: number, r: number): void {
  if (blink(p)) return line(c, '#2b1d18', r * 0.7, x - r, y, x + r, y);
  oval(c, x, y, r, r * 1.15, '#2b1d18');
  oval(c, x + r * 0.3, y - r * 0.4, r * 0.36, r * 0.36, '#fff');
}

/** A hen, about 0.8 m high; a rooster when `proud`. `dyed`: a colour that its script gave it. Its feet are at (0, 0). */
export function drawHen(c: Brush, p: Pose, proud = false, dyed = ''): void {
  const coat = proud
    ? rooster
    : /^#[0-9a-f]{6}$/i.test(dyed)
      ? { body: dyed, wing: dyed, tail: dyed }
      : pick(coats, chanceOf(p.seed, 3));
  const bob =
    Math.abs(Math.sin(p.step)) * 0.035 * Math.min(1.4, p.pace) + Math.sin(p.t * 2.4 + chanceOf(p.seed) * 9) * 0.006;
  const size = proud ? 1.14 : 1;
  c.save();
  c.translate(0, -p.lift);
  c.scale(size * (p.face < 0 ? -1 : 1) * Math.max(0.5, Math.abs(p.face)) * (2 - p.squash), size * p.squash);
  legs(c, p, '#e8953a', 0.09, 0.22);
  c.translate(0, -bob);
  // tail
  const wag = Math.sin(p.step * 2) * 0.03 + Math.sin(p.t * 1.3) * 0.015;
  if (proud) {
    for (const [i, hue] of ['#1c3c3a', '#27504a', '#35695c', '#7a2f25'].entries())
      curve(
        c,
        hue,
        0.1,
        [-0.2, -0.42],
        [-0.48 - i * 0.03, -0.95 + i * 0.1 + wag],
        [-0.66 + i * 0.05, -0.62 + i * 0.12],
      );
  } else {
    oval(c, -0.33, -0.53 + wag, 0.17, 0.075, shade(coat.tail, -0.12), 0.75);
    oval(c, -0.34, -0.47 + wag, 0.17, 0.075, coat.tail, 0.45);
    oval(c, -0.33, -0.41 + wag, 0.15, 0.07, shade(coat.tail, -0.08), 0.15);
  }
  // body
  oval(c, 0, -0.34, 0.34, 0.25, shade(coat.body, -0.16), -0.12);
  oval(c, 0.01, -0.36, 0.325, 0.232, coat.body, -0.12);
  oval(c, 0.17, -0.32, 0.15, 0.15, shade(coat.body, 0.25));
  const flap = p.pace > 1.4 || p.lift > 0.06 ? Math.sin(p.t * 34) * 0.5 : 0;
  c.save();
  c.translate(-0.02, -0.42);
  c.rotate(0.12 + flap);
  oval(c, -0.09, 0.06, 0.19, 0.13, shade(coat.wing, -0.1), 0.1);
  oval(c, -0.08, 0.05, 0.18, 0.115, coat.wing, 0.1);
  curve(c, shade(coat.wing, -0.18), 0.022, [-0.2, 0.06], [-0.12, 0.13], [0, 0.12]);
  curve(c, shade(coat.wing, -0.18), 0.022, [-0.17, 0.0], [-0.09, 0.08], [0.03, 0.06]);
  c.restore();
  // head
  const nod = p.peck > 0.05 ? 0 : Math.sin(p.step * 2) * 0.05 * Math.min(1, p.pace);
  const hx = 0.26 + nod + p.peck * 0.17;
  const hy = -0.66 + p.peck * 0.52 - p.look * 0.05;
  c.strokeStyle = coat.body;
  c.lineWidth = 0.2;
  c.lineCap = 'round';
  c.beginPath();
  c.moveTo(0.15, -0.42);
  c.quadraticCurveTo(0.24, -0.5 + p.peck * 0.1, hx, hy);
  c.stroke();
  if (!p.away || p.look > 0.4)
    poly(c, '#f0a63a', hx + 0.1, hy - 0.05 - p.look * 0.02, hx + 0.25, hy + 0.0 - p.look * 0.06, hx + 0.1, hy + 0.06);
  oval(c, hx + 0.11, hy + 0.11, 0.04, 0.065, '#d8402f');
  for (const [i, r] of [0.052, 0.062, 0.05].entries())
    oval(
      c,
      hx - 0.07 + i * 0.07,
      hy - 0.14 - (i === 1 ? 0.025 : 0),
      r * (proud ? 1.35 : 1),
      r * (proud ? 1.7 : 1.15),
      '#e04b37',
    );
  oval(c, hx, hy, 0.145, 0.14, coat.body);
  if (!p.away || p.look > 0.4) {
    oval(c, hx + 0.03, hy + 0.045, 0.045, 0.03, 'rgba(255, 140, 120, 0.5)');
    eye(c, p, hx + 0.055, hy - 0.025 - p.look * 0.015, 0.03 + p.look * 0.006);
  }
  c.restore();
}

/** A chick: a yellow ball of down on two legs. */
export function drawChick(c: Brush, p: Pose): void {
  c.save();
  c.translate(0, -p.lift - Math.abs(Math.sin(p.step)) * 0.04 * Math.min(1.4, p.pace));
  c.scale((p.face < 0 ? -1 : 1) * (2 - p.squash), p.squash);
  legs(c, p, '#e8953a', 0.05, 0.1);
  oval(c, 0, -0.17, 0.16, 0.14, '#eebd3b');
  oval(c, 0.01, -0.18, 0.15, 0.125, '#ffd95c');
  oval(c, 0.09, -0.31 + p.peck * 0.16, 0.11, 0.105, '#ffe07a');
  oval(c, -0.05, -0.18, 0.08, 0.06, '#f0c040', 0.3);
  poly(c, '#f08c2e', 0.18, -0.33 + p.peck * 0.16, 0.25, -0.3 + p.peck * 0.16, 0.18, -0.28 + p.peck * 0.16);
  eye(c, p, 0.13, -0.33 + p.peck * 0.16, 0.022);
  c.restore();
}

/** A duck; it swims, so its keel is at (0, 0). */
export function drawDuck(c: Brush, p: Pose): void {
  const drake = chanceOf(p.seed, 5) > 0.5;
  const body = drake ? '#cfd3d0' : '#b98d5f';
  c.save();
  c.translate(0, Math.sin(p.t * 2 + chanceOf(p.seed) * 6) * 0.02);
  c.scale(p.face < 0 ? -1 : 1, 1);
  oval(c, 0, -0.06, 0.36, 0.17, shade(body, -0.2));
  oval(c, 0, -0.11, 0.34, 0.16, body);
  poly(c, shade(body, -0.1), -0.26, -0.18, -0.46, -0.26, -0.32, -0.05);
  oval(c, -0.05, -0.14, 0.2, 0.1, shade(body, -0.14), -0.08);
  oval(c, 0.2, -0.1, 0.12, 0.13, drake ? '#7a4a38' : shade(body, 0.12));
  const hy = -0.34 + p.peck * 0.26;
  line(c, drake ? '#2f6b52' : body, 0.13, 0.2, -0.16, 0.24, hy);
  oval(c, 0.25, hy, 0.115, 0.105, drake ? '#2f6b52' : shade(body, -0.06));
  poly(c, '#eeb12f', 0.33, hy - 0.02, 0.5, hy + 0.02, 0.48, hy + 0.06, 0.33, hy + 0.06);
  if (drake) line(c, '#fff', 0.035, 0.15, -0.22, 0.3, -0.2);
  eye(c, p, 0.28, hy - 0.03, 0.024);
  c.restore();
}

/** The fox, awake or curled up in its den. */
export function drawFox(c: Brush, p: Pose, asleep: boolean): void {
  const fur = '#e0702c';
  c.save();
  c.scale((p.face < 0 ? -1 : 1) * Math.max(0.6, Math.abs(p.face)), 1);
  if (asleep) {
    const breath = 1 + Math.sin(p.t * 1.4) * 0.03;
    oval(c, 0, -0.18, 0.46, 0.26 * breath, shade(fur, -0.15));
    oval(c, 0.02, -0.21, 0.43, 0.23 * breath, fur);
    curve(c, shade(fur, -0.08), 0.22, [-0.38, -0.14], [-0.1, 0.1], [0.28, -0.06]);
    oval(c, 0.32, -0.08, 0.13, 0.095, '#fff3e2', -0.2);
    poly(c, shade(fur, -0.2), 0.06, -0.34, 0.09, -0.54, 0.22, -0.36);
    oval(c, 0.2, -0.26, 0.17, 0.13, shade(fur, 0.05));
    curve(c, '#2b1d18', 0.025, [0.2, -0.25], [0.24, -0.22], [0.28, -0.25]);
    c.restore();
    return;
  }
  const lope = Math.sin(p.step) * Math.min(1.3, p.pace);
  c.translate(0, -p.lift - Math.abs(lope) * 0.05);
  for (const [i, x] of [-0.26, -0.17, 0.2, 0.28].entries()) {
    const swing = Math.sin(p.step + (i % 2) * Math.PI + (i > 1 ? 0.6 : 0)) * 0.13 * Math.min(1.3, p.pace);
    line(c, i % 2 ? '#4a2a1c' : '#3a2018', 0.075, x, -0.28, x + swing, -0.02);
  }
  const sweep = Math.sin(p.t * 3 + p.step) * 0.08;
  curve(c, shade(fur, -0.08), 0.2, [-0.34, -0.4], [-0.62, -0.46 + sweep], [-0.78, -0.3 + sweep]);
  oval(c, -0.84, -0.27 + sweep, 0.12, 0.09, '#fff3e2', -0.5);
  oval(c, 0, -0.38, 0.4, 0.18, shade(fur, -0.12), -0.03);
  oval(c, 0, -0.41, 0.385, 0.16, fur, -0.03);
  oval(c, 0.22, -0.34, 0.15, 0.13, '#fff3e2');
  const hx = 0.4;
  const hy = -0.58 + p.peck * 0.3 + lope * 0.02;
  poly(c, '#4a2a1c', hx - 0.16, hy - 0.08, hx - 0.14, hy - 0.32, hx - 0.01, hy - 0.13);
  poly(c, fur, hx - 0.02, hy - 0.1, hx + 0.04, hy - 0.33, hx + 0.13, hy - 0.09);
  oval(c, hx, hy, 0.19, 0.16, fur);
  poly(c, '#fff3e2', hx + 0.02, hy + 0.02, hx + 0.36, hy + 0.05, hx + 0.06, hy + 0.15);
  poly(c, fur, hx + 0.08, hy - 0.08, hx + 0.37, hy + 0.04, hx + 0.08, hy + 0.05);
  oval(c, hx + 0.36, hy + 0.045, 0.035, 0.03, '#2b1d18');
  eye(c, p, hx + 0.08, hy - 0.03, 0.028);
  c.restore();
}

/** Berta the cow. */
export function drawCow(c: Brush, p: Pose): void {
  c.save();
  c.scale(p.face < 0 ? -1 : 1, 1);
  for (const x of [-0.55, -0.36, 0.38, 0.56]) slab4(c, x);
  curve(
    c,
    '#efe6dc',
    0.06,
    [-0.78, -1.05],
    [-1 + Math.sin(p.t * 1.7) * 0.08, -0.8],
    [-0.92 + Math.sin(p.t * 1.7) * 0.16, -0.45],
  );
  oval(c, -0.92 + Math.sin(p.t * 1.7) * 0.16, -0.42, 0.06, 0.09, '#5b4237');
  oval(c, 0, -0.86, 0.84, 0.42, '#dccfc2');
  oval(c, 0, -0.9, 0.82, 0.4, '#fbf4ea');
  oval(c, -0.38, -1, 0.3, 0.22, '#6a4b3c', 0.3);
  oval(c, 0.22, -0.8, 0.24, 0.18, '#6a4b3c', -0.4);
  oval(c, -0.12, -0.56, 0.2, 0.11, '#f3b9ae');
  const hy = -1.22 + Math.sin(p.t * 0.9) * 0.03 + p.peck * 0.35;
  line(c, '#fbf4ea', 0.4, 0.56, -1, 0.8, hy);
  for (const s of [-1, 1]) {
    oval(c, 0.86 + s * 0.3, hy - 0.12, 0.15, 0.08, '#6a4b3c', s * 0.35);
    curve(c, '#e9d8b4', 0.075, [0.86 + s * 0.12, hy - 0.22], [0.86 + s * 0.24, hy - 0.26], [0.86 + s * 0.2, hy - 0.4]);
  }
  oval(c, 0.86, hy, 0.25, 0.3, '#fbf4ea');
  oval(c, 0.76, hy - 0.1, 0.12, 0.16, '#6a4b3c', 0.2);
  oval(c, 0.88, hy + 0.24, 0.22, 0.15, '#f3b9ae');
  oval(c, 0.81, hy + 0.24, 0.03, 0.04, '#c9837a');
  oval(c, 0.95, hy + 0.24, 0.03, 0.04, '#c9837a');
  eye(c, p, 0.77, hy - 0.06, 0.04);
  eye(c, { ...p, seed: `${p.seed}.` }, 0.97, hy - 0.06, 0.04);
  oval(c, 0.66, -0.66, 0.1, 0.11, '#d9a632');
  c.restore();
}

function slab4(c: Brush, x: number): void {
  line(c, '#efe6dc', 0.18, x, -0.6, x, -0.12);
  line(c, '#4b3a33', 0.18, x, -0.08, x, -0.07);
}
