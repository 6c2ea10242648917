/** Which privileges there are. */
import { type Host, HostError, z } from 'roost/plugin';

/** Those that Roost itself knows; docs/administration.md says what each is for. */
const usual = ['admin', 'broadcast', 'build', 'moderate', 'priority', 'property', 'vip'];
/** Words of `allow` that say what somebody is: no account is made that. */
const notGranted: ReadonlySet<string> = new Set(['anyone', 'player', 'account', 'bot', 'server', 'operator']);
/** They only let somebody in. */
const harmless: ReadonlySet<string> = new Set(['vip', 'priority']);

/** Params: the name of a privilege. */
export const privilege = z
  .string()
  .max(32)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'wanted lower-case words with dashes')
  .refine((name) => !notGranted.has(name), 'is nothing that can be granted');

/** Whether they let somebody do what others may not. */
export function isPowerful(privileges: readonly string[]): boolean {
  return privileges.some((name) => !harmless.has(name) && !notGranted.has(name));
}

/** All that can be granted, by name: the usual ones, those that a loaded method asks for, and those that operators made. */
export async function listPrivileges(host: Host): Promise<readonly string[]> {
  const made = await host.db.read('select name from admin_privileges');
  const all = [...usual, ...host.node.allowed(), ...made.map(({ name }) => String(name))];
  return [...new Set(all)].filter((name) => privilege.safeParse(name).success).sort();
}

/** @throws HostError admin.unknown-privilege */
export async function checkKnown(host: Host, name: string): Promise<void> {
  const known = await listPrivileges(host);
  if (known.includes(name)) return;
  const message = `No method asks for the privilege "${name}"; known are ${known.join(', ')}. With make: true it is made all the same`;
  throw new HostError('admin.unknown-privilege', message, { known });
}
