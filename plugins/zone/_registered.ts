/** Zones that builders have added. */
import { type Host, HostError, type Row } from 'roost/plugin';

/** On the node. */
export const registeredMost = 100;

export type Registered = {
  readonly zone: string;
  /** Name of the declared zone that it is like. */
  readonly like: string;
  readonly capacity: number | null;
  readonly title: string | null;
};

const wellNamed = /^[a-z][a-z0-9-]{0,31}$/;

export async function listRegistered(host: Host): Promise<readonly Registered[]> {
  return (await host.db.read('select * from registered_zones order by zone')).map(toRegistered);
}

/** @throws HostError zone.malformed, zone.unknown, zone.taken */
export async function checkNew(host: Host, zone: string, like: string): Promise<{ readonly like: string }> {
  const [gameName = '', name = '', ...rest] = zone.split('/');
  const [likeGame, likeName = '', ...likeRest] = like.split('/');
  if (rest.length > 0 || likeRest.length > 0 || !wellNamed.test(name)) throw new HostError('zone.malformed');
  const game = host.zones.game(gameName);
  if (!game || likeGame !== gameName) throw new HostError('zone.unknown', `No game "${gameName}" has both zones`);
  if (game.zones.some((spec) => spec.name === name)) throw new HostError('zone.taken');
  const registered = await listRegistered(host);
  const isDeclared = game.zones.some((spec) => spec.name === likeName) && !registered.some((one) => one.zone === like);
  if (!isDeclared) throw new HostError('zone.unknown', `No game declares zone "${like}"`);
  return { like: likeName };
}

export function toRegistered({ zone, pattern, capacity, title }: Row): Registered {
  return {
    zone: String(zone),
    like: String(pattern),
    capacity: capacity === null ? null : Number(capacity),
    title: title === null ? null : String(title),
  };
}

/** What was done by privilege is written down, where there is a plugin for it. */
export async function note(host: Host, session: string, method: string, target: string): Promise<void> {
  try {
    await host.call('admin.note', { method, session, target }, { as: 'server' });
  } catch (error) {
    if (!(error instanceof HostError) || error.code !== 'call.unknown-method') throw error;
  }
}
