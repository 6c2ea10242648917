/** Who looks at a zone, and that it sleeps when nobody does: first without ticks, then without a worker. */
import type { ZoneId } from '../contract/link.ts';
import type { Run } from './run.ts';
import type { ZoneHost } from './zone-host.ts';

export type Sleeper = {
  readonly zone: ZoneId;
  /** The life that runs or sleeps; null while there is none. */
  life(): { readonly run: Run; readonly asleep: boolean } | null;
  fellAsleep(): void;
  wokeUp(): void;
  /** Nobody needs it in memory. */
  unload(): void;
};

/** After its timers have fired, a zone that nobody looks at sleeps again this soon. */
export const napMs = 1_000;

export class Sleep {
  readonly #host: Pick<ZoneHost, 'log' | 'clock' | 'limits' | 'alarm' | 'attended'>;
  readonly #sleeper: Sleeper;
  #sessions = 0;
  #holds = 0;
  /** Awake: until it is told to sleep. Asleep: until it is unloaded. */
  #timer: NodeJS.Timeout | null = null;
  /** Monotonic milliseconds since when it sleeps. */
  #sinceMs = 0;
  /** The worker was told to, and has not answered. */
  #wanted = false;

  constructor(host: Pick<ZoneHost, 'log' | 'clock' | 'limits' | 'alarm' | 'attended'>, sleeper: Sleeper) {
    this.#host = host;
    this.#sleeper = sleeper;
  }

  get unwatched(): boolean {
    return this.#sessions === 0 && this.#holds === 0;
  }

  audience(sessions: number): void {
    this.#sessions = sessions;
    if (sessions === 0) return this.watch();
    this.#host.attended(this.#sleeper.zone);
    if (this.#sleeper.life()?.asleep === false) this.stop();
    this.wake();
  }

  /** Keeps it awake until the undo is called. */
  hold(): () => void {
    this.#holds++;
    this.wake();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holds--;
      this.watch();
    };
  }

  /** A life begins, awake. */
  begin(): void {
    this.#wanted = false;
    this.#host.alarm(this.#sleeper.zone, null);
  }

  /** Has it sleep when nobody looks for so long. */
  watch(afterMs: number = this.#host.limits.sleepAfterMs): void {
    this.stop();
    const life = this.#sleeper.life();
    if (!life || life.asleep || !this.unwatched || life.run.source.content.spec.awake === 'always') return;
    this.#timer = setTimeout(() => this.#send(), afterMs);
  }

  #send(): void {
    const life = this.#sleeper.life();
    if (!life || life.asleep || !this.unwatched) return;
    const { run } = life;
    if (run.busy) return this.watch(napMs);
    this.#wanted = true;
    run.worker.send({ type: 'sleep', zone: this.#sleeper.zone, epoch: run.epoch });
  }

  /** The worker says that it sleeps; it may have been woken meanwhile. */
  slept(run: Run): void {
    if (!this.#wanted || this.#sleeper.life()?.asleep !== false) return;
    const { zone } = this.#sleeper;
    this.#sleeper.fellAsleep();
    this.#sinceMs = this.#host.clock.monotonicMs();
    this.#host.log.debug({ zone, tick: run.tick, nextDue: run.nextDue }, 'zone sleeps');
    this.#host.alarm(zone, run.nextDue);
    this.#watchUnload(run);
  }

  #watchUnload(run: Run): void {
    this.#timer = setTimeout(() => {
      if (!this.#sleeper.life()?.asleep) return;
      if (isAwaited(run)) this.#watchUnload(run);
      else this.#sleeper.unload();
    }, this.#host.limits.unloadAfterMs);
  }

  /** Monotonic milliseconds since when it sleeps, null when it does not or is not to be unloaded. */
  get idleSinceMs(): number | null {
    const life = this.#sleeper.life();
    return life?.asleep && this.unwatched && !isAwaited(life.run) ? this.#sinceMs : null;
  }

  /** From its sleep, or from falling asleep: the worker may just have been told to. */
  wake(sleepAgainMs: number = this.#host.limits.sleepAfterMs): void {
    const life = this.#sleeper.life();
    if (!life || !(life.asleep || this.#wanted)) return;
    const { zone } = this.#sleeper;
    this.#sleeper.wokeUp();
    this.begin();
    life.run.worker.send({ type: 'wake', zone, epoch: life.run.epoch });
    this.watch(sleepAgainMs);
  }

  /** No more sleeping or unloading, until somebody watches again. */
  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

/** A character that waits for its lost session keeps its zone loaded: a guest found by a start is taken for gone. */
function isAwaited({ claims, source }: Run): boolean {
  return claims.owned(source.content.character) > 0;
}
