/** The mode for people: a prompt, words, lines, and what happens in between. */
import type { Json } from '../../contract/content.ts';
import { type Command, done, wrong } from '../../shell/command.ts';
import type { Terminal } from '../../shell/door.ts';
import { toPrintable } from '../../shell/printable.ts';
import { toShown } from '../../shell/shell.ts';
import { type Mode, modeNames, readCount, type Wire } from './mode.ts';
import { hellos } from './programs.ts';

/** What the mode for people needs beside what every mode has. */
export type HumanWire = Wire & {
  /** Writes lines, or a part of one, as they are. */
  readonly write: (text: string) => void;
  /** Writes where he may type now: the end of a message. */
  readonly prompt: (text: string) => void;
  /** From now on what is typed is shown no more, where that can be had; or is again. True when it could be. */
  readonly hide: (on: boolean) => boolean;
  /** Shows this instead of the line that was typed, where its terminal shows what is typed by itself. */
  readonly overwrite: (line: string) => void;
  /** Whether Control-C was typed, and not read yet. */
  readonly interrupted: () => boolean;
  readonly size: () => { readonly columns: number; readonly rows: number };
  readonly resize: (size: { readonly columns: number; readonly rows: number }) => void;
  /** Has the shell know who and where the session is. */
  readonly sync: () => void;
  /** Whoever sits there leaves the game with his own will: nobody waits for his return. */
  readonly leave: () => Promise<void>;
};

const group = 'This connection';

export class HumanMode implements Mode {
  readonly #wire: HumanWire;
  /** What happens is shown at once, and not only around the next command. */
  #live = true;
  #busy = false;
  #asking: ((line: string | null) => void) | undefined;

  constructor(wire: HumanWire) {
    this.#wire = wire;
  }

  /** What a shell sees of it. */
  readonly terminal: Terminal = {
    ask: (question, secret) => this.#ask(question, secret),
    show: (lines) => this.#show(lines),
    interrupted: () => this.#wire.interrupted(),
    size: () => this.#wire.size(),
    resize: (size) => this.#wire.resize(size),
  };

  /** Words that only this port has. */
  readonly commands: readonly Command[] = [
    {
      names: ['live'],
      usage: 'live on | off',
      doc: 'Whether you see at once what happens, or only around your next command.',
      group,
      run: (_sitting, { rest }) => {
        if (rest !== '' && rest !== 'on' && rest !== 'off') return wrong('live on, or live off');
        if (rest !== '') this.#live = rest === 'on';
        return done([this.#live ? 'You see at once what happens.' : 'You see what happened around your next command.']);
      },
    },
    {
      names: ['mode'],
      usage: 'mode NAME [TOKEN]',
      doc: `Has this connection speak otherwise: ${modeNames.join(', ')}; mode list lists them.`,
      group,
      // The connection takes the word before any shell sees it: here it stands for help.
      run: () => wrong('mode list lists the modes.'),
    },
    {
      names: ['hw'],
      usage: 'hw [COUNT]',
      doc: 'Greets the world.',
      group,
      run: (_sitting, { rest }) => {
        const count = readCount(rest);
        return count === undefined ? wrong('hw wants a number.') : done(hellos(count));
      },
    },
  ];

  /** Whether the next line is what was asked for. */
  get asks(): boolean {
    return this.#asking !== undefined;
  }

  start(): void {
    this.#show(['Welcome to Roost. You are in human mode: type what you want to do.', '']);
    this.#show([
      '  register   makes an account          login   if you have one',
      '  play       comes into the game       help    shows everything',
      '  quit       ends this',
      '',
    ]);
    this.prompt();
  }

  async handle(line: string): Promise<void> {
    const { shell } = this.#wire;
    this.#busy = true;
    try {
      this.#show(shell.news());
      const outcome = await shell.run(toPrintable(line));
      this.#show([...shell.news(), ...toShown(outcome)]);
      if (outcome.quit) {
        await this.#wire.leave();
        return this.#wire.close();
      }
    } finally {
      this.#busy = false;
    }
    this.prompt();
  }

  hear(event: string, data: Json): void {
    const lines = this.#wire.shell.hear(event, data);
    if (!this.#live || this.asks || lines.length === 0) return;
    if (this.#busy) return this.#show(this.#wire.shell.news());
    // He may be in the midst of typing: what he has typed is still there, though not on this line.
    this.#wire.write('\r\n');
    this.#show(this.#wire.shell.news());
    this.prompt();
  }

  refuse(_code: string, message: string): void {
    this.#show([`ERROR: ${message}`]);
    if (!this.#busy) this.prompt();
  }

  /** Where he may type now. */
  prompt(): void {
    this.#wire.sync();
    this.#wire.prompt(this.#wire.shell.prompt);
  }

  /** The line that was asked for; null when he gives up. */
  answer(line: string | null): void {
    const asking = this.#asking;
    this.#asking = undefined;
    asking?.(line);
  }

  #ask(question: string, secret: boolean): Promise<string | null> {
    const isHidden = secret && this.#wire.hide(true);
    const isShown = secret && !isHidden;
    this.#wire.prompt(isShown ? question.replace(/:? ?$/, ' (it shows until you press Enter): ') : question);
    const { promise, resolve } = Promise.withResolvers<string | null>();
    this.#asking = (line) => {
      if (isHidden) {
        this.#wire.hide(false);
        this.#wire.write('\r\n');
      }
      if (isShown && line !== null) this.#wire.overwrite(`${question}***`);
      resolve(line === null || secret ? line : toPrintable(line));
    };
    return promise;
  }

  #show(lines: readonly string[]): void {
    if (lines.length > 0) this.#wire.write(`${lines.map(toPrintable).join('\r\n')}\r\n`);
  }
}
