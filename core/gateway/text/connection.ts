/** One connection of the text port: its lines one after another, in the mode it has chosen, within its budgets. */
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json, JsonObject } from '../../contract/content.ts';
import { type ErrorCode, errorTable } from '../../contract/errors.ts';
import { playerCommands } from '../../shell/commands.ts';
import { Shell } from '../../shell/shell.ts';
import type { Allowance } from '../allowances.ts';
import type { Peer } from '../peers.ts';
import { isForeign, readChoice, readModeLine } from './choice.ts';
import { HumanMode, type HumanWire } from './human.ts';
import type { LineEnd, Read } from './lines.ts';
import { type Mode, type ModeName, modeNames, toMode, toState, typedModes } from './mode.ts';
import type { TextOptions } from './options.ts';
import { createClientMode, createKvMode, createRpcMode, modeList } from './programs.ts';
import { TextSession } from './session.ts';
import { lineMost, TextStream } from './stream.ts';
import { TelnetSide } from './telnet.ts';

/** A line that was begun has to end, where no person types it. */
const halfLineMs = 10_000;
/** Who has not said what he is may read for so much longer than a program may be silent. */
const unsaidFactor = 3;
const usualSize = { columns: 80, rows: 24 };

export class TextConnection {
  readonly #peer: Peer;
  readonly #allowance: Allowance;
  readonly #options: TextOptions;
  readonly #session: TextSession;
  readonly #telnet: TelnetSide;
  readonly #stream: TextStream;
  readonly #shell: Shell;
  readonly #human: HumanMode;
  #mode: { readonly name: ModeName; readonly how: Mode } | undefined;
  /** A line is carried out. */
  #busy = false;
  #ended = false;
  /** What came before there was a mode to say it in. */
  #early: (readonly [event: string, data: Json])[] = [];
  /** Monotonic milliseconds. */
  readonly #openedMs: number;
  #end: LineEnd = 'lf';
  #size: { readonly columns: number; readonly rows: number } | undefined;
  #reason: string | undefined;

  constructor(socket: Socket, peer: Peer, allowance: Allowance, options: TextOptions) {
    this.#peer = peer;
    this.#allowance = allowance;
    this.#options = options;
    const { clock, limits, read, wrote } = options;
    this.#openedMs = clock.monotonicMs();
    this.#session = new TextSession({
      ...{ gateway: options, peer, allowance },
      hear: (event, data) => this.#hear(event, data),
      waitingBytes: () => this.#stream.waitingBytes,
      ended: (code) => this.#partTold(code),
    });
    this.#telnet = new TelnetSide((bytes) => this.#stream.write(bytes));
    this.#stream = new TextStream({
      ...{ socket, allowance, clock, read, wrote, slowBytes: limits.slowBytes },
      isReady: () => !this.#busy || this.#human.asks,
      isAnswer: () => this.#busy,
      onRead: (line) => this.#handle(line),
      // Programs do not speak telnet, and could not read an answer to it.
      onTelnet: (heard) => this.#stream.lines.byHand && this.#telnet.heard(heard),
      onEnd: () => (this.#human.asks ? this.#human.answer(null) : this.#part('end')),
      onSlow: () => {
        this.#reason = 'session.slow';
      },
    });
    this.#human = new HumanMode(this.#humanWire());
    this.#shell = new Shell({
      door: {
        call: (method, params) => this.#session.call(method, params),
        plan: async (zone) => options.plan(zone),
      },
      // Only people can be asked.
      terminal: {
        ...this.#human.terminal,
        ask: async (question, secret) =>
          this.#mode?.how === this.#human ? await this.#human.terminal.ask(question, secret) : null,
        show: (lines) => {
          if (this.#mode?.how === this.#human) this.#human.terminal.show(lines);
        },
      },
      commands: [...playerCommands, ...this.#human.commands],
      now: () => clock.now(),
      nowMs: () => clock.monotonicMs(),
      wait: (ms) => sleep(ms, undefined, { ref: false }),
    });
  }

  greet(): void {
    const hint = 'Type HUMAN and press Enter. Programs: MODE CLIENT, RPC, KV or SERVER; MODE LIST lists them.';
    this.#stream.write(`${toState('OK', 'CONNECTED Roost', { version: this.#options.version, hint })}\r\n`);
  }

  /** Ends what has been silent for too long. */
  sweep(nowMs: number): void {
    if (this.#busy && !this.#human.asks) return;
    const { textIdleMs, textPeopleIdleMs } = this.#options.limits;
    const name = this.#mode?.name;
    const isPerson = typedModes.has(name);
    const idleMs = isPerson ? textPeopleIdleMs : name === undefined ? unsaidFactor * textIdleMs : textIdleMs;
    const { lineMs, halfMs } = this.#stream;
    // Whoever only says that he is still there has said nothing.
    const isIdle = idleMs > 0 && nowMs - (name === undefined ? this.#openedMs : lineMs) > idleMs;
    const isHalf = !isPerson && halfMs !== undefined && nowMs - halfMs > halfLineMs;
    if (isIdle || isHalf) this.#finish('session.silent');
  }

  /** The connection is gone. */
  closed(): void {
    this.#stream.cut();
    this.#endSession();
  }

  #endSession(): void {
    this.#ended = true;
    this.#human.answer(null);
    this.#session.close(this.#reason ?? 'transport close');
  }

  cut(): void {
    this.#stream.cut();
  }

  /** Its address is banned. Of a session its own end tells it. */
  bar(): void {
    if (this.#session.live === undefined && this.#options.addresses.isBarred(this.#peer.address)) this.cut();
  }

  #handle(read: Read): void {
    // Who types is not idle, though nobody knows yet who he is.
    const { live } = this.#session;
    if (live !== undefined && typedModes.has(this.#mode?.name)) live.idleSinceMs = this.#stream.lineMs;
    if (read.kind === 'line' || read.kind === 'not-text') this.#end = read.end;
    if (this.#human.asks) return this.#answer(read);
    switch (read.kind) {
      case 'line':
        return this.#begin(read.text);
      case 'too-long':
        return this.#refuse('call.malformed', `A line has at most ${lineMost} bytes.`);
      case 'not-text':
        return this.#refuse('call.malformed', 'The line is not UTF-8.');
      case 'unended':
        return this.#refuse('call.malformed', 'The last line has no end: nothing was done for it.');
      case 'interrupt':
        return this.#mode?.name === 'HUMAN' ? this.#begin('') : undefined;
      case 'end':
        return this.#begin(this.#mode?.name === 'HUMAN' ? 'quit' : '');
    }
  }

  /** What a person was asked for. */
  #answer(read: Read): void {
    if (read.kind === 'line') this.#human.answer(read.text);
    else if (read.kind === 'interrupt' || read.kind === 'end') this.#human.answer(null);
    else this.#human.refuse('call.malformed', 'That is no line of text: once more, please.');
  }

  #begin(line: string): void {
    this.#busy = true;
    this.#carryOut(line)
      .catch((error: unknown) => {
        this.#options.log.error({ session: this.#session.live?.id, error: String(error) }, 'line broke');
        this.#refuse('call.failed', 'The line could not be carried out.');
      })
      .finally(() => {
        this.#busy = false;
        this.#stream.pump();
      });
  }

  async #carryOut(line: string): Promise<void> {
    if (this.#mode === undefined) return await this.#choose(line);
    const chosen = readModeLine(line);
    if (chosen === undefined) return await this.#mode.how.handle(line);
    await this.#change(chosen.mode, chosen.token);
  }

  /** Before there is a mode nothing else is heard. */
  async #choose(line: string): Promise<void> {
    if (line.trim() === '') return;
    if (isForeign(line)) return this.cut();
    const chosen = readChoice(line);
    if (chosen !== undefined) {
      await this.#change(chosen.mode, chosen.token);
      return;
    }
    const hint = `Connect again and say first who you are: HUMAN if you type this, else MODE and one of ${modeNames.join(', ')}.`;
    this.#send(toState('ERROR', 'No mode set.', { hint }));
    this.#part('no mode');
  }

  /** @returns whether it has the mode now */
  async #change(word: string, token: string | undefined): Promise<boolean> {
    if (word.toUpperCase() === 'LIST') {
      this.#send(modeList());
      if (this.#mode?.how === this.#human) this.#human.prompt();
      return false;
    }
    const name = toMode(word);
    if (name === undefined) {
      this.#refuseMode(word.slice(0, 64));
      return false;
    }
    // To look somebody up costs as much as a call.
    if (token !== undefined && !this.#allowance.calls.take(this.#options.clock.monotonicMs())) {
      this.#refuse('call.too-fast', errorTable['call.too-fast']);
      return false;
    }
    await this.#session.claim(token);
    if (this.#ended) return false;
    if (name === 'SERVER' && !this.#session.isServer) return this.#refuseServer();
    this.#mode = { name, how: this.#modeOf(name) };
    this.#stream.lines.byHand = typedModes.has(name);
    this.#stream.lines.tilde = name === 'KV';
    this.#sync();
    this.#mode.how.start();
    for (const [event, data] of this.#early.splice(0)) this.#hear(event, data);
    return true;
  }

  /** The shell knows who sits there by what it is told; the session knows better. */
  #sync(): void {
    const { live } = this.#session;
    if (live === undefined) return;
    const { account, name, zone, character } = live;
    this.#shell.you.sync({ account: account?.name ?? null, name, zone, character });
  }

  /** A program is closed, as it always was; a person has made a slip of the finger. */
  #refuseMode(word: string): void {
    const hint = `There are ${modeNames.join(', ')}.`;
    if (this.#mode?.how === this.#human) return this.#human.refuse('shell.wrong', `Invalid mode: ${word}. ${hint}`);
    this.#send(toState('ERROR', `Invalid mode: ${word}`, { hint }));
    this.#part('invalid mode');
  }

  #refuseServer(): boolean {
    const msg = 'Server mode needs the token of a bot, or of an administrator: MODE SERVER TOKEN';
    if (this.#mode === undefined) {
      this.#send(toState('ERROR', msg, { code: 'call.forbidden' }));
      this.#part('call.forbidden');
    } else this.#mode.how.refuse('call.forbidden', msg);
    return false;
  }

  #modeOf(name: ModeName): Mode {
    const wire = this.#humanWire();
    switch (name) {
      case 'HUMAN':
        return this.#human;
      case 'CLIENT':
      case 'SERVER':
        return createClientMode(wire, name);
      case 'RPC':
        return createRpcMode(wire);
      case 'KV':
        return createKvMode(wire);
    }
  }

  #humanWire(): HumanWire {
    const shell = () => this.#shell;
    return {
      get shell() {
        return shell();
      },
      call: (method, params) => this.#session.call(method, params),
      send: (text) => this.#send(text),
      change: (mode, token) => this.#change(mode, token),
      close: () => this.#part('quit'),
      now: () => this.#options.clock.now(),
      write: (text) => this.#stream.write(text),
      prompt: (text) => {
        this.#stream.write(this.#end === 'nul' ? `${text}\0` : text);
      },
      sync: () => this.#sync(),
      hide: (on) => {
        // Nothing tells netcat and telnet apart for sure; telnet ends lines with CR LF, or has spoken already.
        if (!this.#telnet.speaks && this.#end !== 'cr') return false;
        this.#telnet.hide(on);
        return true;
      },
      overwrite: (line) => {
        // Up to the line that Enter has ended, and all of it anew. Where lines end otherwise nobody knows what it would do.
        if (this.#end === 'lf') this.#stream.write(`\x1b[A\r\x1b[2K${line}\r\n`);
      },
      interrupted: () => this.#stream.lines.holdsInterrupt,
      size: () => this.#size ?? this.#telnet.size ?? usualSize,
      resize: (size) => {
        this.#size = size;
      },
      leave: () => this.#session.leave(),
    };
  }

  #hear(event: string, data: Json): void {
    if (this.#ended) return;
    if (this.#mode === undefined) this.#early.push([event, data]);
    else this.#mode.how.hear(event, data);
  }

  #refuse(code: ErrorCode, message: string): void {
    this.#options.refused(code);
    if (this.#mode !== undefined) return this.#mode.how.refuse(code, message);
    this.#send(toState('ERROR', message, { code }));
    this.#part(code);
  }

  /** A message, and its end as the other side ends its own. */
  #send(text: string): void {
    const isKv = this.#mode?.name === 'KV';
    const end = this.#end === 'nul' || this.#end === 'tilde' ? `${isKv ? '~' : ''}\0` : '\r\n';
    this.#stream.write(`${text}${end}`);
  }

  /** Tells the session why, if there is one, and ends it. */
  #finish(code: ErrorCode): void {
    if (this.#ended) return;
    if (this.#session.live === undefined) this.#part(code);
    else this.#session.live.end(code);
  }

  /** The session has ended, and has said why: also to who has no mode yet, such as one whose token nobody has. */
  #partTold(code: string): void {
    const [, told] = this.#mode === undefined ? (this.#early.findLast(([event]) => event === 'notice') ?? []) : [];
    if (told !== undefined) this.#send(toState('ERROR', String((told as JsonObject).message), { code }));
    this.#part(code);
  }

  #part(reason: string): void {
    if (this.#ended) return;
    this.#reason ??= reason;
    this.#endSession();
    this.#stream.end();
  }
}
