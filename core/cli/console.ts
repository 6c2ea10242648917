/**
 * Who sits at a terminal, or what comes through a pipe: lines in, lines out. What is shown in the midst of typing goes above the
 * line that is typed. Without a terminal there are no prompts and no colours, and a question takes the next line.
 */
import {
  type CompleterResult,
  clearScreenDown,
  createInterface,
  cursorTo,
  type Interface,
  moveCursor,
} from 'node:readline';
import { Writable } from 'node:stream';
import { styleText } from 'node:util';
import type { Terminal } from '../shell/door.ts';

export type ConsoleOptions = {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  /** What the end of a half-typed line could become, as node:readline wants it. */
  readonly complete: (line: string) => CompleterResult;
  /** Whether a line is not for the history: there is a secret in it. */
  readonly isSecret: (line: string) => boolean;
  /** Whoever sits at the terminal wants to go, whatever is at work. */
  readonly left: () => void;
};

type Style = Parameters<typeof styleText>[0];

/** Where the size is not known: what a terminal has always had. */
const usual = { columns: 80, rows: 24 };
const historyLines = 500;
/** Lines that wait to be carried out, above which nothing more is read for a while. */
const typedMost = 1_000;
const typedFew = 100;

export class Console implements Terminal {
  /** Somebody sits there; else it is a pipe. */
  readonly isTerminal: boolean;
  /** A terminal that knows no cursor, as those of editors are. */
  readonly #isDumb = process.env.TERM === 'dumb';
  readonly #input: NodeJS.ReadStream;
  readonly #output: NodeJS.WriteStream;
  readonly #screen: Screen;
  readonly #lines: Interface;
  /** Typed ahead. */
  readonly #typed: string[] = [];
  #waiter: ((line: string | null) => void) | undefined;
  #question: { readonly text: string; readonly secret: boolean } | undefined;
  /** Ctrl-C was pressed on an empty line: once more, and it is over. */
  #isLeaving = false;
  /** It was pressed while a command was at work. */
  #isInterrupted = false;
  #ended = false;

  constructor({ input, output, complete, isSecret, left }: ConsoleOptions) {
    this.#input = input;
    this.#output = output;
    this.isTerminal = input.isTTY === true && output.isTTY === true;
    this.#screen = new Screen(output);
    const terminal = { output: this.#screen, terminal: true, completer: complete, historySize: historyLines };
    this.#lines = createInterface({ input, ...(this.isTerminal ? terminal : {}), prompt: '' });
    this.#lines.on('line', (line) => this.#take(line));
    this.#lines.on('close', () => {
      // What comes next is not to stand behind the prompt.
      if (this.isTerminal && this.#waiter !== undefined) this.#output.write('\n');
      this.#end();
      // The end of a pipe only says that all was typed.
      if (this.isTerminal) left();
    });
    this.#lines.on('SIGINT', () => this.#interrupted());
    // A terminal that was closed, a program behind the pipe that has seen enough.
    for (const stream of [input, output]) stream.on('error', () => this.#lines.close());
    this.#lines.on('history', (history) => {
      if (this.#question !== undefined || isSecret(history[0] ?? '')) history.shift();
    });
  }

  /** The next line that is typed; null when there will be none. */
  async next(prompt: string): Promise<string | null> {
    this.#isInterrupted = false;
    this.#isLeaving = false;
    this.#prompt(this.style('bold', prompt));
    return await this.#line();
  }

  async ask(question: string, secret: boolean): Promise<string | null> {
    this.#question = { text: question, secret };
    if (!this.isTerminal) this.#output.write(`${question}\n`);
    else if (secret) this.#askSecret(question);
    else this.#prompt(question);
    try {
      return await this.#line();
    } finally {
      this.#question = undefined;
      if (this.#screen.isMuted) this.#output.write('\n');
      this.#screen.isMuted = false;
    }
  }

  show(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const text = `${lines.join('\n')}\n`;
    if (!this.isTerminal) return void this.#output.write(text);
    const isTyping = this.#waiter !== undefined || this.#lines.line !== '';
    if (this.#isDumb) return void this.#output.write(isTyping ? `\n${text}${this.#shownLine}` : text);
    moveCursor(this.#output, 0, this.#screen.isMuted ? 0 : -this.#lines.getCursorPos().rows);
    cursorTo(this.#output, 0);
    clearScreenDown(this.#output);
    this.#output.write(text);
    if (this.#screen.isMuted) this.#output.write(this.#question?.text ?? '');
    else if (isTyping) this.#redraw();
  }

  interrupted(): boolean {
    return this.#isInterrupted;
  }

  size(): { readonly columns: number; readonly rows: number } {
    // A terminal that does not know its size says 0.
    const { columns, rows } = this.#output;
    return { columns: columns || usual.columns, rows: rows || usual.rows };
  }

  /** As the terminal, `NO_COLOR` and `FORCE_COLOR` want it. */
  style(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#output });
  }

  close(): void {
    this.#lines.close();
    this.#screen.close();
    // A terminal or a pipe that stays open would keep the process.
    this.#input.pause();
  }

  async #line(): Promise<string | null> {
    const typed = this.#typed.shift();
    if (this.#typed.length === typedFew && !this.#ended) this.#lines.resume();
    if (typed !== undefined || this.#ended) return typed ?? null;
    return await new Promise((resolve) => {
      this.#waiter = resolve;
    });
  }

  #take(line: string): void {
    this.#isLeaving = false;
    if (this.#waiter !== undefined) return this.#answer(line);
    this.#typed.push(line);
    if (this.#typed.length === typedMost) this.#lines.pause();
  }

  #answer(line: string | null): void {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.(line);
  }

  #end(): void {
    this.#ended = true;
    this.#answer(null);
  }

  #interrupted(): void {
    if (this.#question !== undefined) {
      this.#emptyLine();
      if (!this.#screen.isMuted) this.#output.write('\n');
      return this.#answer(null);
    }
    if (this.#lines.line !== '') return this.#emptyLine();
    if (this.#isLeaving) return this.#lines.close();
    this.#isLeaving = true;
    // What is at work stops by itself, if it can.
    this.#isInterrupted = this.#waiter === undefined;
    if (!this.#isInterrupted) this.show(['Once more, or `quit`, to leave.']);
  }

  /** As the keys for it do; node:readline knows none of them on a dumb terminal. */
  #emptyLine(): void {
    if (this.#isDumb) {
      Object.assign(this.#lines, { line: '', cursor: 0 });
      return void this.#output.write(`\n${this.#shownLine}`);
    }
    this.#lines.write(null, { ctrl: true, name: 'e' });
    this.#lines.write(null, { ctrl: true, name: 'u' });
  }

  #prompt(text: string): void {
    if (!this.isTerminal || this.#ended) return;
    this.#lines.setPrompt(text);
    this.#lines.prompt(true);
  }

  #askSecret(question: string): void {
    this.#output.write(question);
    this.#lines.setPrompt('');
    this.#screen.isMuted = true;
  }

  /** What stands before the cursor. */
  get #shownLine(): string {
    return this.#screen.isMuted ? (this.#question?.text ?? '') : this.#lines.getPrompt() + this.#lines.line;
  }

  #redraw(): void {
    if (this.#ended) return;
    // readline goes up as many rows as it went down for the line: those are gone now.
    (this.#lines as unknown as { prevRows: number }).prevRows = 0;
    this.#lines.prompt(true);
  }
}

/** The output as readline has it: it shows nothing of what is typed while it is muted. */
class Screen extends Writable {
  isMuted = false;
  readonly isTTY = true;
  readonly #output: NodeJS.WriteStream;
  readonly #resized = () => this.emit('resize');

  constructor(output: NodeJS.WriteStream) {
    super({ decodeStrings: false });
    this.#output = output;
    output.on('resize', this.#resized);
  }

  get columns(): number {
    return this.#output.columns;
  }

  get rows(): number {
    return this.#output.rows;
  }

  override _write(piece: string | Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    if (!this.isMuted) this.#output.write(piece);
    done();
  }

  close(): void {
    this.#output.off('resize', this.#resized);
  }
}
