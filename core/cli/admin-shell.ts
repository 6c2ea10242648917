/**
 * `roost admin shell`: the words of `roost admin` one after another, the settings, the history, and any method that the node
 * takes from the command line; at a terminal or from a pipe.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Json } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';
import type { Answer } from '../contract/protocol.ts';
import { type Command, done, type Typed } from '../shell/command.ts';
import { generalCommands } from '../shell/commands/general.ts';
import type { Done } from '../shell/door.ts';
import { toPrintable } from '../shell/printable.ts';
import { Shell, toShown } from '../shell/shell.ts';
import { type AdminOptions, administer, adminWords } from './admin.ts';
import { Console } from './console.ts';

/** Where calls are carried out: by the node that runs, or on the folder itself. Held for one line alone. */
export type AdminDesk = Pick<AdminOptions, 'call' | 'callNode'> & { close(): Promise<void> };

export type AdminShellOptions = {
  readonly openDesk: () => AdminDesk;
  /** What `roost config` answers to words of it. @throws HostError */
  readonly config: (words: readonly string[]) => string;
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
};

const group = 'Administration';

/** Sits there until it is told to go, or nothing more is typed. */
export async function administerByHand({ openDesk, config, input, output }: AdminShellOptions): Promise<void> {
  const terminal: Console = new Console({
    ...{ input, output },
    complete: (line) => {
      const { at, options } = shell.complete(line);
      return [options.map((option) => `${option} `), line.slice(at)];
    },
    isSecret: (line) => shell.isSecret(line),
    left: () => terminal.close(),
  });

  async function atDesk<T>(work: (desk: AdminDesk) => Promise<T>): Promise<T> {
    const desk = openDesk();
    try {
      return await work(desk);
    } finally {
      await desk.close();
    }
  }

  const toCommand = ([usage, doc]: readonly [string, string]): Command => ({
    ...{ names: [usage.split(' ')[0] as string], usage, doc, group },
    run: (_sitting, { word, words: typed }) =>
      attempt((say) =>
        atDesk(({ call, callNode }) => {
          const password = () => askTwice(terminal);
          return administer({ words: [word, ...typed.map(({ text }) => text)], call, callNode, password, say });
        }),
      ),
  });
  const configCommand: Command = {
    names: ['config'],
    usage: 'config [SETTING]',
    doc: 'The settings of a node on this folder, and where each comes from.',
    group,
    run: (_sitting, { words: typed }: Typed) =>
      attempt(async (say) => {
        const asked = typed.map(({ text }) => text);
        for (const line of config(asked[0] === 'show' ? asked : ['show', ...asked]).split('\n')) say(line);
      }),
  };
  const status: Command = {
    names: ['status'],
    usage: 'status',
    doc: 'How the node that runs is doing.',
    group,
    run: (sitting) => sitting.run('host.stats'),
  };
  const shell: Shell = new Shell({
    // What only a node can answer is asked of one: the folder is not locked for a look.
    door: { call: (method, params) => atDesk(async ({ callNode }) => await toAnswer(callNode(method, params))) },
    terminal,
    commands: [...adminWords.map(toCommand), configCommand, status, ...generalCommands],
    now: () => Date.now() / 1_000,
    nowMs: () => performance.now(),
    wait: async (ms) => await wait(ms),
  });

  if (terminal.isTerminal) terminal.show(['Administration of this Roost. help lists the words, exit ends this.']);
  try {
    for (;;) {
      const line = await terminal.next('roost> ');
      if (line === null) return;
      const outcome = await shell.run(line);
      terminal.show(toShown(outcome));
      if (outcome.quit) return;
    }
  } finally {
    terminal.close();
  }
}

/** Nobody sees what he types, so that he types it twice; a pipe does not slip. @throws HostError when the two are not the same */
async function askTwice(terminal: Console): Promise<string> {
  const password = (await terminal.ask('Password: ', true)) ?? '';
  if (!terminal.isTerminal || password === ((await terminal.ask('Again: ', true)) ?? '')) return password;
  throw new HostError('config.wrong', 'The two passwords are not the same');
}

/** What it says, or why not. */
async function attempt(work: (say: (line: string) => void) => Promise<void>): Promise<Done> {
  const lines: string[] = [];
  try {
    await work((line) => lines.push(line));
    return done(lines);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return { ok: false, code: error.code, lines: [error.message].map(toPrintable) };
  }
}

async function toAnswer(call: Promise<Json>): Promise<Answer> {
  try {
    return { ok: true, result: await call };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return { ok: false, error: { code: error.code, message: error.message } };
  }
}
