import { drawHen } from '../art/animals.ts';
import { part } from '../hud/page.ts';

/**
 * The hen on the sign over the door. She looks at what is written, looks away while a password is, hops when
 * somebody comes in, and shakes her head when the door stays shut.
 */
export class Perch {
  readonly #canvas = part<HTMLCanvasElement>('perch');
  #face = -1;
  #want = -1;
  #hop = 0;
  #shake = 0;

  constructor(door: HTMLElement) {
    const look = (event: Event) => {
      const { target } = event;
      if (!(target instanceof HTMLInputElement)) return;
      this.#want = target.type === 'password' ? 1 : -1;
    };
    door.addEventListener('focusin', look);
    door.addEventListener('shown', look);
    door.addEventListener('focusout', () => (this.#want = -1));
  }

  hop(): void {
    this.#hop = 1;
  }

  shake(): void {
    this.#shake = 0.6;
  }

  /** Draws her; `still` when the visitor wants no motion. */
  draw(t: number, dt: number, still: boolean): void {
    const c = this.#canvas.getContext('2d');
    if (c === null) return;
    this.#hop = Math.max(0, this.#hop - dt * 1.8);
    this.#shake = Math.max(0, this.#shake - dt);
    const no = this.#shake > 0 && !still ? Math.sin(this.#shake * 30) : 0;
    this.#face += (this.#want - this.#face) * (still ? 1 : 1 - Math.exp(-dt * 12));
    const beat = (t * 0.17) % 1;
    const k = this.#canvas.width / 1.5;
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    c.setTransform(k, 0, 0, k, this.#canvas.width / 2, this.#canvas.height - k * 0.03);
    drawHen(c, {
      t: still ? 0.1 : t,
      face: no === 0 ? this.#face : no,
      step: 0,
      pace: 0,
      peck: still || beat > 0.12 ? 0 : Math.sin((beat / 0.12) * Math.PI) * 0.55,
      look: 0.4,
      lift: still ? 0 : Math.sin(this.#hop * Math.PI) * 0.25,
      squash: 1,
      away: false,
      seed: 'doorkeeper',
    });
  }
}
