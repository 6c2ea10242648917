/** One connection of the text port: its lines one after another, in the mode it has chosen, within its budgets. */
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json, JsonObject } from '../contract/content.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { Answer } from '../contract/protocol.ts';
import { playerCommands } from '../shell/commands.ts';
import { Shell } from '../shell/shell.ts';
import type { Allowance } from './allowances.ts';
import type { Peer } from './peers.ts';
import { type Door, type LiveSession, refusal } from './session.ts';
import { HumanMode, type HumanWire } from './text-human.ts';
import { type LineEnd, type Read, TextLines } from './text-lines.ts';
import { type Mode, type ModeName, modeNames, toMode, toState } from './text-mode.ts';
import type { TextOptions } from './text-options.ts';
import { createClientMode, createKvMode, createRpcMode, modeList } from './text-programs.ts';
import { TelnetSide } from './text-telnet.ts';

/** Bytes of a line. */
const lineMost = 4_096;
/** Bytes that wait to be read as lines, above which no more are taken from the network. */
const waitingMost = 16_384;
/** A line that was begun has to end, where no person types it. */
const halfLineMs = 10_000;
/** Who has not said what he is may read for so much longer than a program may be silent. */
const unsaidFactor = 3;
/** Pause for who has sent more than he may. */
const heldMs = 100;
/** Whoever was told to go is cut off after this long if he does not. */
const partingMs = 1_000;

/** How a browser, or another program that means another port, begins. */
const foreign = /^(?:GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|TRACE|CONNECT|PRI) | HTTP\/\d/;
const modeLine = /^mode(?:\s+(\S+)(?:\s+(\S+))?)?$/i;
const usualSize = { columns: 80, rows: 24 };

export class TextConnection {
  readonly #socket: Socket;
  readonly #peer: Peer;
  readonly #allowance: Allowance;
  readonly #options: TextOptions;
  readonly #telnet: TelnetSide;
  readonly #lines: TextLines;
  readonly #shell: Shell;
  readonly #human: HumanMode;
  #mode: { readonly name: ModeName; readonly how: Mode } | undefined;
  #session: LiveSession | undefined;
  /** A line is carried out. */
  #busy = false;
  #ended = false;
  /** The other side sends no more: what it has asked is still answered. */
  #isOver = false;
  /** More came than may. */
  #isHeld = false;
  /** What came before there was a mode to say it in. */
  #early: (readonly [event: string, data: Json])[] = [];
  #end: LineEnd = 'lf';
  #size: { readonly columns: number; readonly rows: number } | undefined;
  /** Bytes that were taken and not read as lines yet. */
  #waiting = 0;
  #reason: string | undefined;
  /** Monotonic milliseconds of the last line, and of the beginning of one that has not ended. */
  #lineMs: number;
  #halfMs: number | undefined;
  #parting: ReturnType<typeof setTimeout> | undefined;

  constructor(socket: Socket, peer: Peer, allowance: Allowance, options: TextOptions) {
    this.#socket = socket;
    this.#peer = peer;
    this.#allowance = allowance;
    this.#options = options;
    const { clock } = options;
    this.#lineMs = clock.monotonicMs();
    this.#telnet = new TelnetSide((bytes) => this.#write(bytes));
    // Programs do not speak telnet, and could not read an answer to it.
    this.#lines = new TextLines(lineMost, (heard) => this.#lines.byHand && this.#telnet.heard(heard));
    this.#human = new HumanMode(this.#humanWire());
    this.#shell = new Shell({
      door: {
        call: (method, params) => this.#call(method, params),
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
    socket.on('data', (bytes: Buffer) => this.#take(bytes));
    socket.on('end', () => {
      this.#isOver = true;
      this.#human.answer(null);
      this.#pump();
    });
  }

  greet(): void {
    const hint = 'Type HUMAN and press Enter. Programs: MODE CLIENT, RPC, KV or SERVER; MODE LIST lists them.';
    this.#write(`${toState('OK', 'CONNECTED Roost', { version: this.#options.version, hint })}\r\n`);
  }

  /** Ends what has been silent for too long. */
  sweep(nowMs: number): void {
    if (this.#busy && !this.#human.asks) return;
    const { textIdleMs, textPeopleIdleMs } = this.#options.limits;
    const name = this.#mode?.name;
    const isPerson = name === 'HUMAN';
    const idleMs = isPerson ? textPeopleIdleMs : name === undefined ? unsaidFactor * textIdleMs : textIdleMs;
    const isIdle = idleMs > 0 && nowMs - this.#lineMs > idleMs;
    const isHalf = !isPerson && this.#halfMs !== undefined && nowMs - this.#halfMs > halfLineMs;
    if (isIdle || isHalf) this.#finish('session.silent');
  }

  /** The connection is gone. */
  closed(): void {
    clearTimeout(this.#parting);
    this.#endSession();
  }

  #endSession(): void {
    this.#ended = true;
    this.#human.answer(null);
    if (this.#session === undefined || this.#session.closed) return;
    const reason = this.#reason ?? 'transport close';
    this.#options.log.info({ session: this.#session.id, address: this.#peer.address, reason }, 'session closed');
    this.#options.closed(this.#session, reason);
  }

  cut(): void {
    this.#socket.destroy();
  }

  #take(bytes: Buffer): void {
    if (this.#ended) return;
    const { clock } = this.#options;
    this.#options.read(bytes.length);
    const nowMs = clock.monotonicMs();
    if (!this.#allowance.bytes.take(nowMs, bytes.length)) this.#hold();
    this.#waiting += bytes.length;
    this.#lines.push(bytes);
    if (this.#waiting > waitingMost) this.#socket.pause();
    this.#pump();
  }

  /** More came than may: the network holds the rest back for a moment, and nothing is lost. */
  #hold(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.#socket.pause();
    setTimeout(() => {
      this.#isHeld = false;
      this.#pump();
    }, heldMs).unref();
  }

  #resume(): void {
    if (!this.#ended && !this.#isHeld && this.#waiting <= waitingMost) this.#socket.resume();
  }

  /** Reads lines as long as none is carried out. */
  #pump(): void {
    while (!this.#ended && !this.#isHeld && !this.#lines.isEmpty && (!this.#busy || this.#human.asks)) {
      if (!this.#allowance.packets.take(this.#options.clock.monotonicMs())) return this.#hold();
      const read = this.#lines.next();
      if (read !== undefined) this.#handle(read);
    }
    if (this.#ended || !this.#lines.isEmpty) return;
    if (this.#isOver && !this.#busy) return this.#part('end');
    this.#waiting = 0;
    if (this.#lines.isHalf) this.#halfMs ??= this.#options.clock.monotonicMs();
    else this.#halfMs = undefined;
    this.#resume();
  }

  #handle(read: Read): void {
    const nowMs = this.#options.clock.monotonicMs();
    this.#lineMs = nowMs;
    this.#halfMs = undefined;
    if (this.#session !== undefined && this.#mode?.name === 'HUMAN') this.#session.idleSinceMs = nowMs;
    if (read.kind === 'line' || read.kind === 'not-text') this.#end = read.end;
    if (this.#human.asks) return this.#answer(read);
    switch (read.kind) {
      case 'line':
        return this.#begin(read.text);
      case 'too-long':
        return this.#refuse('call.malformed', `A line has at most ${lineMost} bytes.`);
      case 'not-text':
        return this.#refuse('call.malformed', 'The line is not UTF-8.');
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
        this.#options.log.error({ session: this.#session?.id, error: String(error) }, 'line broke');
        this.#refuse('call.failed', 'The line could not be carried out.');
      })
      .finally(() => {
        this.#busy = false;
        this.#pump();
      });
  }

  async #carryOut(line: string): Promise<void> {
    const text = line.trim();
    const chosen = modeLine.exec(text);
    if (chosen !== null) {
      await this.#change(chosen[1] ?? '', chosen[2]);
      return;
    }
    if (this.#mode !== undefined) return await this.#mode.how.handle(line);
    if (text === '') return;
    await this.#choose(text);
  }

  /** Before there is a mode nothing else is heard. */
  async #choose(text: string): Promise<void> {
    if (foreign.test(text)) return this.cut();
    const [word = '', token] = text.split(/\s+/);
    if (toMode(word) !== undefined) {
      await this.#change(word, token);
      return;
    }
    const asked = readModeCommand(text);
    if (asked !== undefined) {
      await this.#change(asked.mode, asked.token);
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
      if (this.#mode?.how === this.#human) this.#write(this.#shell.prompt);
      return false;
    }
    const name = toMode(word);
    if (name === undefined) {
      const msg = `Invalid mode: ${word.slice(0, 64)}`;
      if (this.#mode?.how === this.#human) {
        this.#human.refuse('shell.wrong', `${msg}. There are ${modeNames.join(', ')}.`);
        return false;
      }
      this.#send(toState('ERROR', msg, { hint: `There are ${modeNames.join(', ')}.` }));
      this.#part('invalid mode');
      return false;
    }
    const session = this.#sessionFor(token);
    await session.resuming;
    if (this.#ended) return false;
    if (name === 'SERVER' && !isServer(session)) return this.#refuseServer();
    this.#mode = { name, how: this.#modeOf(name) };
    this.#lines.byHand = name === 'HUMAN' || name === 'KV';
    this.#lines.tilde = name === 'KV';
    this.#sync();
    this.#mode.how.start();
    for (const [event, data] of this.#early.splice(0)) this.#hear(event, data);
    return true;
  }

  /** The shell knows who sits there by what it is told; the session knows better. */
  #sync(): void {
    if (this.#session === undefined) return;
    const { account, name, zone, character } = this.#session;
    this.#shell.you.sync({ account: account?.name ?? null, name, zone, character });
  }

  #refuseServer(): boolean {
    const msg = 'Server mode needs the token of a bot, or of an administrator: MODE SERVER TOKEN';
    if (this.#mode === undefined) {
      this.#send(toState('ERROR', msg, { code: 'call.forbidden' }));
      this.#part('call.forbidden');
    } else this.#mode.how.refuse('call.forbidden', msg);
    return false;
  }

  #sessionFor(token: string | undefined): LiveSession {
    const { open, present } = this.#options;
    if (this.#session === undefined) {
      this.#session = open({ door: this.#door(), peer: this.#peer, allowance: this.#allowance, token });
    } else if (token !== undefined) present(this.#session, token);
    return this.#session;
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
      call: (method, params) => this.#call(method, params),
      send: (text) => this.#send(text),
      change: (mode, token) => this.#change(mode, token),
      close: () => this.#part('quit'),
      now: () => this.#options.clock.now(),
      write: (text) => this.#write(text),
      prompt: (text) => {
        this.#write(this.#end === 'nul' ? `${text}\0` : text);
      },
      sync: () => this.#sync(),
      hide: (on) => {
        // Nothing tells netcat and telnet apart for sure; telnet ends lines with CR LF, or has spoken already.
        if (!this.#telnet.speaks && this.#end !== 'cr') return false;
        this.#telnet.hide(on);
        return true;
      },
      size: () => this.#size ?? this.#telnet.size ?? usualSize,
      resize: (size) => {
        this.#size = size;
      },
      leave: async () => {
        if (this.#session !== undefined) await this.#options.leave(this.#session);
      },
    };
  }

  async #call(method: string, params: JsonObject): Promise<Answer> {
    const session = this.#session;
    if (session === undefined || session.closed) return refusal('session.closing');
    if (method === 'input') {
      const wrong = session.input(params);
      return wrong === undefined ? { ok: true, result: null } : refusal(wrong);
    }
    let answered = refusal('call.failed');
    await session.call(method, params, (answer) => {
      answered = answer;
    });
    return answered;
  }

  /** How the session reaches whoever sits there. */
  #door(): Door {
    return {
      via: 'text',
      form: 'plain',
      send: (event, data) => this.#hear(event, data),
      write: undefined,
      events: (list) => this.#hearList(list),
      waitingBytes: () => this.#socket.writableLength,
      close: (code) => this.#part(code),
    };
  }

  /** What happened round its character. Where is told in metres: there is no snapshot that says what a unit is. */
  #hearList(list: string): void {
    const metre = this.#options.metre(this.#session?.zone ?? '');
    for (const { ev, ...data } of JSON.parse(list) as readonly ({ readonly ev: string } & JsonObject)[]) {
      const { x, y } = data;
      const isPlaced = ev === 'say' && typeof x === 'number' && typeof y === 'number';
      this.#hear(ev, isPlaced ? { ...data, x: x / metre, y: y / metre } : data);
    }
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
    this.#write(`${text}${end}`);
  }

  #write(text: string | Buffer): void {
    if (this.#ended || !this.#socket.writable) return;
    this.#options.wrote(Buffer.byteLength(text));
    this.#socket.write(text);
    if (this.#socket.writableLength <= this.#options.limits.slowBytes) return;
    // It does not read: it would not read why, either.
    this.#reason = 'session.slow';
    this.cut();
  }

  /** Tells the session why, if there is one, and ends it. */
  #finish(code: ErrorCode): void {
    if (this.#ended) return;
    if (this.#session === undefined) this.#part(code);
    else this.#session.end(code);
  }

  /** Ends the connection after a moment in which the other side can still read what it was told. */
  #part(reason: string): void {
    if (this.#ended) return;
    this.#reason ??= reason;
    this.#endSession();
    // What comes is not looked at any more, but taken: a connection with unread bytes is reset, and its last words lost.
    this.#socket.resume();
    this.#socket.end();
    this.#parting = setTimeout(() => this.cut(), partingMs);
    this.#parting.unref();
  }
}

/** Whether it may speak as a game server: a bot, or who administers. */
function isServer(session: LiveSession): boolean {
  return session.has('bot') || session.has('admin');
}

/** `{"cmd":"MODE","args":"CLIENT"}`, before there is a mode. */
function readModeCommand(text: string): { readonly mode: string; readonly token: string | undefined } | undefined {
  let asked: unknown;
  try {
    asked = JSON.parse(text);
  } catch {
    return undefined; // No JSON: no command at all.
  }
  const { cmd, args, token } = (asked ?? {}) as {
    readonly cmd?: unknown;
    readonly args?: unknown;
    readonly token?: unknown;
  };
  if (typeof cmd !== 'string' || cmd.toUpperCase() !== 'MODE') return undefined;
  const [mode = '', given] = (
    Array.isArray(args)
      ? args.map(String)
      : String(args ?? '')
          .trim()
          .split(/\s+/)
  ) as string[];
  return { mode, token: given ?? (typeof token === 'string' ? token : undefined) };
}
