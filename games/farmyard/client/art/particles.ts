import { type Brush, line, oval, poly } from './brush.ts';

type Shape = 'dot' | 'feather' | 'heart' | 'paper' | 'spark' | 'puff' | 'note' | 'drop' | 'star';

type Particle = {
  x: number;
  y: number;
  /** Height above the ground. */
  z: number;
  vx: number;
  vy: number;
  vz: number;
  readonly fall: number;
  readonly drag: number;
  readonly life: number;
  age: number;
  readonly size: number;
  readonly color: string;
  readonly shape: Shape;
  spin: number;
};

export type Start = { readonly x: number; readonly y: number; readonly z?: number };
const most = 900;
const bright: readonly string[] = ['#f25f5c', '#ffe066', '#70c1b3', '#9b7ede', '#f7a8c4', '#6fb7f2', '#f29e4c'];

/** Everything small that flies for a moment. Purely for the eye. */
export class Particles {
  readonly #all: Particle[] = [];
  readonly #prints: { x: number; y: number; age: number; size: number; side: number; turn: number }[] = [];
  readonly #later: { at: number; run: () => void }[] = [];
  #t = 0;
  /** For people who asked their system for less motion. */
  calm = false;

  #add(n: number, at: Start, make: (i: number) => Partial<Particle> & { readonly shape: Shape }): void {
    const count = this.calm ? Math.ceil(n / 4) : n;
    for (let i = 0; i < count && this.#all.length < most; i++) {
      this.#all.push({
        x: at.x,
        y: at.y,
        z: at.z ?? 0.2,
        vx: 0,
        vy: 0,
        vz: 0,
        fall: 4,
        drag: 1,
        life: 1,
        age: 0,
        size: 0.1,
        color: '#fff',
        spin: Math.random() * 6,
        ...make(i),
      });
    }
  }

  feathers(at: Start, n = 10): void {
    this.#add(n, at, () => ({
      shape: 'feather',
      vx: swing(2.4),
      vy: swing(1.6),
      vz: 1 + Math.random() * 2,
      fall: 1.6,
      drag: 2.2,
      life: 1.8,
      size: 0.13,
      color: Math.random() > 0.4 ? '#fff8ea' : '#e6c48a',
    }));
  }

  hearts(at: Start, n = 4): void {
    this.#add(n, { ...at, z: at.z ?? 0.9 }, () => ({
      shape: 'heart',
      vx: swing(0.7),
      vz: 0.8 + Math.random() * 0.5,
      fall: 0,
      drag: 0.6,
      life: 1.4,
      size: 0.15,
      color: '#e8506a',
    }));
  }

  grain(from: Start, to: Start): void {
    this.#add(12, { ...from, z: 0.8 }, () => ({
      shape: 'dot',
      vx: (to.x - from.x) * 1.6 + swing(0.8),
      vy: (to.y - from.y) * 1.6 + swing(0.6),
      vz: 1.5 + Math.random(),
      fall: 7,
      drag: 0.3,
      life: 1.1,
      size: 0.04,
      color: '#f2c84b',
    }));
  }

  dust(at: Start, n = 1): void {
    this.#add(n, { ...at, z: 0.05 }, () => ({
      shape: 'puff',
      vx: swing(0.5),
      vy: swing(0.2),
      vz: 0.35,
      fall: 0.1,
      drag: 2,
      life: 0.7,
      size: 0.13,
      color: '214, 190, 140',
    }));
  }

  splash(at: Start): void {
    this.#add(7, { ...at, z: 0.05 }, () => ({
      shape: 'drop',
      vx: swing(1.4),
      vy: swing(0.8),
      vz: 1.4 + Math.random(),
      fall: 6,
      life: 0.6,
      size: 0.05,
      color: '#d5f1f7',
    }));
  }

  note(at: Start): void {
    this.#add(1, { ...at, z: 1 }, () => ({
      shape: 'note',
      vx: swing(0.4),
      vz: 0.7,
      fall: 0,
      drag: 0.5,
      life: 1.3,
      size: 0.2,
      color: '#fff3d0',
    }));
  }

  stars(at: Start, n = 8): void {
    this.#add(n, { ...at, z: at.z ?? 0.6 }, (i) => ({
      shape: 'star',
      vx: Math.cos(i * 0.8) * 1.4,
      vy: Math.sin(i * 0.8) * 0.9,
      vz: 1 + Math.random(),
      fall: 2.4,
      drag: 1.6,
      life: 0.9,
      size: 0.11,
      color: '#ffe27a',
    }));
  }

  smoke(at: Start): void {
    this.#add(1, at, () => ({
      shape: 'puff',
      vx: 0.25 + swing(0.12),
      vz: 0.55,
      fall: -0.05,
      drag: 0.2,
      life: 4,
      size: 0.26,
      color: '240, 236, 228',
    }));
  }

  confetti(at: Start, n = 90): void {
    this.#add(n, { ...at, z: 0.6 }, (i) => ({
      shape: 'paper',
      vx: swing(5),
      vy: swing(3),
      vz: 3 + Math.random() * 4,
      fall: 4.5,
      drag: 1.5,
      life: 2.8 + Math.random(),
      size: 0.12,
      color: bright[i % bright.length] ?? '#fff',
    }));
  }

  /** Rockets that rise from a place one after another and burst. */
  fireworks(at: Start, rockets = 9): void {
    for (let i = 0; i < (this.calm ? 3 : rockets); i++) {
      const x = at.x + swing(9);
      const y = at.y + swing(2);
      const z = 3.6 + Math.random() * 3;
      const color = bright[i % bright.length] ?? '#fff';
      const begin = this.#t + i * 0.45;
      this.#later.push({
        at: begin,
        run: () =>
          this.#add(1, { x: at.x, y: at.y, z: 0.6 }, () => ({
            shape: 'spark',
            vx: (x - at.x) / 0.75,
            vy: (y - at.y) / 0.75,
            vz: z / 0.75,
            fall: 0,
            drag: 0,
            life: 0.75,
            size: 0.12,
            color: '#ffe9b0',
          })),
      });
      this.#later.push({ at: begin + 0.75, run: () => this.#burst({ x, y, z }, color) });
    }
  }

  #burst(at: Start, color: string): void {
    this.#add(46, at, (i) => {
      const a = (i / 46) * Math.PI * 2;
      const r = i % 2 ? 3.4 : 2.2;
      return {
        shape: 'spark',
        vx: Math.cos(a) * r,
        vy: 0,
        vz: Math.sin(a) * r,
        fall: 1.2,
        drag: 1.3,
        life: 1.4,
        size: 0.09,
        color: i % 3 ? color : '#fff6d5',
      };
    });
  }

  /** A foot's print in the ground. */
  print(x: number, y: number, turn: number, side: number, size: number): void {
    this.#prints.push({ x, y, age: 0, size, side, turn });
    if (this.#prints.length > 160) this.#prints.shift();
  }

  step(dt: number): void {
    this.#t += dt;
    for (let i = this.#later.length - 1; i >= 0; i--) {
      const job = this.#later[i];
      if (job === undefined || job.at > this.#t) continue;
      this.#later.splice(i, 1);
      job.run();
    }
    for (const print of this.#prints) print.age += dt;
    while ((this.#prints[0]?.age ?? 0) > 9) this.#prints.shift();
    for (let i = this.#all.length - 1; i >= 0; i--) {
      const p = this.#all[i];
      if (p === undefined) continue;
      p.age += dt;
      if (p.age > p.life) {
        this.#all.splice(i, 1);
        continue;
      }
      const slow = Math.exp(-p.drag * dt);
      p.vx *= slow;
      p.vy *= slow;
      p.vz = (p.vz - p.fall * dt) * (p.shape === 'feather' || p.shape === 'paper' ? slow : 1);
      p.x += p.vx * dt;
      p.y += p.vy * dt;
      p.z = Math.max(0, p.z + p.vz * dt);
      p.spin += dt * 4;
    }
  }

  drawPrints(c: Brush): void {
    for (const { x, y, age, size, side, turn } of this.#prints) {
      const px = x + Math.cos(turn + Math.PI / 2) * side * size;
      const py = y + Math.sin(turn + Math.PI / 2) * side * size;
      oval(c, px, py, size, size * 0.6, `rgba(70, 55, 25, ${0.2 * (1 - age / 9)})`, turn);
    }
  }

  /** Draws all but sparks, which shine and are drawn after the dark was laid. */
  draw(c: Brush, shining: boolean): void {
    for (const p of this.#all) {
      if ((p.shape === 'spark' || p.shape === 'star') !== shining) continue;
      const left = 1 - p.age / p.life;
      c.save();
      c.globalAlpha = Math.min(1, left * 2.2);
      c.translate(p.x, p.y - p.z);
      stroke(c, p, left);
      c.restore();
    }
  }
}

function stroke(c: Brush, p: Particle, left: number): void {
  const s = p.size;
  switch (p.shape) {
    case 'dot':
    case 'drop':
      return oval(c, 0, 0, s, s, p.color);
    case 'feather':
      c.rotate(Math.sin(p.spin * 1.3) * 1.1);
      oval(c, 0, 0, s, s * 0.36, p.color);
      return line(c, 'rgba(120, 90, 50, .5)', 0.015, -s, 0, s, 0);
    case 'heart':
      oval(c, -s * 0.42, -s * 0.3, s * 0.5, s * 0.5, p.color);
      oval(c, s * 0.42, -s * 0.3, s * 0.5, s * 0.5, p.color);
      return poly(c, p.color, -s * 0.88, -s * 0.1, s * 0.88, -s * 0.1, 0, s);
    case 'paper':
      c.rotate(p.spin);
      c.scale(1, Math.cos(p.spin * 2.3));
      c.fillStyle = p.color;
      c.fillRect(-s, -s * 0.6, s * 2, s * 1.2);
      return;
    case 'spark':
      oval(c, 0, 0, s * 2.2 * left, s * 2.2 * left, 'rgba(255, 240, 200, .18)');
      return oval(c, 0, 0, s * (0.4 + left * 0.6), s * (0.4 + left * 0.6), p.color);
    case 'star':
      c.rotate(p.spin * 0.6);
      return poly(
        c,
        p.color,
        ...Array.from({ length: 10 }, (_, i) => [
          Math.cos(i * 0.628) * s * (i % 2 ? 0.45 : 1),
          Math.sin(i * 0.628) * s * (i % 2 ? 0.45 : 1),
        ]).flat(),
      );
    case 'puff':
      return oval(c, 0, 0, s * (1.6 - left), s * (1.6 - left), `rgba(${p.color}, ${0.42 * left})`);
    case 'note':
      oval(c, 0, 0, s * 0.35, s * 0.26, p.color, -0.4);
      return line(c, p.color, s * 0.16, s * 0.3, 0, s * 0.3, -s, s * 0.7, -s * 0.8);
    default:
      return p.shape satisfies never;
  }
}

const swing = (by: number) => (Math.random() * 2 - 1) * by;
