/**
 * One zone as the node keeps it, over all its lives: closed → starting → running ⇄ asleep → closing → closed, and
 * recovering when its worker died or its changes could not be saved.
 */
import { HostError } from '../contract/errors.ts';
import type { InboxItem, ObjectId, ToNode, ZoneId } from '../contract/link.ts';
import type { Examined, ZoneAsk, ZoneInfo, ZoneTell } from '../contract/ports.ts';
import { isAway } from '../store/store.ts';
import { type Ask, type Asked, createAsk } from './asks.ts';
import { examine } from './examine.ts';
import { Ledger } from './ledger.ts';
import { Players } from './players.ts';
import type { Run } from './run.ts';
import { napMs, Sleep } from './sleep.ts';
import { Trust } from './trust.ts';
import { Waiting } from './waiting.ts';
import type { MoveOut, MoveRequest, ZoneHost } from './zone-host.ts';
import { parseZoneId } from './zone-id.ts';
import { ZoneScripts } from './zone-scripts.ts';
import { type Started, startZone, WorkerLost } from './zone-start.ts';

type Phase = 'closed' | 'starting' | 'running' | 'asleep' | 'closing' | 'recovering';
type Reason = 'start' | 'recover';

/** Seconds after which a zone that did not come up for its timer, or after a crash, is tried again. */
const againS = 10;
const passingCodes: ReadonlySet<string> = new Set(['store.busy', 'zone.timeout', 'zone.unavailable']);
/** A worker that does not end a zone within this time is ended itself. */
const closeMs = 5_000;
/** A zone without scripts and physics is given them again after this long, or when a file is saved. */
const safeMs = 60_000;

export class HostedZone {
  readonly id: ZoneId;
  readonly #host: ZoneHost;
  readonly #wantMove: (from: HostedZone, request: MoveRequest) => void;
  /** For the next life. */
  readonly #waiting: Waiting;
  readonly #ledger: Ledger;
  readonly #scripts: ZoneScripts;
  readonly #trust = new Trust();
  readonly #sleep: Sleep;
  readonly #players = new Players();
  #phase: Phase = 'closed';
  #run: Run | null = null;
  #opening: Promise<void> | null = null;
  #closing: PromiseWithResolvers<void> | null = null;
  /** Those who open it as soon as it has closed, or when it is their turn: forgotten before, it would be opened twice. */
  #comers = 0;
  #stopped = false;

  constructor(id: ZoneId, host: ZoneHost, wantMove: (from: HostedZone, request: MoveRequest) => void) {
    this.id = id;
    this.#host = host;
    this.#wantMove = wantMove;
    this.#waiting = new Waiting(host.limits.waitingEach, host.limits.waitingMs);
    this.#scripts = new ZoneScripts(id, host);
    this.#ledger = new Ledger(host, {
      joined: (_owner, character) => this.#players.joined(character),
      unwanted: (owner, character) => this.tell({ type: 'leave', owner, character }),
    });
    this.#sleep = new Sleep(host, {
      zone: id,
      life: () => this.#life,
      fellAsleep: () => {
        this.#phase = 'asleep';
      },
      wokeUp: () => {
        const slept = this.#phase === 'asleep';
        this.#phase = 'running';
        if (slept) this.#catchUp();
      },
      unload: () => void this.close(),
    });
  }

  get run(): Run | null {
    return this.#run;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Nothing of it has to be kept in memory. */
  get idle(): boolean {
    return this.#phase === 'closed' && this.#sleep.unwatched && this.#waiting.size === 0 && this.#comers === 0;
  }

  /** Monotonic milliseconds since when it sleeps and could be unloaded; null when it could not. */
  get idleSinceMs(): number | null {
    return this.#sleep.idleSinceMs;
  }

  /** Requests that wait until it runs. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** The life that runs or sleeps. */
  get #life(): { readonly run: Run; readonly asleep: boolean } | null {
    const asleep = this.#phase === 'asleep';
    return this.#run && (asleep || this.#phase === 'running') ? { run: this.#run, asleep } : null;
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

  /** What the node knows of an object; undefined when it is not here. */
  examine(object: ObjectId): Examined | undefined {
    const run = this.#run;
    return run?.claims.has(object) ? examine(run, object) : undefined;
  }

  // Requests.

  /** Starts or wakes it; callers at the same time share one start. @throws HostError */
  async open(): Promise<void> {
    if (this.#stopped) throw new HostError('zone.unavailable', 'The node stops');
    switch (this.#phase) {
      case 'running':
      case 'asleep':
        this.#sleep.wake();
        return;
      case 'closing':
        await this.#comes(async () => {
          await this.#closing?.promise;
          await this.open();
        });
        return;
      case 'closed':
        this.#phase = 'starting';
        this.#opening = this.#bring('start');
        await this.#opening;
        return;
      case 'starting':
      case 'recovering':
        await this.#opening;
    }
  }

  async #comes(open: () => Promise<void>): Promise<void> {
    this.#comers++;
    try {
      await open();
    } finally {
      this.#comers--;
      if (this.idle) this.#host.forget(this.id);
    }
  }

  /** Both promises reject with a HostError, see `Zones.ask`. */
  ask(request: ZoneAsk): Omit<Asked, 'ask'> {
    const { ask, ...outcome } = createAsk(request, this.#host.limits.askMs);
    this.#submit(ask);
    return outcome;
  }

  #submit(ask: Ask): void {
    this.#sleep.wake();
    if (this.#phase === 'running' && this.#run) return this.#run.hand(ask);
    this.#waiting.add(ask);
    if (this.#phase === 'closed' || this.#phase === 'closing') this.#openForWaiting();
  }

  #openForWaiting(): void {
    this.open().catch((error: unknown) => this.#waiting.refuse(error));
  }

  /** Inputs to a zone that does not run are dropped; that somebody came or went is told when it runs again. */
  tell(tell: ZoneTell): void {
    if (tell.type === 'connected') this.#players.connection(tell.character, tell.connected);
    if (tell.type === 'leave') this.#players.left(tell.character);
    if (tell.type !== 'input') this.push(tell);
    else if (this.#phase === 'running') this.#run?.push(tell);
  }

  /** Whether it sleeps or recovers: the item reaches the life that runs next. Nothing happens when it is closed. */
  push(item: InboxItem): void {
    this.#sleep.wake();
    const [first] = item.type === 'arrive' && item.owner !== null ? item.objects : [];
    if (first) this.#players.joined(first.id);
    if (this.#phase === 'running' && this.#run) {
      if (item.type === 'arrive') this.#run.claims.addObjects(item.objects);
      this.#run.push(item);
    } else if (this.#phase !== 'closed') this.#waiting.push(item);
  }

  /** Has an object taken out for a move. False when the zone does not have it. */
  take(object: ObjectId, move: MoveOut): boolean {
    if (this.#phase !== 'running' || this.#run === null) return false;
    const committed = () => {
      this.#players.left(object);
      move.committed();
    };
    return this.#ledger.take(this.#run, object, { ...move, committed });
  }

  /** Calls once, when a frame has the object, or when the zone closes before. */
  expect(object: ObjectId, here: () => void): void {
    this.#ledger.expect(object, here);
    if (this.#phase === 'closed') this.#leaveClosed(0);
  }

  // Sleep.

  audience(sessions: number): void {
    this.#sleep.audience(sessions);
  }

  /** Keeps it awake until the undo is called. */
  hold(): () => void {
    return this.#sleep.hold();
  }

  /** A timer is due while it does not tick. */
  async alarm(): Promise<void> {
    if (this.#phase === 'asleep') this.#sleep.wake(napMs);
    if (this.#phase !== 'closed') return;
    try {
      await this.#comes(() => this.#host.gate.run(() => this.open()));
    } catch (error) {
      this.#tryLater(error);
      throw error;
    }
    this.#sleep.watch(napMs);
  }

  /** What only came at a bad time is tried again; what is broken waits until somebody asks for it. */
  #tryLater(error: unknown): void {
    const passing = error instanceof HostError && passingCodes.has(error.code);
    if (passing && !this.#stopped) this.#host.alarm(this.id, this.#host.clock.now() + againS);
  }

  // What the worker says.

  /** @returns In words, what is false in it. */
  receive(run: Run, message: Exclude<ToNode, { type: 'ready' | 'stats' | 'checkpoint' }>): string | null {
    if ('reports' in message) {
      if (message.reports.some(({ zone }) => zone !== this.id)) return 'a report of another zone';
      for (const report of message.reports) this.#scripts.report(run, report);
    }
    switch (message.type) {
      case 'frame': {
        if (message.closed && this.#phase !== 'closing') return 'it has closed, which nobody asked for';
        const fault = this.#ledger.frame(run, message);
        if (fault !== null) return fault;
        for (const request of message.requests) if (request.type === 'goto') this.#wantMove(this, request);
        if (message.asleep) this.#sleep.slept(run);
        if (message.closed) this.#ended(run);
        return null;
      }
      case 'load-failed':
        run.loaded.reject(new HostError('zone.failed', `Cannot load zone "${this.id}": ${message.message}`));
        return null;
      case 'reports':
        return null;
      case 'tried':
        return 'nobody has it try anything';
      case 'loaded':
      case 'swapped':
      case 'judged':
      case 'convicted':
        return this.#scripts.hear(run, message);
    }
  }

  // Lives.

  /** Starts lives until one runs. */
  async #bring(reason: Reason): Promise<void> {
    const { limits, clock, log } = this.#host;
    const beganMs = clock.monotonicMs();
    try {
      const started = await startZone(this.#host, {
        ...{ zone: this.id, reason, untilMs: beganMs + limits.startMs },
        arriving: () => this.#waiting.arriving,
        caution: () => this.#trust.take(),
        begins: (run) => {
          this.#run = run;
        },
        failed: () => this.#leaveRun(),
      });
      this.#opening = null;
      this.#begin(started, reason);
      const ms = Math.round(clock.monotonicMs() - beganMs);
      const { epoch, worker, caution } = started.run;
      log.info({ zone: this.id, epoch, worker: worker.pid, reason, caution, ms }, 'zone runs');
    } catch (error) {
      this.#opening = null;
      const refusal = error instanceof HostError ? error : new HostError(isAway(error) ? 'store.busy' : 'zone.failed');
      log.error({ zone: this.id, reason, error }, 'zone cannot be opened');
      if (reason === 'recover') this.#tryLater(refusal);
      this.#giveUp(refusal);
      throw refusal;
    }
  }

  #begin({ run, characters }: Started, reason: Reason): void {
    this.#phase = 'running';
    this.#sleep.begin();
    this.#host.publishState({ zone: this.id, epoch: run.epoch, state: 'running' });
    // After a recovery the zone takes everybody it finds for connected; after a start guests leave by themselves.
    if (reason === 'recover') for (const item of this.#players.corrections(characters)) run.push(item);
    for (const item of this.#waiting.takeItems()) this.push(item);
    for (const ask of this.#waiting.takeAsks()) run.hand(ask);
    this.#sleep.watch();
    if (run.caution === 'safe') setTimeout(() => this.#tryAgain(run), safeMs).unref();
    this.#catchUp();
  }

  #giveUp(refusal: HostError): void {
    this.#leaveClosed(0, refusal.code);
    this.#waiting.refuse(refusal);
  }

  #leaveClosed(epoch: number, code?: string): void {
    this.#phase = 'closed';
    this.#waiting.dropItems();
    this.#players.clear();
    this.#ledger.close();
    const state = { zone: this.id, epoch, state: 'closed' } as const;
    this.#host.publishState(code === undefined ? state : { ...state, code });
  }

  /** Its worker is gone. @param blame  The worker's last words. */
  lost(why: string, blame: readonly string[]): void {
    const run = this.#run;
    if (!run) return;
    const doing = this.#scripts.judgeEnd(run, why, blame);
    if (doing.kind === 'unexplained') this.#trust.unexplained(this.#host.clock.monotonicMs());
    if (doing.kind === 'script') this.#trust.explained();
    const known = doing.kind === 'script' ? doing.written : Promise.resolve();
    if (this.#phase === 'starting' || this.#phase === 'recovering')
      return void known.then(() => run.loaded.reject(new WorkerLost(why)));
    if (this.#phase === 'closing') return this.#ended(run);
    this.#host.log.warn({ zone: this.id, epoch: run.epoch, tick: run.tick, why }, 'zone lost its worker');
    this.#leaveRun();
    // A sleeping zone that nobody looks at is started again when it is asked for.
    const empty =
      this.#sleep.unwatched && this.#waiting.size === 0 && run.claims.owned(run.source.content.character) === 0;
    if (this.#phase === 'asleep' && empty) this.#finish(run);
    else this.#recover(run.epoch, doing.kind !== 'none', known);
  }

  /** What it did since the last commit could not be saved: memory and disk shall agree. */
  restore(epoch: number): void {
    if (this.#life?.run.epoch !== epoch) return;
    this.#leaveRun();
    this.#recover(epoch, true);
  }

  /** @param known  Resolves when what is known of its end is on disk. */
  #recover(epoch: number, blamed: boolean, known: Promise<void> = Promise.resolve()): void {
    this.#sleep.stop();
    this.#phase = 'recovering';
    this.#host.publishState({ zone: this.id, epoch, state: 'recovering' });
    const lostMs = this.#host.clock.monotonicMs();
    this.#opening = (async () => {
      await known;
      const waitMs = blamed ? this.#trust.waitMs(lostMs) : 0;
      if (waitMs > 0) await new Promise((wake) => setTimeout(wake, waitMs));
      await this.#host.gate.run(() => this.#bring('recover'));
      this.#tellRecovered(Math.round(this.#host.clock.monotonicMs() - lostMs));
    })();
    // Whoever waits for it hears; the log has it.
    this.#opening.catch(() => {});
  }

  #tellRecovered(ms: number): void {
    const { id: zone } = this;
    const message = `zone back in ${(ms / 1_000).toFixed(1)} s`;
    this.#host.reports.watch({ what: 'recovered', path: '', zone, message, ms, at: this.#host.clock.now() });
  }

  /** Takes the zone from its worker without waiting: whatever that still says is of an old epoch. */
  #leaveRun(): void {
    const run = this.#run;
    this.#run = null;
    if (!run) return;
    run.worker.send({ type: 'close', zone: this.id, epoch: run.epoch });
    this.#endRun(run);
    const { asks, items } = run.end();
    for (const ask of asks) this.#waiting.add(ask);
    this.#waiting.putBack(items);
  }

  #endRun(run: Run): void {
    this.#scripts.end();
    this.#ledger.end(run);
    this.#host.leave(run.worker);
  }

  // End.

  /** Flushes and ends it. */
  async close(): Promise<void> {
    // A start that fails has closed it.
    if (this.#phase === 'starting' || this.#phase === 'recovering') await this.#opening?.catch(() => {});
    if (this.#phase === 'closed') return;
    if (this.#closing) return await this.#closing.promise;
    this.#sleep.stop();
    this.#closing = Promise.withResolvers<void>();
    this.#phase = 'closing';
    const run = this.#run;
    run?.worker.send({ type: 'close', zone: this.id, epoch: run.epoch });
    const timer = setTimeout(() => run?.worker.kill(`did not close ${this.id}`), closeMs);
    await this.#closing.promise.finally(() => clearTimeout(timer));
  }

  /** The node stops: nothing starts any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.close();
  }

  /** The last frame is here, or its worker is gone. */
  #ended(run: Run): void {
    this.#endRun(run);
    const { asks } = run.end();
    this.#run = null;
    this.#phase = 'closing';
    for (const ask of asks) this.#waiting.add(ask);
    void this.#host.keeper.idle(this.id).then(() => this.#finish(run));
  }

  #finish(run: Run): void {
    const closing = this.#closing;
    this.#closing = null;
    this.#host.log.debug({ zone: this.id, tick: run.tick, nextDue: run.nextDue }, 'zone closed');
    if (!this.#stopped) this.#host.alarm(this.id, run.nextDue);
    this.#leaveClosed(run.epoch);
    closing?.resolve();
    if (this.#stopped) this.#waiting.refuse(new HostError('zone.unavailable', 'The node stops'));
    else if (this.#waiting.size > 0) this.#openForWaiting();
  }

  // Content.

  /**
   * Hands newly compiled programs or a new map to the life that runs.
   * @param saved  Somebody has saved something: a zone that runs without scripts tries again.
   */
  async reload(saved = false): Promise<void> {
    const life = this.#life;
    if (!life) return;
    const { run, asleep } = life;
    // One that sleeps is given what is new when it wakes.
    if (asleep && run.caution !== 'safe') return;
    if (saved && run.caution === 'safe') this.#tryAgain(run);
    else await this.#scripts.reload(run);
  }

  /** Files may have been saved while it loaded or slept. */
  #catchUp(): void {
    this.reload().catch((error) => this.#host.log.warn({ zone: this.id, error }, 'zone keeps its content'));
  }

  /** A zone that runs without scripts is given them once more. */
  #tryAgain(run: Run): void {
    if (this.#life?.run !== run) return;
    this.#trust.again();
    this.#leaveRun();
    this.#recover(run.epoch, false);
  }
}
