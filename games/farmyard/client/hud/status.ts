import type { Client } from 'roost/client';
import type { Stage } from '../world/stage.ts';
import type { Use } from '../world/use.ts';
import { announce, part } from './page.ts';

/** Seconds that something has to be in reach before a screen reader tells. */
const patienceS = 0.7;

/** Clock, score, and the word for what can be used. */
export class Status {
  /** Of the farm's day, 0 … 24. */
  hour = 9;
  readonly #client: Client;
  readonly #stage: Stage;
  #shown = '';
  #near = '';
  #nearSince = 0;
  #told = '';

  constructor(client: Client, stage: Stage) {
    this.#client = client;
    this.#stage = stage;
  }

  /** Call it every frame; it writes what changed. */
  update(t: number, dt: number, use: Use | undefined): void {
    this.#turn(dt);
    this.#tell(t, use);
    const { red, blue } = this.#score;
    const hour = Math.floor(this.hour);
    const clock = `${String(hour).padStart(2, '0')}:${String(Math.floor((this.hour % 1) * 6) * 10).padStart(2, '0')}`;
    const { light, map } = this.#stage;
    const now = [clock, red, blue, use?.verb, light.dark > 0.5, map?.inside].join();
    if (now === this.#shown) return;
    this.#shown = now;
    part('hour').textContent = map?.inside ? 'In the barn' : clock;
    document.body.classList.toggle('night', light.dark > 0.5 && map?.inside === false);
    part('score').hidden = red === undefined;
    part('red').textContent = String(red ?? 0);
    part('blue').textContent = String(blue ?? 0);
    const act = part('act');
    act.hidden = use === undefined || !document.body.classList.contains('touch');
    act.textContent = use?.verb ?? '';
  }

  /** The zone says the hour now and then; between, the clock here runs after it. */
  #turn(dt: number): void {
    const told = this.#client.world.hour;
    if (typeof told !== 'number') return;
    const off = ((told - this.hour + 36) % 24) - 12;
    this.hour = Math.abs(off) > 2 ? told : (this.hour + off * Math.min(1, dt * 0.8) + 24) % 24;
  }

  /** Tells a screen reader what is in reach, when it stays there. */
  #tell(t: number, use: Use | undefined): void {
    const { name = '', kind = '' } = use?.target.thing ?? {};
    const near = use === undefined ? '' : `${use.verb}: ${name || kind}. Press E.`;
    if (near !== this.#near) {
      this.#near = near;
      this.#nearSince = t;
    }
    if (near === '' || near === this.#told || t - this.#nearSince < patienceS) return;
    this.#told = near;
    announce(near);
  }

  get #score(): { red?: number; blue?: number } {
    const board = [...this.#client.objects.values()].find(({ kind }) => kind === 'scoreboard');
    const { red, blue } = board?.state ?? {};
    return typeof red === 'number' && typeof blue === 'number' ? { red, blue } : {};
  }
}
