/** `roost play [URL]`: a world in the terminal, by the words of core/shell, over socket.io. */
import { setTimeout as wait } from 'node:timers/promises';
import { CallError, type Client, NotConnectedError } from '../client/client.ts';
import { HostError } from '../contract/errors.ts';
import { playerCommands } from '../shell/commands.ts';
import { toPrintable } from '../shell/printable.ts';
import { Shell, toShown } from '../shell/shell.ts';
import { Console } from './console.ts';
import type { LocalNode } from './local-node.ts';
import { SocketDoor } from './socket-door.ts';

export type PlayOptions = {
  /** Of the node; none: the one of this machine. */
  readonly url: string | undefined;
  /** The node of this machine, started when none is there. */
  readonly local: () => Promise<LocalNode>;
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  /** Aborted when it has to end. */
  readonly signal: AbortSignal;
};

/** Plays until whoever sits there wants to go, or there is nothing more to read. @throws HostError when no node can be reached */
export async function play({ url: given, local, input, output, signal }: PlayOptions): Promise<void> {
  const node: LocalNode = given === undefined ? await local() : { url: toUrl(given) };
  try {
    await sit(node, { input, output, signal });
  } finally {
    if (node.stop !== undefined) {
      output.write('Saving, and ending the node that was started here …\n');
      await node.stop();
    }
  }
}

/** Of the node: what stands behind it in the address of a page is of no use here. @throws HostError `config.wrong` */
function toUrl(given: string): string {
  const host = /^:?\d{1,5}$/.test(given) ? `127.0.0.1:${given.replace(':', '')}` : given;
  const url = URL.parse(host.includes('://') ? host : `http://${host}`);
  if (url !== null && /^https?:$/.test(url.protocol)) return url.origin;
  throw new HostError('config.wrong', `roost play wants an address such as http://127.0.0.1:3000, found ${given}`);
}

async function sit(
  node: LocalNode,
  { input, output, signal }: Pick<PlayOptions, 'input' | 'output' | 'signal'>,
): Promise<void> {
  const door = new SocketDoor(node.url);
  const { client } = door;
  const gone = Promise.withResolvers<null>();
  // Nobody waits for a command or a connection that is not wanted any more.
  const left = () => {
    gone.resolve(null);
    if (!client.stats.connected) client.close();
  };
  const terminal = new Console({
    ...{
      input,
      output,
      complete: (line: string) => complete(shell, line),
      isSecret: (line: string) => shell.isSecret(line),
      left,
    },
  });
  const shell = new Shell({
    ...{ door, terminal, commands: playerCommands },
    now: () => Date.now() / 1_000,
    nowMs: () => performance.now(),
    wait: async (ms) => await wait(ms),
  });
  const stop = () => {
    terminal.close();
    left();
  };
  signal.addEventListener('abort', stop);
  const deafen = follow(client, door, shell, terminal);
  try {
    if (await greet(client, shell, terminal, node)) await converse(shell, terminal, gone.promise);
  } finally {
    signal.removeEventListener('abort', stop);
    deafen();
    // Who goes by himself does not stand around until his grace is over.
    if (shell.you.zone !== null && client.stats.connected) await door.call('zone.leave', {});
    terminal.close();
    client.close();
  }
}

/** @returns false when whoever sits there has gone. @throws HostError when nobody answers, in words */
async function greet(client: Client, shell: Shell, terminal: Console, { url, stop }: LocalNode): Promise<boolean> {
  if (terminal.isTerminal) terminal.show([`Connecting to ${url} …`]);
  try {
    await client.ready();
  } catch (error) {
    if (error instanceof NotConnectedError) return false;
    throw error instanceof CallError ? new HostError(error.code, toPrintable(error.message)) : error;
  }
  await shell.learn();
  terminal.show([
    terminal.style('bold', `Roost at ${url}${stop === undefined ? '' : ', which runs as long as you are here'}`),
    'Type play to come in as a guest, register or login for an account, help for everything, quit to leave.',
    ...(isOpen(url)
      ? [terminal.style('yellow', '! What you type can be read on its way: use https:// where it is there.')]
      : []),
  ]);
  return true;
}

/** Whether others may read what goes there: not encrypted, and not on this machine. */
function isOpen(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/** What comes unasked for is shown when it comes. @returns the undo */
function follow(client: Client, door: SocketDoor, shell: Shell, terminal: Console): () => void {
  let isOut = false;
  const warn = (line: string) => terminal.show([terminal.style('yellow', `! ${line}`)]);
  const undos = [
    door.listen((event, data) => {
      const now = shell.hear(event, data);
      // What things say by themselves waits for the next command of whoever sits there: a henhouse is never silent.
      if (now.length > 0 || !terminal.isTerminal) showNews(shell, terminal);
    }),
    client.on('disconnect', ({ reason, again }) => {
      isOut = true;
      warn(
        `The connection is gone (${toPrintable(reason)}): ${again ? 'trying again' : 'the next command tries again'}.`,
      );
    }),
    client.on('connect', () => {
      if (isOut) warn('Connected again.');
      isOut = false;
    }),
  ];
  return () => {
    for (const undo of undos) undo();
  };
}

/** What happened since it was shown last. */
function showNews(shell: Shell, terminal: Console): void {
  terminal.show(shell.news().map((line) => terminal.style('cyan', line)));
}

/** One line after another, until whoever typed them has gone. */
async function converse(shell: Shell, terminal: Console, gone: Promise<null>): Promise<void> {
  for (;;) {
    const line = await terminal.next(shell.prompt);
    if (line === null) return;
    showNews(shell, terminal);
    const done = await Promise.race([shell.run(line), gone]);
    if (done === null) return;
    showNews(shell, terminal);
    const [first = '', ...more] = toShown(done);
    const shown = done.ok ? [first, ...more] : [terminal.style('red', first), ...more];
    terminal.show(first === '' && more.length === 0 ? [] : shown);
    if (done.quit) return;
  }
}

function complete(shell: Shell, line: string): [string[], string] {
  const { at, options } = shell.complete(line);
  return [options.map((option) => (option.endsWith('=') ? option : `${option} `)), line.slice(at)];
}
