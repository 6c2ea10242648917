import { type Brush, curve, line, oval, poly, shade, slab } from './brush.ts';

/** The barn: its footprint is `w` wide, (0, 0) is the middle of its front edge on the ground. */
export function drawBarn(c: Brush, w: number, deep: number): void {
  const half = w / 2;
  const wall = 2.5;
  const red = '#b5452f';
  poly(c, 'rgba(38, 42, 24, 0.22)', -half, 0.05, half + 0.9, 0.05, half + 1.2, -deep + 0.4, half, -deep);
  // front wall with its gable
  poly(
    c,
    red,
    -half,
    0,
    -half,
    -wall,
    -half * 0.55,
    -wall - 1.5,
    0,
    -wall - 2.2,
    half * 0.55,
    -wall - 1.5,
    half,
    -wall,
    half,
    0,
  );
  for (let i = 1; i < 16; i++) {
    const x = -half + (i * w) / 16;
    const k = Math.abs(x) / half;
    const top = k > 0.55 ? wall + (1.5 * (1 - k)) / 0.45 : wall + 1.5 + (0.7 * (0.55 - k)) / 0.55;
    line(c, shade(red, i % 2 ? -0.12 : -0.2), 0.03, x, -0.04, x, -top + 0.05);
  }
  poly(
    c,
    'rgba(40, 10, 0, 0.16)',
    -half,
    -wall + 0.15,
    -half * 0.55,
    -wall - 1.3,
    0,
    -wall - 2,
    half * 0.55,
    -wall - 1.3,
    half,
    -wall + 0.15,
    half,
    -wall + 0.75,
    half * 0.55,
    -wall - 0.75,
    0,
    -wall - 1.45,
    -half * 0.55,
    -wall - 0.75,
    -half,
    -wall + 0.75,
  );
  // roof: we look on its front edge and a little of its back
  const edge = [
    -half - 0.35,
    -wall + 0.12,
    -half * 0.56,
    -wall - 1.56,
    0,
    -wall - 2.3,
    half * 0.56,
    -wall - 1.56,
    half + 0.35,
    -wall + 0.12,
  ] as const;
  const up = deep * 0.42;
  poly(
    c,
    '#6f6a70',
    ...edge,
    half + 0.35,
    -wall + 0.12 - up,
    half * 0.56,
    -wall - 1.56 - up,
    0,
    -wall - 2.3 - up,
    -half * 0.56,
    -wall - 1.56 - up,
    -half - 0.35,
    -wall + 0.12 - up,
  );
  poly(
    c,
    '#7f7a80',
    -half - 0.35,
    -wall + 0.12,
    -half * 0.56,
    -wall - 1.56,
    -half * 0.56,
    -wall - 1.56 - up,
    -half - 0.35,
    -wall + 0.12 - up,
  );
  poly(c, '#8e898e', -half * 0.56, -wall - 1.56, 0, -wall - 2.3, 0, -wall - 2.3 - up, -half * 0.56, -wall - 1.56 - up);
  for (let k = 1; k < 5; k++) {
    const y = (up * k) / 5;
    line(
      c,
      'rgba(50, 45, 52, 0.35)',
      0.03,
      -half - 0.35,
      -wall + 0.12 - y,
      -half * 0.56,
      -wall - 1.56 - y,
      0,
      -wall - 2.3 - y,
      half * 0.56,
      -wall - 1.56 - y,
      half + 0.35,
      -wall + 0.12 - y,
    );
  }
  line(c, '#fbf3e2', 0.17, ...edge);
  // hay door with a beam
  slab(c, -0.62, -wall - 1.15, 1.24, 1.1, 0.08, '#fbf3e2');
  slab(c, -0.52, -wall - 1.05, 1.04, 0.95, 0.05, '#5d3320');
  oval(c, -0.2, -wall - 0.22, 0.3, 0.2, '#e3bd62');
  oval(c, 0.2, -wall - 0.2, 0.32, 0.22, '#efcf7a');
  // big door
  slab(c, -1.25, -2.15, 2.5, 2.15, 0.06, '#fbf3e2');
  slab(c, -1.1, -2.0, 2.2, 2.0, 0.03, '#3a2015');
  const glow = c.createLinearGradient(0, -2, 0, 0);
  glow.addColorStop(0, 'rgba(255, 190, 90, 0.1)');
  glow.addColorStop(1, 'rgba(255, 205, 120, 0.55)');
  c.fillStyle = glow;
  c.fillRect(-1.1, -2, 2.2, 2);
  for (const s of [-1, 1]) {
    const x = s * 1.85;
    slab(c, x - 0.6, -2.1, 1.2, 2.08, 0.04, shade(red, -0.14));
    c.strokeStyle = '#fbf3e2';
    c.lineWidth = 0.1;
    c.strokeRect(x - 0.54, -2.04, 1.08, 1.96);
    line(c, '#fbf3e2', 0.09, x - 0.5, -2, x + 0.5, -0.12);
    line(c, '#fbf3e2', 0.09, x + 0.5, -2, x - 0.5, -0.12);
  }
  for (const s of [-1, 1]) window4(c, s * (half - 0.85), -1.75, 0.42);
  slab(c, -half, -0.14, w, 0.16, 0.02, '#8d8a80');
}

function window4(c: Brush, x: number, y: number, r: number): void {
  slab(c, x - r - 0.08, y - r - 0.08, r * 2 + 0.16, r * 2 + 0.16, 0.04, '#fbf3e2');
  slab(c, x - r, y - r, r * 2, r * 2, 0.02, '#4e6f83');
  poly(c, 'rgba(255, 255, 255, 0.28)', x - r, y - r, x + r * 0.3, y - r, x - r, y + r * 0.5);
  line(c, '#fbf3e2', 0.06, x, y - r, x, y + r);
  line(c, '#fbf3e2', 0.06, x - r, y, x + r, y);
}

/** The farmhouse, (0, 0) the middle of its front edge. */
export function drawFarmhouse(c: Brush, w: number, deep: number): void {
  const half = w / 2;
  const wall = 1.9;
  const top = wall + 1.85 + deep * 0.15;
  poly(c, 'rgba(38, 42, 24, 0.22)', -half, 0.05, half + 0.8, 0.05, half + 1.1, -deep + 0.4, half, -deep);
  slab(c, -half, -wall, w, wall, 0.04, '#f4e6cb');
  slab(c, -half, -0.5, w, 0.5, 0.02, '#b8a88f');
  for (let i = 0; i < 12; i++)
    slab(c, -half + 0.1 + i * 0.5, i % 2 ? -0.24 : -0.44, 0.4, 0.17, 0.05, i % 3 ? '#c9baa1' : '#a8997f');
  c.fillStyle = 'rgba(70, 40, 10, 0.16)';
  c.fillRect(-half, -wall, w, 0.35);
  // chimney, roof
  slab(c, half - 1.5, -top - 0.6, 0.62, 1.4, 0.03, '#a0604a');
  slab(c, half - 1.58, -top - 0.68, 0.78, 0.2, 0.04, '#8a4f3c');
  poly(c, '#5f7f8c', -half - 0.45, -wall + 0.1, -half + 0.35, -top, half - 0.35, -top, half + 0.45, -wall + 0.1);
  for (let row = 0; row < 6; row++) {
    const y = -wall + 0.02 - (row * (top - wall)) / 6;
    const wide = half + 0.42 - (row * 0.78) / 6;
    for (let i = 0; i < 15; i++) {
      const x = -wide + ((i + (row % 2) * 0.5) * wide * 2) / 15;
      if (x + (wide * 2) / 15 > wide) continue;
      slab(
        c,
        x,
        y - 0.3,
        (wide * 2) / 15 - 0.03,
        0.32,
        0.1,
        ['#6d90a0', '#648694', '#7799a8'][(i * 7 + row * 3) % 3] ?? '#6d90a0',
      );
    }
  }
  line(c, '#4c6974', 0.14, -half + 0.33, -top, half - 0.33, -top);
  line(c, '#e9dcc2', 0.12, -half - 0.45, -wall + 0.12, half + 0.45, -wall + 0.12);
  // dormer
  poly(c, '#f4e6cb', -0.55, -wall - 0.35, -0.55, -wall - 0.95, 0, -wall - 1.4, 0.55, -wall - 0.95, 0.55, -wall - 0.35);
  line(c, '#4c6974', 0.13, -0.7, -wall - 0.88, 0, -wall - 1.46, 0.7, -wall - 0.88);
  window4(c, 0, -wall - 0.68, 0.24);
  // door and windows
  slab(c, -0.5, -1.5, 1, 1.5, 0.34, '#fbf3e2');
  slab(c, -0.4, -1.4, 0.8, 1.4, 0.3, '#3f7f74');
  for (const x of [-0.13, 0.13]) line(c, '#35695f', 0.03, x, -1.2, x, -0.08);
  oval(c, 0.26, -0.65, 0.055, 0.055, '#f0c860');
  slab(c, -0.65, -0.06, 1.3, 0.16, 0.04, '#a8997f');
  for (const s of [-1, 1]) {
    window4(c, s * (half - 1.15), -1.12, 0.36);
    for (const side of [-1, 1]) slab(c, s * (half - 1.15) + side * 0.56 - 0.11, -1.5, 0.22, 0.78, 0.03, '#3f7f74');
    slab(c, s * (half - 1.15) - 0.46, -0.72, 0.92, 0.2, 0.04, '#a0604a');
    for (let i = 0; i < 6; i++)
      oval(
        c,
        s * (half - 1.15) - 0.38 + i * 0.15,
        -0.76 - (i % 2) * 0.06,
        0.085,
        0.08,
        ['#e5533f', '#f3b8c6', '#fff4e0'][i % 3] ?? '#fff',
      );
  }
  // a climbing rose
  curve(c, '#5f8f48', 0.07, [half - 0.2, 0], [half - 0.05, -0.9], [half - 0.35, -wall]);
  for (let i = 0; i < 9; i++) {
    oval(c, half - 0.2 + Math.sin(i * 2) * 0.17, -0.25 - i * 0.19, 0.13, 0.1, '#6da153');
    if (i % 2) oval(c, half - 0.18 + Math.cos(i * 3) * 0.16, -0.25 - i * 0.19, 0.075, 0.07, '#ec7f95');
  }
}

/** Where lamplight falls from the houses at night, relative to their front edge: x, y, radius, strength. */
export const houseLights = {
  farmhouse: [
    [-1.85, -1.1, 2.2, 0.7],
    [1.85, -1.1, 2.2, 0.7],
    [0, -2.6, 1.4, 0.5],
  ],
  barn: [
    [0, -0.6, 4, 0.95],
    [-3.15, -1.7, 1.6, 0.5],
    [3.15, -1.7, 1.6, 0.5],
  ],
} as const;
