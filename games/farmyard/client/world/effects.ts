import type { Client } from 'roost/client';
import type { Sound } from '../hud/sound.ts';
import type { Figure } from './figure.ts';
import type { Flock } from './flock.ts';
import type { Stage } from './stage.ts';

type Told = { readonly [key: string]: unknown };
const told = (data: unknown): Told =>
  typeof data === 'object' && data !== null && !Array.isArray(data) ? (data as Told) : {};
const text = (value: unknown, other: string) => (typeof value === 'string' ? value : other);
const number = (value: unknown, other: number) => (typeof value === 'number' ? value : other);

/** Shows what scripts show by `effect` and `emit`: particles, gestures, sounds. */
export class Effects {
  readonly #flock: Flock;
  readonly #stage: Stage;
  readonly #sound: Sound;
  readonly #toast: (line: string) => void;

  constructor(client: Client, flock: Flock, stage: Stage, sound: Sound, toast: (line: string) => void) {
    this.#flock = flock;
    this.#stage = stage;
    this.#sound = sound;
    this.#toast = toast;
    client.on('effect', ({ i, name, data }) => {
      const figure = flock.find(i);
      if (figure !== undefined) this.#effect(figure, name, told(data));
    });
    client.on('emit', ({ name, data }) => this.#emit(name, told(data)));
  }

  /** Metres from the own character. */
  far(figure: Figure): number {
    const me = this.#flock.me;
    return me === undefined ? 10 : Math.hypot(me.x - figure.x, me.y - figure.y);
  }

  #effect(f: Figure, name: string, data: Told): void {
    const { particles } = this.#stage;
    this.#sound.play(name, this.far(f));
    switch (name) {
      case 'grain': {
        const by = this.#flock.find(text(data.by, ''));
        if (by !== undefined) particles.grain(by, f);
        particles.hearts(f, 3);
        f.hop(1);
        return;
      }
      case 'love':
        particles.hearts(f, 5);
        f.hop(1);
        return;
      case 'feathers':
        particles.feathers(f, 14);
        f.hop(1);
        return;
      case 'lay':
        particles.stars(f, 6);
        f.hop(1);
        return;
      case 'bump':
        particles.feathers(f, 3);
        f.hop(1);
        return;
      case 'take':
      case 'put':
        particles.stars(f, 5);
        f.shake = 0.5;
        return;
      case 'splash':
        particles.splash(f);
        return;
      case 'kick':
        particles.dust(f, 6);
        return;
      case 'gate':
        particles.dust(f, 4);
        return;
      case 'hop':
        f.hop(number(data.times, 1));
        return;
      case 'crow':
        particles.note(f);
        f.hop(1);
        return;
      case 'clap':
      case 'wave':
      case 'dance':
        f.show(name, name === 'dance' ? 4 : 1.4);
        if (name === 'dance') particles.note(f);
        return;
      case 'moo':
        particles.hearts({ x: f.x + 0.8, y: f.y, z: 1.6 }, 4);
        return;
    }
  }

  #emit(name: string, data: Told): void {
    const { particles } = this.#stage;
    if (name === 'goal') {
      this.#sound.play('goal');
      particles.confetti({ x: number(data.x, 35), y: number(data.y, 23) });
      this.#toast(`Goal for ${text(data.team, 'everybody')}! ${number(data.red, 0)} : ${number(data.blue, 0)}`);
    } else if (name === 'party') {
      this.#sound.play('party');
      const at = { x: number(data.x, 26), y: number(data.y, 13) };
      particles.fireworks(at, 12);
      particles.confetti(at, 120);
      this.#toast(`The basket is full! Thank you, ${text(data.by, 'everybody')}!`);
      for (const figure of this.#flock.all) if (figure.thing.kind === 'chicken') figure.hop(4);
    }
  }
}
