import { shadow } from '../art/brush.ts';
import { drawPerson, outfitOf } from '../art/people.ts';
import { make } from '../hud/page.ts';

/** A character standing still, in the clothes of the game: they are made from the name. */
export function portraitOf(name: string, size = 72, canvas = make('canvas', 'portrait')): HTMLCanvasElement {
  const seed = name.toLowerCase();
  const dpr = Math.min(2, devicePixelRatio);
  canvas.width = size * dpr;
  canvas.height = size * dpr;
  canvas.style.width = `${size}px`;
  canvas.style.height = `${size}px`;
  canvas.setAttribute('aria-hidden', 'true');
  const c = canvas.getContext('2d');
  if (c === null) return canvas;
  const k = (size * dpr) / 1.62;
  c.resetTransform();
  c.clearRect(0, 0, canvas.width, canvas.height);
  c.setTransform(k, 0, 0, k, canvas.width / 2, canvas.height * 0.94);
  shadow(c, 0.02, 0.01, 0.34, 0.08, 0.24);
  const still = { t: 0.1, face: 0.6, step: 0, pace: 0, peck: 0, look: 0, lift: 0, squash: 1, away: false };
  drawPerson(c, { ...still, seed }, outfitOf(seed));
  return canvas;
}
