/** What whoever comes into the game is told, once a connection. */
import { type Caller, type Host, perNode, type ZoneId } from 'roost/plugin';
import { titleOf } from './_title.ts';

/** Sessions that were greeted, of the node whose host it is: several may live in one process. */
export const greetedOf = perNode(() => new Set<string>());

/** Going from zone to zone is no coming in. */
export function greetNewcomer(host: Host, caller: Caller, zone: ZoneId): void {
  const text = host.settings.greeting;
  const sessions = greetedOf(host);
  if (text === '' || sessions.has(caller.id)) return;
  sessions.add(caller.id);
  const from = titleOf(host, zone.slice(0, zone.indexOf('/')));
  caller.send('chat', { from, text, at: host.clock.now(), greeting: true });
}
