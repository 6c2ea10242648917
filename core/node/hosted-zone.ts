/**
 * One zone as the node keeps it, over all its lives: closed → starting → running ⇄ asleep → closing → closed, and
 * recovering when its worker died or its changes could not be saved.
 */
import { HostError } from '../contract/errors.ts';
import type { Frame, InboxItem, ObjectId, ObjectRow, ToNode, ZoneId } from '../contract/link.ts';
import type { Clock, Log, Reports, ZoneAnswer, ZoneAsk, ZoneInfo, ZoneState, ZoneTell } from '../contract/ports.ts';
import type { OnceAnswer, SavedMove, Store } from '../store/store.ts';
import { type Ask, createAsk, Waiting } from './asks.ts';
import type { Gate } from './gate.ts';
import type { Keeper } from './keeper.ts';
import { type LoadedContent, Run, type Settled } from './run.ts';
import type { Worker } from './worker.ts';
import { parseZoneId } from './zone-id.ts';

export type ZoneLimits = {
  readonly startMs: number;
  readonly sleepAfterMs: number;
  readonly unloadAfterMs: number;
  /** A request not answered by then is a `call.timeout`. */
  readonly askMs: number;
  readonly waitingEach: number;
  readonly waitingMs: number;
  readonly objectsMost: number;
};

/** A move as the zone it starts from sees it. */
export type MoveOut = {
  /** What is written of it; null when the object was not there any more. */
  saved(objects: readonly ObjectRow[], timers: Frame['taken'][number]['timers']): SavedMove | null;
  committed(): void;
  failed(error: HostError): void;
};

export type ZoneHost = {
  readonly log: Log;
  readonly clock: Clock;
  readonly reports: Reports;
  readonly limits: ZoneLimits;
  readonly store: Pick<Store, 'openZone' | 'takeIds'>;
  readonly keeper: Keeper;
  /** Recoveries and starts by alarm go through it. */
  readonly gate: Gate;
  /** @throws HostError zone.unknown, zone.failed */
  readonly load: (zone: ZoneId) => Promise<LoadedContent>;
  readonly place: () => Promise<Worker>;
  readonly publishFrame: (frame: Frame['pub']) => void;
  readonly publishState: (state: ZoneState) => void;
  readonly alarm: (zone: ZoneId, due: number | null) => void;
  readonly wantMove: (from: HostedZone, request: Extract<Frame['requests'][number], { type: 'goto' }>) => void;
};

type Phase = 'closed' | 'starting' | 'running' | 'asleep' | 'closing' | 'recovering';

/** After its timers have fired, a zone that nobody looks at sleeps again this soon. */
const napMs = 1_000;
const closeMs = 5_000;
/** Lives that a start or a recovery may take. */
const attemptsMost = 5;
const idsOfBlock = 1_024;

export class HostedZone {
  readonly id: ZoneId;
  readonly #host: ZoneHost;
  readonly #waiting: Waiting;
  /** Characters whose connection is up: owner → character. */
  readonly #connected = new Map<string, ObjectId>();
  readonly #moves = new Map<number, MoveOut>();
  #phase: Phase = 'closed';
  #run: Run | null = null;
  #opening: Promise<void> | null = null;
  #closing: PromiseWithResolvers<void> | null = null;
  #items: InboxItem[] = [];
  readonly #expected = new Map<ObjectId, () => void>();
  #sessions = 0;
  #holds = 0;
  #timer: NodeJS.Timeout | null = null;
  #lives: number[] = [];
  #lastMove = 0;
  #wantsIds = false;
  #wantsSleep = false;
  /** Characters as they were loaded. */
  #characters: readonly ObjectRow[] = [];
  #stopped = false;

  constructor(id: ZoneId, host: ZoneHost) {
    this.id = id;
    this.#host = host;
    this.#waiting = new Waiting(host.limits.waitingEach, host.limits.waitingMs);
  }

  get run(): Run | null {
    return this.#run;
  }

  get phase(): Phase {
    return this.#phase;
  }

  info(): ZoneInfo {
    return {
      zone: this.id,
      game: parseZoneId(this.id).game,
      epoch: this.#run?.epoch ?? 0,
      state: this.#phase === 'closing' ? 'closed' : this.#phase,
      kinds: this.#run?.kinds ?? new Map(),
    };
  }

  /** Nothing of it has to be kept in memory. */
  get idle(): boolean {
    return this.#phase === 'closed' && this.#sessions === 0 && this.#holds === 0 && this.#waiting.size === 0;
  }

  /** Starts or wakes it; callers at the same time share one start. @throws HostError */
  async open(): Promise<void> {
    if (this.#stopped) throw new HostError('zone.unavailable', 'The node stops');
    switch (this.#phase) {
      case 'running':
        return;
      case 'asleep':
        return this.#wake();
      case 'closing':
        await this.#closing?.promise;
        return this.open();
      case 'closed':
        this.#phase = 'starting';
        this.#opening = this.#bring('start');
        return this.#opening;
      case 'starting':
      case 'recovering':
        return this.#opening ?? undefined;
    }
  }

  ask(request: ZoneAsk): Promise<ZoneAnswer> {
    const { ask, answered } = createAsk(request, this.#host.limits.askMs);
    this.#submit(ask);
    return answered;
  }

  #submit(ask: Ask): void {
    if (this.#phase === 'asleep') this.#wake();
    if (this.#phase === 'running' && this.#run) return this.#run.hand(ask);
    this.#waiting.add(ask);
    if (this.#phase === 'closed' || this.#phase === 'closing') this.#openForWaiting();
  }

  #openForWaiting(): void {
    this.open().catch((error: HostError) => {
      for (const ask of this.#waiting.take()) ask.refuse(error);
    });
  }

  /** Inputs to a zone that does not run are dropped; that somebody came or went is told when it runs again. */
  tell(tell: ZoneTell): void {
    if (tell.type === 'connected') {
      if (tell.connected) this.#connected.set(tell.owner, tell.character);
      else this.#connected.delete(tell.owner);
    }
    if (tell.type === 'leave') this.#connected.delete(tell.owner);
    if (this.#phase === 'asleep' && tell.type !== 'connected') this.#wake();
    if (this.#phase === 'running' || this.#phase === 'asleep') this.#run?.push(tell);
    else if (tell.type === 'leave' && this.#phase !== 'closed') this.#items.push(tell);
  }

  /** Whatever it sleeps or recovers: the item reaches the life that runs next. Nothing happens when it is closed. */
  push(item: InboxItem): void {
    if (this.#phase === 'asleep') this.#wake();
    if (this.#phase === 'running' && this.#run) {
      if (item.type === 'arrive') this.#run.claims.addObjects(item.objects);
      this.#run.push(item);
    } else if (this.#phase !== 'closed') this.#items.push(item);
  }

  audience(sessions: number): void {
    this.#sessions = sessions;
    if (sessions === 0) this.#watchAudience(this.#host.limits.sleepAfterMs);
    else if (this.#phase === 'asleep') this.#wake();
    else this.#stopTimer();
  }

  /** Keeps it awake until the undo is called. */
  hold(): () => void {
    this.#holds++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holds--;
      this.#watchAudience(this.#host.limits.sleepAfterMs);
    };
  }

  /** A timer is due. */
  async alarm(): Promise<void> {
    if (this.#phase === 'asleep') this.#wake(napMs);
    else if (this.#phase === 'closed') {
      await this.#host.gate.run(() => this.open());
      this.#watchAudience(napMs);
    }
  }

  /** Asks the worker to take an object out for a move. Null when the zone does not run. */
  take(object: ObjectId, move: MoveOut): boolean {
    if (this.#phase !== 'running' || !this.#run?.claims.has(object)) return false;
    const number = ++this.#lastMove;
    this.#moves.set(number, move);
    this.#run.moves.set(number, object);
    this.#run.push({ type: 'take', move: number, object });
    return true;
  }

  /** Calls once, when a frame has the object. */
  expect(object: ObjectId, here: () => void): void {
    this.#expected.set(object, here);
  }

  /** Flushes and ends it. */
  async close(): Promise<void> {
    if (this.#phase === 'starting' || this.#phase === 'recovering') await this.#opening?.catch(() => {});
    if (this.#phase === 'closed') return;
    if (this.#closing) return this.#closing.promise;
    this.#stopTimer();
    const closing = Promise.withResolvers<void>();
    this.#closing = closing;
    this.#phase = 'closing';
    const run = this.#run;
    run?.worker.send({ type: 'close', zone: this.id, epoch: run.epoch });
    const timer = setTimeout(() => run?.worker.kill(`did not close ${this.id}`), closeMs);
    try {
      await closing.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The node stops: nothing starts any more. */
  stop(): Promise<void> {
    this.#stopped = true;
    return this.close();
  }

  // What the worker says.

  /** @returns In words, what is false in it. */
  receive(message: Exclude<ToNode, { type: 'ready' | 'stats' }>): string | null {
    const run = this.#run as Run;
    if ('reports' in message && message.reports.some(({ zone }) => zone !== this.id)) return 'a report of another zone';
    switch (message.type) {
      case 'frame':
        return this.#frame(run, message);
      case 'loaded':
        run.kinds = new Map(message.kinds.map((kind) => [kind.kind, kind]));
        run.tick = message.tick;
        run.loaded.resolve();
        return null;
      case 'load-failed':
        for (const report of message.reports) this.#host.reports.script(report);
        run.loaded.reject(new HostError('zone.failed', `Cannot load zone "${this.id}": ${message.message}`));
        return null;
      case 'swapped':
        for (const report of message.reports) this.#host.reports.script(report);
        if (message.ok) run.kinds = new Map(message.kinds.map((kind) => [kind.kind, kind]));
        this.#swapped(message.ok);
        return null;
      case 'reports':
        for (const report of message.reports) this.#host.reports.script(report);
        return null;
    }
  }

  #frame(run: Run, frame: Frame): string | null {
    const fault = run.foreignCall(frame) ?? run.claims.apply(frame);
    if (fault !== null) return fault;
    run.tick = frame.pub.tick;
    const settled = run.settle(frame);
    this.#host.publishFrame(frame.pub);
    if (this.#expected.size > 0) this.#greet(frame);
    for (const { ask, outcome, durable } of settled) {
      this.#learn(ask, outcome);
      if (!durable) ask.answer({ tick: frame.pub.tick, outcome });
    }
    run.unsaved.push(...settled.filter(({ durable }) => durable));
    if (frame.keep) this.#keep(run, frame, frame.keep);
    else if (run.unsaved.length > 0) run.worker.send({ type: 'save', zone: this.id, epoch: run.epoch });
    for (const request of frame.requests) {
      if (request.type === 'ids') void this.#grantIds(run);
      else this.#host.wantMove(this, request);
    }
    if (frame.asleep && this.#phase === 'running' && this.#wantsSleep) this.#slept(run);
    if (frame.closed) this.#closed(run);
    return null;
  }

  #greet(frame: Frame): void {
    for (const { id } of frame.pub.in) {
      const here = this.#expected.get(id);
      this.#expected.delete(id);
      here?.();
    }
  }

  /** A join's answer names the character of its owner. */
  #learn(ask: Ask, outcome: Settled['outcome']): void {
    if (ask.ask.type !== 'join' || !outcome.ok) return;
    const { character } = outcome.result as { character?: ObjectId };
    if (typeof character === 'string') this.#connected.set(ask.ask.owner, character);
  }

  #keep(run: Run, frame: Frame, keep: NonNullable<Frame['keep']>): void {
    run.nextDue = keep.nextDue;
    const { tick, time } = frame.pub;
    const answers = run.unsaved;
    run.unsaved = [];
    const out = frame.taken.map(({ move, objects, timers }) => {
      const started = this.#moves.get(move);
      this.#moves.delete(move);
      run.moves.delete(move);
      return { move: started, saved: started?.saved(objects, timers) ?? null };
    });
    for (const { move, saved } of out) if (saved === null) move?.failed(new HostError('object.not-found'));
    const moves = out.flatMap(({ saved }) => (saved === null ? [] : [saved]));
    const set = {
      zone: this.id,
      epoch: run.epoch,
      tick,
      time,
      keep,
      moves,
      once: answers.flatMap((answer) => toOnce(answer, time, tick)),
      strict: answers.length > 0 || moves.length > 0,
    };
    if (!set.strict) return this.#host.keeper.add(set);
    this.#host.keeper.add(set, {
      saved() {
        for (const { ask, outcome } of answers) ask.answer({ tick, outcome });
        for (const { move, saved } of out) if (saved !== null) move?.committed();
      },
      busy() {
        for (const { ask } of answers) ask.refuse(new HostError('store.busy'));
      },
      failed(error) {
        for (const { ask } of answers) ask.refuse(error);
        for (const { move, saved } of out) if (saved !== null) move?.failed(error);
      },
    });
  }

  async #grantIds(run: Run): Promise<void> {
    if (this.#wantsIds) return;
    this.#wantsIds = true;
    try {
      const block = await this.#host.store.takeIds(1);
      run.claims.addBlock(block);
      run.worker.send({ type: 'ids', zone: this.id, epoch: run.epoch, block });
    } catch (error) {
      this.#host.log.warn({ zone: this.id, error }, 'no ids granted');
    } finally {
      this.#wantsIds = false;
    }
  }

  // Lives.

  async #bring(reason: 'start' | 'recover'): Promise<void> {
    const { limits, log, clock } = this.#host;
    const started = clock.monotonicMs();
    try {
      for (let attempt = 1; ; attempt++) {
        try {
          await this.#live(reason, started + limits.startMs);
          break;
        } catch (error) {
          if (!(error instanceof WorkerLost) || attempt === attemptsMost) throw error;
          log.warn({ zone: this.id, attempt, error }, 'zone did not load');
        }
      }
    } catch (error) {
      this.#failed(error);
      throw error instanceof WorkerLost ? new HostError('zone.failed', error.message) : error;
    }
    this.#opening = null;
    this.#began(reason);
    log.info(
      { zone: this.id, epoch: this.#run?.epoch, reason, ms: Math.round(clock.monotonicMs() - started) },
      'zone runs',
    );
  }

  /** One try: reads everything, raises the epoch, gives the zone to a worker. */
  async #live(reason: 'start' | 'recover', until: number): Promise<void> {
    const host = this.#host;
    const give = async (): Promise<Run> => {
      const source = await host.load(this.id);
      await host.keeper.idle(this.id);
      const { epoch, saved } = await host.store.openZone(this.id, source.game.name);
      const blocks = 1 + Math.ceil((saved.populated ? 0 : source.content.mapObjects.length) / idsOfBlock);
      const ids = [await host.store.takeIds(blocks)];
      const worker = await host.place();
      const run = new Run({
        zone: this.id,
        epoch,
        worker,
        source,
        objects: saved.objects,
        blocks: ids,
        objectsMost: host.limits.objectsMost,
      });
      if (late) throw new HostError('zone.timeout');
      this.#run = run;
      this.#characters = saved.objects.filter(({ kind, owner }) => kind === source.content.character && owner !== null);
      worker.given.set(this.id, epoch);
      const seed = Number.parseInt(crypto.randomUUID().slice(0, 8), 16);
      const { content, programs } = source;
      const sent = worker.send({ type: 'load', zone: this.id, epoch, reason, seed, content, programs, saved, ids });
      if (sent === 'closed') throw new WorkerLost('its worker is gone');
      if (sent !== 'sent') throw new HostError('zone.failed', `Cannot load zone "${this.id}": it is too large`);
      await run.loaded.promise;
      return run;
    };
    let late = false;
    const work = give();
    const timeout = Promise.withResolvers<never>();
    const timer = setTimeout(() => timeout.reject(new HostError('zone.timeout')), until - host.clock.monotonicMs());
    try {
      await Promise.race([work, timeout.promise]);
    } catch (error) {
      late = true;
      work.catch(() => {});
      this.#leaveRun();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Takes the zone from its worker without waiting: whatever that still says is of an old epoch. */
  #leaveRun(): void {
    const run = this.#run;
    this.#run = null;
    if (!run) return;
    run.worker.send({ type: 'close', zone: this.id, epoch: run.epoch });
    const { asks, items } = run.end();
    for (const ask of asks) this.#waiting.add(ask);
    this.#items.unshift(...items.filter(({ type }) => type !== 'input' && type !== 'take'));
    for (const number of run.moves.keys()) {
      this.#moves.get(number)?.failed(new HostError('zone.interrupted'));
      this.#moves.delete(number);
    }
  }

  #began(reason: 'start' | 'recover'): void {
    const run = this.#run as Run;
    this.#phase = 'running';
    this.#wantsSleep = false;
    this.#host.alarm(this.id, null);
    this.#host.publishState({ zone: this.id, epoch: run.epoch, state: 'running' });
    // The zone takes everybody it finds after a recovery for connected; after a start guests leave by themselves.
    for (const { id, owner } of reason === 'recover' ? this.#characters : []) {
      if (owner === null || this.#connected.get(owner) === id) continue;
      run.push({ type: 'connected', owner, character: id, connected: false });
    }
    for (const item of this.#items.splice(0)) this.push(item);
    for (const ask of this.#waiting.take()) run.hand(ask);
    this.#watchAudience(this.#host.limits.sleepAfterMs);
  }

  #failed(error: unknown): void {
    const code = error instanceof HostError ? error.code : 'zone.failed';
    const refusal = error instanceof HostError ? error : new HostError('zone.failed');
    this.#host.log.error({ zone: this.id, error }, 'zone cannot be opened');
    this.#opening = null;
    this.#phase = 'closed';
    this.#items = [];
    this.#connected.clear();
    this.#host.publishState({ zone: this.id, epoch: 0, state: 'closed', code });
    for (const ask of this.#waiting.take()) ask.refuse(refusal);
  }

  /** Its worker is gone. */
  lost(why: string): void {
    const run = this.#run;
    if (!run) return;
    if (this.#phase === 'starting' || this.#phase === 'recovering') {
      run.loaded.reject(new WorkerLost(why));
      return;
    }
    this.#host.log.warn({ zone: this.id, epoch: run.epoch, tick: run.tick, why }, 'zone lost its worker');
    if (this.#phase === 'closing') return this.#closed(run);
    this.#leaveRun();
    if (this.#phase === 'asleep' && this.#sessions === 0 && this.#holds === 0 && this.#waiting.size === 0) {
      this.#phase = 'closed';
      this.#host.publishState({ zone: this.id, epoch: run.epoch, state: 'closed' });
      this.#host.alarm(this.id, run.nextDue);
      return;
    }
    this.#recover(run.epoch);
  }

  /** What it did since the last commit could not be saved: memory and disk shall agree. */
  restore(epoch: number): void {
    if (this.#run?.epoch !== epoch || (this.#phase !== 'running' && this.#phase !== 'asleep')) return;
    this.#leaveRun();
    this.#recover(epoch);
  }

  #recover(epoch: number): void {
    this.#stopTimer();
    this.#phase = 'recovering';
    this.#host.publishState({ zone: this.id, epoch, state: 'recovering' });
    this.#opening = this.#host.gate.run(async () => {
      await this.#backOff();
      await this.#bring('recover');
    });
    this.#opening.catch(() => {});
  }

  /** A zone that keeps taking its worker down waits longer each time, up to 8 s. */
  async #backOff(): Promise<void> {
    const now = this.#host.clock.monotonicMs();
    this.#lives = [...this.#lives.filter((at) => now - at < 60_000), now];
    const waits = this.#lives.length - 3;
    if (waits > 0) await new Promise((wake) => setTimeout(wake, Math.min(8_000, 250 * 2 ** waits)));
  }

  // Sleep.

  #watchAudience(afterMs: number): void {
    this.#stopTimer();
    const always = this.#run?.source.content.spec.awake === 'always';
    if (this.#phase !== 'running' || this.#sessions > 0 || this.#holds > 0 || always) return;
    this.#timer = setTimeout(() => this.#sleep(), afterMs);
  }

  #sleep(): void {
    const run = this.#run;
    if (this.#phase !== 'running' || !run || this.#sessions > 0 || this.#holds > 0) return;
    if (run.busy) return this.#watchAudience(napMs);
    this.#wantsSleep = true;
    run.worker.send({ type: 'sleep', zone: this.id, epoch: run.epoch });
  }

  #slept(run: Run): void {
    this.#phase = 'asleep';
    this.#host.alarm(this.id, run.nextDue);
    this.#watchSleep(run);
  }

  /** A character that waits for its lost session keeps its zone loaded: a guest found by a start is taken for gone. */
  #watchSleep(run: Run): void {
    this.#timer = setTimeout(() => {
      if (this.#phase !== 'asleep') return;
      if (run.claims.owned(run.source.content.character) > 0) this.#watchSleep(run);
      else void this.close();
    }, this.#host.limits.unloadAfterMs);
  }

  #wake(watchMs: number = this.#host.limits.sleepAfterMs): void {
    const run = this.#run;
    if (this.#phase !== 'asleep' || !run) return;
    this.#phase = 'running';
    this.#wantsSleep = false;
    this.#host.alarm(this.id, null);
    run.worker.send({ type: 'wake', zone: this.id, epoch: run.epoch });
    this.#watchAudience(watchMs);
  }

  #closed(run: Run): void {
    const { asks, items } = run.end();
    this.#run = null;
    this.#connected.clear();
    this.#items.push(...items.filter(({ type }) => type === 'arrive'));
    for (const ask of asks) this.#waiting.add(ask);
    const closing = this.#closing;
    const finish = () => {
      this.#closing = null;
      this.#phase = 'closed';
      this.#items = [];
      this.#host.alarm(this.id, this.#stopped ? null : run.nextDue);
      this.#host.publishState({ zone: this.id, epoch: run.epoch, state: 'closed' });
      closing?.resolve();
      if (!this.#stopped && (this.#waiting.size > 0 || this.#sessions > 0)) this.#openForWaiting();
    };
    this.#phase = 'closing';
    this.#host.keeper.idle(this.id).then(finish, finish);
  }

  #stopTimer(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  // Content.

  /** Hands newly compiled programs or a new map to the life that runs. */
  async reload(): Promise<void> {
    const run = this.#run;
    if (!run || (this.#phase !== 'running' && this.#phase !== 'asleep')) return;
    const source = await this.#host.load(this.id);
    if (this.#run !== run) return;
    const before = run.source;
    run.source = source;
    if (JSON.stringify(before.content) !== JSON.stringify(source.content)) {
      run.worker.send({ type: 'content', zone: this.id, epoch: run.epoch, content: source.content });
    }
    if (builds(before) === builds(source)) return;
    run.worker.send({ type: 'programs', zone: this.id, epoch: run.epoch, programs: source.programs });
  }

  #swapped(ok: boolean): void {
    this.#host.log.info(
      { zone: this.id, ok },
      ok ? 'scripts taken over' : 'scripts not taken over: the old ones go on',
    );
  }
}

/** The worker went away while it loaded the zone: another one may do better. */
class WorkerLost extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'WorkerLost';
  }
}

function builds({ programs }: LoadedContent): string {
  return programs.map(({ role, name, build }) => `${role} ${name} ${build}`).join('\n');
}

function toOnce({ ask: { ask }, outcome }: Settled, at: number, tick: number): readonly OnceAnswer[] {
  if (ask.type !== 'call' || ask.once === undefined || !outcome.ok) return [];
  return [{ owner: ask.owner, once: ask.once, at, tick, answer: outcome.result }];
}
