import type { Pose } from './animals.ts';
import { type Brush, oval, shadow } from './brush.ts';

/** A round thing that this page has never heard of, in any colour. `alive`: it looks where it goes. */
export function drawStranger(
  c: Brush,
  half: number,
  color: string,
  { t, face, lift, squash, seed }: Pose,
  alive: boolean,
): void {
  shadow(c, 0.03, 0.03, half * (1.05 - lift), half * (0.5 - lift));
  c.save();
  c.translate(0, -lift);
  c.scale(half * (2 - squash), half * squash);
  oval(c, 0, -0.62, 1, 0.9, color);
  oval(c, 0, -0.62, 1, 0.9, 'rgba(38, 30, 24, 0.22)');
  oval(c, 0, -0.72, 0.94, 0.8, color);
  oval(c, -0.34, -1.16, 0.26, 0.15, 'rgba(255, 255, 255, 0.38)', -0.5);
  if (alive) {
    const shut = Math.sin(t * 0.9 + seed.charCodeAt(seed.length - 1)) > 0.985;
    for (const side of [-0.3, 0.3]) {
      const x = face * 0.3 + side;
      oval(c, x, -1.02, 0.21, shut ? 0.03 : 0.24, '#fffaf0');
      if (!shut) oval(c, x + face * 0.07, -0.99, 0.11, 0.14, '#2b1d18');
    }
  }
  c.restore();
}
