/** By what name somebody is known to those he plays with. */
import { type Caller, checkName, type Host, HostError, type JsonObject, toSkeleton, z } from 'roost/plugin';
import { isNamed } from './_asks.ts';
import type { Book } from './_book.ts';

/**
 * Whoever plays a character goes by its name, an account by the one that it names or has alone, anybody else by what he gives, if it is
 * nobody else's.
 * @throws HostError match.name-taken, name.*
 */
export async function nameFor(host: Host, caller: Caller, given: string | undefined): Promise<string | null> {
  if (caller.name !== null && (caller.zone !== null || isKept(caller))) return caller.name;
  const mine = caller.account === null ? [] : await charactersOf(host, caller.account.id);
  if (given === undefined) return (mine.length === 1 && mine[0]) || null;
  const name = checkName(given);
  const own = mine.find((one) => toSkeleton(one) === toSkeleton(name));
  if (own !== undefined) return own;
  if (host.sessions.isNamed(name) || (await isCharacter(host, name))) throw taken();
  return name;
}

/** Nobody stands in the queue under the name of somebody else who does. @throws HostError match.name-taken */
export function checkFree(book: Book, caller: Caller, name: string | null): void {
  if (name !== null && !isKept(caller) && isNamed(book, name)) throw taken();
}

function isKept({ owner }: Caller): boolean {
  return owner.startsWith('character:');
}

function taken(): HostError {
  return new HostError('match.name-taken', 'Somebody else is known by this name');
}

const characters = z.array(z.object({ name: z.string() }));

async function charactersOf(host: Host, account: string): Promise<readonly string[]> {
  const found = characters.parse((await ask(host, 'character.of', { account })) ?? []);
  return found.map(({ name }) => name);
}

async function isCharacter(host: Host, name: string): Promise<boolean> {
  return (await ask(host, 'character.taken', { name })) === true;
}

async function ask(host: Host, method: string, params: JsonObject): Promise<unknown> {
  try {
    return await host.call(method, params, { as: 'server' });
  } catch (error) {
    // A node without accounts has no characters that anybody owns.
    if (error instanceof HostError && error.code === 'call.unknown-method') return undefined;
    throw error;
  }
}
