import type { Camera } from '../world/camera.ts';
import type { Figure } from '../world/figure.ts';
import { part } from './page.ts';

/** Where the player wants to go: x and y in -1 … 1. */
export type Wish = { readonly x: number; readonly y: number; readonly run: boolean };

const keys = new Map<string, readonly [number, number]>([
  ['KeyW', [0, -1]],
  ['ArrowUp', [0, -1]],
  ['KeyS', [0, 1]],
  ['ArrowDown', [0, 1]],
  ['KeyA', [-1, 0]],
  ['ArrowLeft', [-1, 0]],
  ['KeyD', [1, 0]],
  ['ArrowRight', [1, 0]],
]);

type Asked = {
  /** What lies under a point of the land, if it can be used. */
  at(x: number, y: number): Figure | undefined;
  act(): void;
  use(figure: Figure): void;
  canReach(figure: Figure): boolean;
  command(code: string): boolean;
};

/** Keyboard, mouse and touch, turned into one wish. */
export class Controls {
  readonly #held = new Set<string>();
  readonly #camera: Camera;
  readonly #asked: Asked;
  #stick: { readonly id: number; x: number; y: number } | undefined;
  #goal: { x: number; y: number; figure: Figure | undefined; left: number } | undefined;
  #enabled = false;

  constructor(camera: Camera, asked: Asked) {
    this.#camera = camera;
    this.#asked = asked;
    addEventListener('keydown', (event) => this.#down(event));
    addEventListener('keyup', (event) => this.#held.delete(event.code));
    addEventListener('blur', () => this.release());
    const land = part('land');
    // Screen readers leave the keys to the game.
    land.setAttribute('role', 'application');
    land.addEventListener('pointerdown', (event) => this.#press(event));
    land.addEventListener('pointermove', (event) => this.#hover(event));
    this.#useStick(part('stick'));
    addEventListener('touchstart', () => this.touch(), { once: true, passive: true });
    if (matchMedia('(pointer: coarse)').matches) this.touch();
    part('act').addEventListener('click', () => asked.act());
  }

  /** Shows thumb stick and action button. */
  touch(): void {
    document.body.classList.add('touch');
    part('stick').hidden = !this.#enabled;
  }

  enable(): void {
    this.#enabled = true;
    part('stick').hidden = !document.body.classList.contains('touch');
  }

  disable(): void {
    this.release();
    this.#enabled = false;
    part('stick').hidden = true;
  }

  /** Lets go of everything. */
  release(): void {
    this.#held.clear();
    this.#stick = undefined;
    this.#goal = undefined;
  }

  /** Where a click sent the character, to be marked on the ground. */
  get goal(): { readonly x: number; readonly y: number } | undefined {
    return this.#goal?.figure === undefined ? this.#goal : undefined;
  }

  /** The wish of this frame; keys and stick win over a click. */
  read(me: Figure | undefined, dt: number): Wish {
    const shift = this.#held.has('ShiftLeft') || this.#held.has('ShiftRight');
    let x = 0;
    let y = 0;
    for (const code of this.#held) {
      const way = keys.get(code);
      x += way?.[0] ?? 0;
      y += way?.[1] ?? 0;
    }
    if (x !== 0 || y !== 0) {
      this.#goal = undefined;
      const length = Math.hypot(x, y);
      return { x: x / length, y: y / length, run: shift };
    }
    if (this.#stick !== undefined) {
      this.#goal = undefined;
      const length = Math.hypot(this.#stick.x, this.#stick.y);
      if (length < 0.18) return { x: 0, y: 0, run: false };
      const k = Math.min(1, length) / length;
      return { x: this.#stick.x * k, y: this.#stick.y * k, run: length > 0.92 };
    }
    return this.#towardsGoal(me, dt, shift);
  }

  #towardsGoal(me: Figure | undefined, dt: number, run: boolean): Wish {
    const still = { x: 0, y: 0, run: false };
    const goal = this.#goal;
    if (goal === undefined || me === undefined) return still;
    if (goal.figure !== undefined) {
      if (this.#asked.canReach(goal.figure)) {
        this.#goal = undefined;
        this.#asked.use(goal.figure);
        return still;
      }
      Object.assign(goal, { x: goal.figure.x, y: goal.figure.y });
    }
    const dx = goal.x - me.x;
    const dy = goal.y - me.y;
    const far = Math.hypot(dx, dy);
    // Something is in the way when it gets nowhere: then it gives up.
    goal.left = me.pace < 0.2 ? goal.left - dt : Math.min(1, goal.left + dt);
    if (far < 0.2 || goal.left < 0) {
      this.#goal = undefined;
      return still;
    }
    return { x: dx / far, y: dy / far, run: run || far > 7 };
  }

  #down(event: KeyboardEvent): void {
    if (!this.#enabled || event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return;
    if (keys.has(event.code) || event.code.startsWith('Shift')) {
      this.#held.add(event.code);
      event.preventDefault();
    } else if (!event.repeat && (event.code === 'KeyE' || event.code === 'Space')) {
      event.preventDefault();
      this.#asked.act();
    } else if (!event.repeat && this.#asked.command(event.code)) event.preventDefault();
  }

  #press(event: PointerEvent): void {
    if (!this.#enabled || event.button !== 0) return;
    part('land').focus({ preventScroll: true });
    const at = this.#camera.toLand(event.clientX, event.clientY);
    this.#goal = { ...at, figure: this.#asked.at(at.x, at.y), left: 1 };
  }

  #hover(event: PointerEvent): void {
    if (event.pointerType !== 'mouse') return;
    const at = this.#camera.toLand(event.clientX, event.clientY);
    part('land').classList.toggle('usable', this.#enabled && this.#asked.at(at.x, at.y) !== undefined);
  }

  #useStick(stick: HTMLElement): void {
    const knob = stick.querySelector('i');
    const turn = (event: PointerEvent) => {
      if (this.#stick?.id !== event.pointerId) return;
      const box = stick.getBoundingClientRect();
      this.#stick.x = (event.clientX - box.left - box.width / 2) / 46;
      this.#stick.y = (event.clientY - box.top - box.height / 2) / 46;
      const length = Math.max(1, Math.hypot(this.#stick.x, this.#stick.y));
      if (knob)
        knob.style.transform = `translate(${(this.#stick.x / length) * 36}px, ${(this.#stick.y / length) * 36}px)`;
    };
    const end = (event: PointerEvent) => {
      if (this.#stick?.id !== event.pointerId) return;
      this.#stick = undefined;
      if (knob) knob.style.transform = '';
    };
    stick.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      stick.setPointerCapture(event.pointerId);
      this.#stick = { id: event.pointerId, x: 0, y: 0 };
      turn(event);
    });
    stick.addEventListener('pointermove', turn);
    stick.addEventListener('pointerup', end);
    stick.addEventListener('pointercancel', end);
  }
}

/** Keys that are meant for something of the page: what is typed, and what presses a button. */
function isTaken({ target, code }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input, select, textarea, dialog, #company') !== null) return true;
  return target.closest('button, summary, a') !== null && (code === 'Enter' || code === 'Space');
}
