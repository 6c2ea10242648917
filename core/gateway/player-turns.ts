/** What players begin, one after the other for each of them: enters, leaves and resumes. */
import type { Log } from '../contract/ports.ts';
import type { Player } from './player.ts';

export class PlayerTurns {
  readonly #log: Log;
  /** The last of what an owner began, whoever plays it: of two connections one after the other brings it in. */
  readonly #last = new Map<string, Promise<void>>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Runs the work after everything its owner began before, and not while the character is on its way to another zone. */
  run<T>(player: Player, work: () => Promise<T>): Promise<T> {
    const { owner } = player;
    const turn = (this.#last.get(owner) ?? Promise.resolve()).then(() => player.moving?.promise).then(work);
    const last = turn.then(
      () => {},
      // The caller of `work` is told; here it only must not hold up what comes next.
      (error: unknown) => this.#log.debug({ owner, error: String(error) }, 'enter or leave refused'),
    );
    this.#last.set(owner, last);
    void last.then(() => {
      if (this.#last.get(owner) === last) this.#last.delete(owner);
    });
    return turn;
  }
}
