/**
 * What a bot's author imports: `import { defineBot, runBot } from 'roost/bot'`. docs/bots.md explains it. A bot is a program of
 * its own, on any machine; to the node it is a client with a bot's token.
 */

import type { BotDefinition } from './definition.ts';
import { type BotRun, startBot } from './run.ts';

export { CallError } from '../client/client.ts';
export type { Bot, BotDefinition, Character, Member, Message, Speaker } from './definition.ts';
export type { BotRun } from './run.ts';

export type RunOptions = {
  /** Address of the node; by default the variable ROOST_URL, else http://127.0.0.1:3000. */
  readonly url?: string;
  /** What `bot.create` answered; by default the variable ROOST_BOT_TOKEN. */
  readonly token?: string;
  /** Told in a line what happens, with the error where there is one. To the standard error output by default. */
  readonly report?: (line: string, error?: unknown) => void;
};

/** What a definition may have, and what `typeof` says of it. */
const wantedOf: ReadonlyMap<string, string> = new Map([
  ['room', 'string'],
  ['character', 'object'],
  ...['setup', 'message', 'joined', 'left', 'heartbeat', 'recovery'].map((name) => [name, 'function'] as const),
]);

/** Checks what a bot is. @throws TypeError that names what is wrong: a callback with a slip in its name would never be called */
export function defineBot(definition: BotDefinition): BotDefinition {
  if (definition.room === undefined && definition.character === undefined)
    throw new TypeError('A bot needs a room, or a character to play');
  for (const [name, part] of Object.entries(definition)) {
    const wanted = wantedOf.get(name);
    if (wanted === undefined)
      throw new TypeError(`A bot has no "${name}"; it may have ${[...wantedOf.keys()].join(', ')}`);
    if (part !== undefined && typeof part !== wanted) throw new TypeError(`A bot's "${name}" is a ${wanted}`);
  }
  return definition;
}

/**
 * Connects the bot and keeps it going until `stop()`, over lost connections and restarts of the node.
 * @throws TypeError when there is no token, or one stands in the address
 */
export function runBot(definition: BotDefinition, options: RunOptions = {}): BotRun {
  const { url = process.env.ROOST_URL ?? 'http://127.0.0.1:3000', token = process.env.ROOST_BOT_TOKEN } = options;
  const { username, password, search, hash } = new URL(url);
  if (username + password + search + hash !== '')
    throw new TypeError('A token stands in ROOST_BOT_TOKEN, not in the address');
  if (token === undefined || token === '') throw new TypeError('Cannot run a bot: ROOST_BOT_TOKEN holds no token');
  const report = options.report ?? say;
  if (isInClear(url)) report(`The token goes to ${url} in clear: use the https address where others are on the way`);
  return startBot(definition, { url, token, report });
}

function isInClear(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}

function say(line: string, error?: unknown): void {
  console.error(...(error === undefined ? [line] : [line, error]));
}
