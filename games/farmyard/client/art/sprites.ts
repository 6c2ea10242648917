import type { Brush } from './brush.ts';

/** What a picture covers around its foot, in metres. */
export type Box = { readonly left: number; readonly up: number; readonly w: number; readonly h: number };

/** Pictures of things that never change, painted once for the present zoom. */
export class Sprites {
  readonly #made = new Map<string, HTMLCanvasElement>();
  #scale = 1;

  /** Device pixels a metre; another scale forgets what was painted. */
  rescale(scale: number): void {
    if (Math.abs(scale - this.#scale) < 0.5) return;
    this.#scale = scale;
    this.#made.clear();
  }

  /** Draws the picture `key` with its foot at (x, y), leaning by `lean` metres a metre of height. */
  draw(c: Brush, key: string, box: Box, x: number, y: number, lean: number, paint: (c: Brush) => void): void {
    let picture = this.#made.get(key);
    if (picture === undefined) {
      picture = document.createElement('canvas');
      picture.width = Math.ceil(box.w * this.#scale);
      picture.height = Math.ceil(box.h * this.#scale);
      const p = picture.getContext('2d');
      if (p !== null) {
        p.setTransform(this.#scale, 0, 0, this.#scale, box.left * this.#scale, box.up * this.#scale);
        paint(p);
      }
      this.#made.set(key, picture);
    }
    if (lean === 0) {
      c.drawImage(picture, x - box.left, y - box.up, box.w, box.h);
      return;
    }
    c.save();
    c.transform(1, 0, -lean, 1, x, y);
    c.drawImage(picture, -box.left, -box.up, box.w, box.h);
    c.restore();
  }
}
