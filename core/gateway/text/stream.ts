/** The bytes of one connection of the text port: taken within its budget, read as lines one at a time, written within bounds. */
import type { Socket } from 'node:net';
import type { Clock } from '../../contract/ports.ts';
import type { Allowance } from '../allowances.ts';
import { type Read, type Telnet, TextLines } from './lines.ts';

/** Bytes of a line. */
export const lineMost = 4_096;
/** Bytes that wait to be read as lines, above which no more are taken from the network. */
const waitingMost = 16_384;
/** Pause for who has sent more than he may. */
const heldMs = 100;
/** Whoever was told to go is cut off after this long if he does not. */
const partingMs = 1_000;

export type TextStreamOptions = {
  readonly socket: Socket;
  readonly allowance: Allowance;
  readonly clock: Clock;
  /** Bytes that the other side has not taken, above which it is cut off. */
  readonly slowBytes: number;
  readonly read: (bytes: number) => void;
  readonly wrote: (bytes: number) => void;
  /** Whether one more line may be read now. */
  readonly isReady: () => boolean;
  /** Whether what is written now answers a line. */
  readonly isAnswer: () => boolean;
  readonly onRead: (read: Read) => void;
  readonly onTelnet: (heard: Telnet) => void;
  /** The other side sends no more, and all of it was read. */
  readonly onEnd: () => void;
  /** It does not read: it is cut off. */
  readonly onSlow: () => void;
};

export class TextStream {
  readonly lines: TextLines;
  /** Monotonic milliseconds of the last line. */
  lineMs: number;
  /** Monotonic milliseconds of the beginning of one that has not ended. */
  halfMs: number | undefined;
  readonly #options: TextStreamOptions;
  readonly #socket: Socket;
  /** Bytes that were taken and not read as lines yet. */
  #waiting = 0;
  #isHeld = false;
  #isOver = false;
  #ended = false;
  #parting: ReturnType<typeof setTimeout> | undefined;

  constructor(options: TextStreamOptions) {
    this.#options = options;
    this.#socket = options.socket;
    this.lineMs = options.clock.monotonicMs();
    this.lines = new TextLines(lineMost, options.onTelnet);
    this.#socket.on('data', (bytes: Buffer) => this.#take(bytes));
    this.#socket.on('end', () => {
      this.#isOver = true;
      this.pump();
    });
  }

  /** Bytes that the other side has not taken yet. */
  get waitingBytes(): number {
    return this.#socket.writableLength;
  }

  /** It was said that no more comes. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Reads on, as long as a line may be read. */
  pump(): void {
    const { allowance, clock, isReady, onRead, onEnd } = this.#options;
    while (!this.#ended && !this.#isHeld && !this.lines.isEmpty && isReady()) {
      if (this.#isInDebt() || !allowance.packets.take(clock.monotonicMs())) return this.#hold();
      const read = this.lines.next();
      if (read === undefined) continue;
      this.lineMs = clock.monotonicMs();
      this.halfMs = undefined;
      onRead(read);
    }
    if (this.#ended || !this.lines.isEmpty) return;
    if (this.#isOver && isReady()) {
      const last = this.lines.end();
      if (last !== undefined) onRead(last);
      return onEnd();
    }
    if (this.#isInDebt()) this.#hold();
    this.#waiting = 0;
    this.halfMs = this.lines.isHalf ? (this.halfMs ?? clock.monotonicMs()) : undefined;
    this.#resume();
  }

  write(text: string | Buffer): void {
    if (this.#ended || !this.#socket.writable) return;
    const { allowance, clock, isAnswer, wrote } = this.#options;
    const bytes = Buffer.byteLength(text);
    wrote(bytes);
    if (isAnswer()) allowance.answers.spend(clock.monotonicMs(), bytes);
    this.#socket.write(text);
    if (this.#socket.writableLength <= this.#options.slowBytes) return;
    // It would not read why, either.
    this.#options.onSlow();
    this.cut();
  }

  /** Ends after a moment in which the other side can still read what it was told. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    // What comes is not looked at any more, but taken: a connection with unread bytes is reset, and its last words lost.
    this.#socket.resume();
    this.#socket.end();
    this.#parting = setTimeout(() => this.cut(), partingMs);
    this.#parting.unref();
  }

  cut(): void {
    this.#ended = true;
    clearTimeout(this.#parting);
    this.#socket.destroy();
  }

  #take(bytes: Buffer): void {
    if (this.#ended) return;
    const { allowance, clock, read } = this.#options;
    read(bytes.length);
    allowance.bytes.spend(clock.monotonicMs(), bytes.length);
    this.#waiting += bytes.length;
    this.lines.push(bytes);
    if (this.#waiting > waitingMost) this.#socket.pause();
    this.pump();
  }

  #isInDebt(): boolean {
    const { allowance, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    return allowance.bytes.isInDebt(nowMs) || allowance.answers.isInDebt(nowMs);
  }

  /** More came, or was asked for, than may: the network holds the rest back for a moment, and nothing is lost. */
  #hold(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.#socket.pause();
    setTimeout(() => {
      this.#isHeld = false;
      this.pump();
    }, heldMs).unref();
  }

  #resume(): void {
    if (!this.#isHeld && this.#waiting <= waitingMost) this.#socket.resume();
  }
}
