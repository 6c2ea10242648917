/** Which characters of accounts are online: somebody plays them, or lost the connection a moment ago. Friends are told. */
import { type Host, perNode } from 'roost/plugin';
import type { Person } from './_characters.ts';

export type Online = {
  /** As friends know it: names by owner. */
  now: ReadonlyMap<string, string>;
  /** Settles when the last look is over: they come one after another. */
  turn: Promise<unknown>;
};

/** Owners in one query. */
const chunk = 200;

/** Of the node whose host it is: several may live in one process. */
const onlineOf = perNode<Online>(() => ({ now: new Map(), turn: Promise.resolve() }));

/** Looks who is online, and tells nobody: after a reload everybody knows already. */
export function begin(host: Host): void {
  onlineOf(host).now = look(host);
}

/** Looks again, and tells friends who came and who went. */
export function follow(host: Host): Promise<void> {
  const online = onlineOf(host);
  const turn = online.turn.then(() => tellChanges(host, online));
  // Whoever asked for this look is told of its fault, and what changed is found by the next one.
  online.turn = turn.catch(() => undefined);
  return turn;
}

async function tellChanges(host: Host, online: Online): Promise<void> {
  const before = online.now;
  const now = look(host);
  const came = [...now].filter(([owner]) => !before.has(owner));
  const went = [...before].filter(([owner]) => !now.has(owner));
  await tellFriends(host, new Map(came), true);
  await tellFriends(host, new Map(went), false);
  online.now = now;
}

/** Two have become friends: each is told whether the other is online. */
export async function tellOnline(host: Host, one: Person, two: Person): Promise<void> {
  await follow(host);
  const { now } = onlineOf(host);
  host.send({ user: one.owner }, 'friend', { name: two.name, online: now.has(two.owner) });
  host.send({ user: two.owner }, 'friend', { name: one.name, online: now.has(one.owner) });
}

/** Names by owner. */
export function look(host: Host): ReadonlyMap<string, string> {
  const now = new Map<string, string>();
  for (const { owner, name } of host.sessions.list())
    if (name !== null && owner.startsWith('character:')) now.set(owner, name);
  for (const [owner, name] of onlineOf(host).now) if (host.sessions.ownerOf(name) === owner) now.set(owner, name);
  return now;
}

async function tellFriends(host: Host, people: ReadonlyMap<string, string>, online: boolean): Promise<void> {
  const owners = [...people.keys()];
  const sessions = Map.groupBy(host.sessions.list(), ({ owner }) => owner);
  for (let at = 0; at < owners.length; at += chunk) {
    const some = owners.slice(at, at + chunk);
    const marks = some.map(() => '?').join(', ');
    const rows = await host.db.read(
      `select owner, other from buddies where state = 'friend' and other in (${marks})`,
      some,
    );
    for (const { owner, other } of rows)
      for (const { id } of sessions.get(String(owner)) ?? [])
        host.send({ session: id }, 'friend', { name: people.get(String(other)) ?? '', online });
  }
}
