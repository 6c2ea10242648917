/**
 * What of a zone's frames is still to be done: answers that wait for their commit, objects on their way out, objects
 * expected in.
 */
import type { Json } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';
import type { Frame, JoinResult, KeepFrame, ObjectId } from '../contract/link.ts';
import type { OnceAnswer, SaveSet } from '../store/store.ts';
import type { Ask } from './asks.ts';
import { followCommit, tellTick } from './follow.ts';
import type { Waiter } from './keeper.ts';
import type { Run, Settled } from './run.ts';
import type { MoveOut, ZoneHost } from './zone-host.ts';

/** Who has come in, as the zone keeps it. */
export type Guests = {
  readonly joined: (owner: string, character: ObjectId) => void;
  /** Nobody wants the character that was just made. */
  readonly unwanted: (owner: string, character: ObjectId) => void;
};

type LedgerHost = Pick<ZoneHost, 'log' | 'clock' | 'store' | 'keeper' | 'publishFrame' | 'tracing'>;

const grantAgainMs = 500;

export class Ledger {
  readonly #host: LedgerHost;
  readonly #moves = new Map<number, MoveOut>();
  readonly #expected = new Map<ObjectId, () => void>();
  readonly #granting = new WeakSet<Run>();
  readonly #guests: Guests;
  #lastMove = 0;

  constructor(host: LedgerHost, guests: Guests) {
    this.#host = host;
    this.#guests = guests;
  }

  /**
   * Publishes the frame, then answers what it answers, then has it written.
   * @returns In words, what is false in it; nothing of it was believed then.
   */
  frame(run: Run, frame: Frame): string | null {
    const fault = run.foreignCall(frame) ?? run.claims.apply(frame);
    if (fault !== null) return fault;
    const { tick } = frame.pub;
    run.tick = tick;
    const settled = run.settle(frame);
    this.#host.publishFrame(frame.pub);
    this.#greet(frame);
    const { tracing, clock } = this.#host;
    if (tracing) for (const one of settled) tellTick(tracing, clock, run, one);
    for (const { ask, outcome, durable } of settled) {
      if (ask.ask.type === 'join' && outcome.ok) this.#joined(ask, ask.ask.owner, outcome.result);
      if (!durable) ask.answer({ tick, outcome });
    }
    run.unsaved.push(...settled.filter(({ durable }) => durable));
    if (frame.keep) this.#keep(run, frame, frame.keep);
    else if (run.unsaved.length > 0) run.worker.send({ type: 'save', zone: run.zone, epoch: run.epoch });
    if (frame.requests.some(({ type }) => type === 'ids')) void this.#grantIds(run);
    return null;
  }

  /** A character that was made for somebody who does not wait for it any more goes again. */
  #joined(ask: Ask, owner: string, result: Json): void {
    const { character, made } = joinResult(result);
    const unwanted = () => this.#guests.unwanted(owner, character);
    if (!ask.waits && made) return unwanted();
    this.#guests.joined(owner, character);
    // It may still wait for the commit longer than it can.
    if (made) ask.onLetGo(unwanted);
  }

  /** Has an object taken out for a move. False when the zone does not have it. */
  take(run: Run, object: ObjectId, move: MoveOut): boolean {
    if (!run.claims.has(object)) return false;
    const number = ++this.#lastMove;
    this.#moves.set(number, move);
    run.moves.set(number, object);
    run.push({ type: 'take', move: number, object });
    return true;
  }

  /** Calls once, when a frame has the object, be it that it goes on at once. */
  expect(object: ObjectId, here: () => void): void {
    this.#expected.set(object, here);
  }

  /** The life is over: what it had not taken out yet stays. */
  end(run: Run): void {
    for (const number of run.moves.keys()) {
      this.#moves.get(number)?.failed(new HostError('zone.interrupted'));
      this.#moves.delete(number);
    }
    run.moves.clear();
  }

  /** The zone has closed: whoever waits for an object here hears that it is where it will be found. */
  close(): void {
    const waiting = [...this.#expected.values()];
    this.#expected.clear();
    for (const here of waiting) here();
  }

  #greet(frame: Frame): void {
    if (this.#expected.size === 0) return;
    // What goes on in the tick in which it came is never in view.
    for (const { id } of [...frame.pub.in, ...frame.taken.flatMap(({ objects }) => objects)]) {
      const here = this.#expected.get(id);
      this.#expected.delete(id);
      here?.();
    }
  }

  #keep(run: Run, frame: Frame, keep: KeepFrame): void {
    run.nextDue = keep.nextDue;
    const { tick, time } = frame.pub;
    const answers = run.unsaved;
    run.unsaved = [];
    const moves = this.#leave(run, frame);
    const set: SaveSet = {
      zone: run.zone,
      epoch: run.epoch,
      tick,
      time,
      keep,
      moves: moves.map(({ saved }) => saved),
      once: answers.flatMap((answer) => toOnce(answer, time, tick)),
      strict: answers.length > 0 || moves.length > 0,
    };
    if (!set.strict) return this.#host.keeper.add(set);
    const { tracing, clock } = this.#host;
    const facts = { zone: run.zone, tick, rows: keep.objects.length };
    const told = tracing && followCommit(tracing, clock, answers, facts);
    this.#host.keeper.add(set, this.#waiterOf(answers, moves, tick, told));
  }

  #waiterOf(
    answers: readonly Settled[],
    moves: readonly Leaving[],
    tick: number,
    told: ((code?: string) => void) | undefined,
  ): Waiter {
    return {
      saved() {
        told?.();
        for (const { ask, outcome } of answers) ask.answer({ tick, outcome });
        for (const { move } of moves) move.committed();
      },
      busy() {
        for (const { ask } of answers) ask.letGo(new HostError('store.busy', undefined, { outcome: 'unknown' }));
      },
      failed(error) {
        told?.(error.code);
        for (const { ask } of answers) ask.refuse(error);
        for (const { move } of moves) move.failed(error);
      },
    };
  }

  /** The objects that the frame took out, as they are to be written. */
  #leave(run: Run, { taken }: Frame): Leaving[] {
    return taken.flatMap(({ move: number, objects, timers }) => {
      const move = this.#moves.get(number);
      this.#moves.delete(number);
      run.moves.delete(number);
      const saved = move?.saved(objects, timers) ?? null;
      if (!move) return [];
      if (saved) return [{ move, saved }];
      move.failed(new HostError('object.not-found'));
      return [];
    });
  }

  /** One block at a time; it is on disk as taken before the worker hears of it. The worker asks once: it is tried until it works. */
  async #grantIds(run: Run): Promise<void> {
    if (this.#granting.has(run)) return;
    this.#granting.add(run);
    while (!run.over) {
      try {
        const block = await this.#host.store.takeIds(1);
        run.claims.addBlock(block);
        if (run.worker.send({ type: 'ids', zone: run.zone, epoch: run.epoch, block }) === 'sent') break;
      } catch (error) {
        this.#host.log.warn({ zone: run.zone, error }, 'no ids granted yet');
      }
      await new Promise((wake) => setTimeout(wake, grantAgainMs));
    }
    this.#granting.delete(run);
  }
}

type Leaving = { readonly move: MoveOut; readonly saved: NonNullable<ReturnType<MoveOut['saved']>> };

function toOnce({ ask: { ask }, outcome }: Settled, at: number, tick: number): readonly OnceAnswer[] {
  if (ask.type !== 'call' || ask.once === undefined || !outcome.ok) return [];
  return [{ owner: ask.owner, once: ask.once, at, tick, answer: outcome.result }];
}

/** What a join is answered with; an answer of another shape names nobody. */
function joinResult(result: Json): JoinResult {
  const { character, made } = { ...(result as object) } as { character?: unknown; made?: unknown };
  return { character: typeof character === 'string' ? character : '', made: made === true };
}
