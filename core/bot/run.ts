/** A bot at work: attached to its room or character, its callbacks one after another, back after every loss. */
import { setTimeout as pause } from 'node:timers/promises';
import { CallError, type Client, connect } from '../client/client.ts';
import type { Json, JsonObject } from '../contract/content.ts';
import type { Bot, BotDefinition, Member, Message } from './definition.ts';
import { toBot } from './handle.ts';
import { Queue } from './queue.ts';

export interface BotRun {
  /** Lets the callback at work end, detaches the bot and closes its connection. Twice is harmless. */
  stop(): Promise<void>;
  /** `stopped`, or the code why the node wants it no more: `session.logged-out` when the bot was deleted. */
  readonly ended: Promise<string>;
}

type Options = {
  readonly url: string;
  readonly token: string;
  readonly report: (line: string, error?: unknown) => void;
};

/** Waits before the next attempt to connect or attach, in milliseconds; the last for all that follow. */
const waitsMs = [500, 1_000, 2_000, 4_000, 8_000, 15_000];
/** What may wait for the callbacks before it: strangers send it. */
const waitingMost = 1_000;
/** A callback that takes longer is reported: nothing else happens until it ends. */
const longMs = 30_000;
/** Heartbeats between two calls that say that it is there. */
const pingEvery = 5;
/** Attached for so long, it may come back at once the next time. */
const steadyMs = 20_000;
/** A callback at work gets so long to end when the bot is stopped. */
const patienceMs = 10_000;
/** After these it would be refused again however often it came. */
const finalCodes = new Set([
  ...['session.unknown-token', 'session.logged-out', 'session.replaced', 'session.protocol', 'session.version'],
  ...['call.forbidden', 'call.bad-params'],
]);

export function startBot(definition: BotDefinition, options: Options): BotRun {
  return new Run(definition, options);
}

class Run implements BotRun {
  readonly #definition: BotDefinition;
  readonly #report: Options['report'];
  readonly #client: Client;
  readonly #bot: Bot;
  readonly #queue = new Queue(waitingMost);
  readonly #ended = Promise.withResolvers<string>();
  /** Of this attachment: aborted with its connection. */
  #life = new AbortController();
  /** Attempts to attach come one after another, too. */
  #coming: Promise<void> = Promise.resolve();
  #refusals = 0;
  #isSetUp = false;
  #isAttached = false;
  #isOver = false;
  #isBeating = false;
  /** No connection, and it was told. */
  #isOut = false;
  #quiet = 0;
  #lost = 0;

  constructor(definition: BotDefinition, { url, token, report }: Options) {
    this.#definition = definition;
    const name = definition.room ?? definition.character.name;
    this.#report = (line, error) => {
      try {
        report(`bot ${name}: ${line}`, error);
      } catch (fault) {
        // Nothing of the bot's own is to end it.
        console.error(`bot ${name}: its report failed`, fault);
      }
    };
    this.#client = connect({ url, token, giveUpMs: Number.POSITIVE_INFINITY });
    this.#bot = toBot(definition, this.#client);
    this.#listen();
  }

  get ended(): Promise<string> {
    return this.#ended.promise;
  }

  stop(): Promise<void> {
    return this.#end('stopped');
  }

  #listen(): void {
    const client = this.#client;
    const { room, character } = this.#definition;
    client.on('connect', () => this.#begin());
    client.on('unreachable', ({ reason }) => this.#unreachable(reason));
    client.on('notice', ({ code, message }) => this.#noticed(code, message));
    client.on('disconnect', ({ reason, again }) => this.#gone(reason, again));
    client.listen('room-closed', (data) => isOf(room, data) && this.#ousted('room'));
    client.listen('room-message', (data) => isOf(room, data) && this.#hear(toMessage(data)));
    client.listen('room-joined', (data) => isOf(room, data) && this.#moved('joined', data.member as Member));
    client.listen('room-left', (data) => isOf(room, data) && this.#moved('left', data.member as Member));
    client.on('zone', ({ state }) => state === 'closed' && character !== undefined && this.#ousted('zone'));
    client.on('chat', ({ from, text, whisper }) => {
      if (whisper) this.#hear({ to: 'bot', room: null, from: { name: from }, text, data: null });
    });
    client.on('say', ({ i, n, text, p }) => {
      if (p === 1 && i !== client.self?.id) this.#hear({ to: 'zone', room: null, from: { name: n }, text, data: null });
    });
  }

  #noticed(code: string, message: string): void {
    this.#report(`${code}: ${message}`);
    if (finalCodes.has(code)) void this.#end(code);
  }

  #gone(reason: string, again: boolean): void {
    if (this.#isOver) return;
    this.#report(`connection lost (${reason}), trying again`);
    this.#isOut = true;
    this.#leave();
    // The library leaves it to its caller whether to come back after some reasons of the server.
    if (!again) void this.#wait(this.#life.signal).then((waited) => (waited ? this.#client.connectAgain() : undefined));
  }

  /** Told once: the attempts go on in silence. */
  #unreachable(reason: string): void {
    if (!this.#isOut) this.#report(`no connection (${reason}), trying again`);
    this.#isOut = true;
  }

  /** Attaches, again. */
  #begin(): void {
    if (this.#isOver) return;
    this.#isOut = false;
    this.#leave();
    const { signal } = this.#life;
    this.#coming = this.#coming.then(() => this.#come(signal));
  }

  /** Another connection with the same token has the room now, or it is gone. Not at once, or the two would never rest. */
  #ousted(from: 'room' | 'zone'): void {
    if (this.#isOver) return;
    this.#report(`the ${from} was closed, trying again`);
    this.#leave();
    const { signal } = this.#life;
    void this.#wait(signal).then((waited) => (waited ? this.#begin() : undefined));
  }

  /** Nothing more is done for the attachment that was. */
  #leave(): void {
    this.#life.abort();
    this.#life = new AbortController();
    this.#isAttached = false;
    void this.#queue.hold();
  }

  async #come(signal: AbortSignal): Promise<void> {
    await this.#queue.hold();
    while (!signal.aborted) {
      if ((await this.#attach(signal)) && (await this.#welcome())) break;
      await this.#wait(signal);
    }
    if (signal.aborted) return;
    this.#isAttached = true;
    this.#queue.release();
    void this.#beat(signal);
    // Whoever loses it again soon goes on waiting longer.
    if (await waited(steadyMs, signal)) this.#refusals = 0;
  }

  async #attach(signal: AbortSignal): Promise<boolean> {
    const { room, character } = this.#definition;
    try {
      if (room !== undefined) await this.#client.call('bot.attach', { room });
      if (character !== undefined) await this.#client.call('bot.play', { ...character });
      if (!signal.aborted) this.#report('attached');
      return !signal.aborted;
    } catch (error) {
      if (signal.aborted) return false;
      this.#report('cannot attach', error);
      if (error instanceof CallError && finalCodes.has(error.code)) void this.#end(error.code);
      return false;
    }
  }

  /** Setup the first time, afterwards recovery. False when it has to be tried again. */
  async #welcome(): Promise<boolean> {
    const { setup, recovery } = this.#definition;
    if (this.#isSetUp) await this.#guard('recovery', () => recovery?.(this.#bot));
    else this.#isSetUp = await this.#guard('setup', () => setup?.(this.#bot));
    return this.#isSetUp;
  }

  async #beat(signal: AbortSignal): Promise<void> {
    for (let beats = 1; await waited(1_000, signal); beats++) {
      this.#quiet += 1;
      // A bot that only listens is no client that has died (setting `silentMs`).
      if (beats % pingEvery === 0) void this.#client.ping();
      const { heartbeat } = this.#definition;
      if (heartbeat === undefined || this.#isBeating) continue;
      this.#isBeating = this.#queue.add(async () => {
        await this.#guard('heartbeat', () => heartbeat(this.#bot, this.#quiet));
        this.#isBeating = false;
      });
    }
  }

  #hear(message: Message): void {
    const { message: handle } = this.#definition;
    this.#quiet = 0;
    if (handle !== undefined) this.#enqueue('message', () => handle(this.#bot, message));
  }

  #moved(how: 'joined' | 'left', member: Member): void {
    const handle = this.#definition[how];
    if (handle !== undefined) this.#enqueue(how, () => handle(this.#bot, member));
  }

  #enqueue(name: string, work: () => unknown): void {
    if (this.#isOver) return;
    const isTaken = this.#queue.add(() => this.#guard(name, work).then(() => undefined));
    if (isTaken) this.#lost = 0;
    else if (this.#lost++ === 0) this.#report(`${waitingMost} messages wait: more are passed over until there is room`);
  }

  /** Runs a callback: true when it came to a good end. */
  async #guard(name: string, work: () => unknown): Promise<boolean> {
    const late = setTimeout(() => this.#report(`${name} is at work for ${longMs / 1_000} s: all else waits`), longMs);
    late.unref();
    try {
      await work();
      return true;
    } catch (error) {
      this.#report(`${name} failed`, error);
      return false;
    } finally {
      clearTimeout(late);
    }
  }

  /** False when the attachment is over. */
  #wait(signal: AbortSignal): Promise<boolean> {
    const ms = waitsMs[Math.min(this.#refusals++, waitsMs.length - 1)] ?? 0;
    return waited(ms * (0.75 + Math.random() / 2), signal);
  }

  async #end(why: string): Promise<void> {
    if (this.#isOver) return void (await this.ended);
    this.#isOver = true;
    const wasAttached = this.#isAttached;
    this.#life.abort();
    await Promise.race([Promise.all([this.#queue.hold(), this.#coming]), pause(patienceMs, undefined, { ref: false })]);
    if (wasAttached && why === 'stopped') await this.#guard('detach', () => this.#detach());
    this.#client.close();
    this.#ended.resolve(why);
  }

  async #detach(): Promise<void> {
    if (this.#definition.room !== undefined) await this.#client.call('bot.detach', { room: this.#definition.room });
    if (this.#definition.character !== undefined) await this.#client.leave();
  }
}

/** Resolves after that time: true, or at once with false when it is aborted. */
async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}

function isOf(room: string | undefined, data: Json): data is JsonObject {
  return typeof data === 'object' && data !== null && 'room' in data && data.room === room && room !== undefined;
}

/** A `room-message`: `text` for what was said, `data` for what was told. */
function toMessage(message: JsonObject): Message {
  const { room, from, text = '', data = null } = message;
  return { to: 'room', room, from, text, data } as Message;
}
