/** Asks for a password: on a terminal without showing it, else the first line of the standard input. Never an argument. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { HostError } from '../contract/errors.ts';

export async function askPassword(input: NodeJS.ReadStream, output: NodeJS.WritableStream): Promise<string> {
  if (!input.isTTY) return firstLine(input);
  const [password, again] = [await askHidden('Password: ', input, output), await askHidden('Again: ', input, output)];
  if (password === again) return password;
  throw new HostError('config.wrong', 'The two passwords are not the same');
}

async function firstLine(input: NodeJS.ReadStream): Promise<string> {
  const lines = createInterface({ input });
  for await (const line of lines) {
    lines.close();
    return line;
  }
  throw new HostError('config.wrong', 'The password is read from the standard input, and there is nothing');
}

async function askHidden(question: string, input: NodeJS.ReadStream, output: NodeJS.WritableStream): Promise<string> {
  output.write(question);
  // readline shows what is typed where it is told to: nowhere.
  const nowhere = new Writable({ write: (_piece, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true });
  const ended = new Promise<never>((_, gone) => {
    lines.once('SIGINT', () => gone(new HostError('config.wrong', 'No password was given')));
  });
  try {
    return await Promise.race([lines.question(''), ended]);
  } finally {
    lines.close();
    output.write('\n');
  }
}
