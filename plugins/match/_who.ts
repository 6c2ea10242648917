/** By what name somebody is known to those he plays with. */
import { type Caller, checkName, type Host, HostError } from 'roost/plugin';
import { isNamed } from './_asks.ts';
import type { Book } from './_book.ts';

/** Whoever plays a character goes by its name, a guest by the one that he gives, if it is nobody else's. @throws HostError match.name-taken, name.* */
export async function nameFor(host: Host, caller: Caller, given: string | undefined): Promise<string | null> {
  if (caller.name !== null && (caller.zone !== null || isKept(caller))) return caller.name;
  if (given === undefined) return null;
  const name = checkName(given);
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

async function isCharacter(host: Host, name: string): Promise<boolean> {
  try {
    return (await host.call('character.taken', { name }, { as: 'server' })) === true;
  } catch (error) {
    // A node without accounts has no characters that anybody owns.
    if (error instanceof HostError && error.code === 'call.unknown-method') return false;
    throw error;
  }
}
