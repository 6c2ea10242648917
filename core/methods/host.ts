/** What plugins are given: one host for each build, and one that knows the caller for each call. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';
import type { Characters, Host, NodeView, PluginSettings, Rooms, Sessions, Target, Zones } from '../contract/plugin.ts';
import type { Clock, Db, Gateway, Log, Session } from '../contract/ports.ts';
import type { Answer } from '../contract/protocol.ts';
import type { Soon } from '../contract/soon.ts';
import { type CallerParts, checkMessage, toCaller, toZone } from './caller.ts';
import type { Timers } from './timers.ts';

export type HostParts = CallerParts & {
  readonly version: string;
  readonly dev: boolean;
  readonly game: string;
  readonly settings: PluginSettings;
  readonly db: Db;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: () => number;
  /** The session in whose name plugins act by themselves. */
  readonly server: Session;
  /** A call from inside; the door is dispatch.ts. */
  readonly call: (session: Session, method: string, params: unknown) => Soon<Answer>;
  readonly node: NodeView;
};

/** A character that goes from one place to another while it is to be erased is looked for again, so often and after so long. */
const eraseTriesMost = 20;
const eraseAgainMs = 100;

/** The host of a plugin outside of calls. */
export function createHost(parts: HostParts, plugin: string, timers: Timers): Host {
  const { version, dev, game, settings, clock, random, db, node } = parts;
  return {
    plugin,
    version,
    dev,
    game,
    settings,
    clock,
    random,
    node,
    log: logOf(parts.log, plugin),
    sessions: sessionsOf(parts),
    characters: charactersOf(parts),
    rooms: roomsOf(parts),
    db: {
      read: (sql, values) => db.read(sql, values),
      transaction: (work) => db.transaction(work),
    },
    zones: zonesOf(parts),
    send: (to, event, data) => send(parts, to, event, data),
    call: callAs(parts, parts.server),
    every: timers.every,
    after: timers.after,
  };
}

/** The same host inside a call of `session`. */
export function hostFor(parts: HostParts, host: Host, session: Session): Host {
  return { ...host, call: callAs(parts, session) };
}

function callAs(parts: HostParts, session: Session): Host['call'] {
  return async (method, params, options) => {
    const answer = await parts.call(options?.as === 'server' ? parts.server : session, method, params);
    if (answer.ok) return answer.result;
    throw new HostError(answer.error.code, answer.error.message, answer.error.details);
  };
}

function send({ gateway }: HostParts, to: Target, event: string, data: Json): boolean {
  checkMessage(event, data);
  if (to !== 'everyone') {
    if ('user' in to) return gateway.deliver({ owner: to.user }, event, data);
    if ('account' in to) return gateway.deliver({ account: to.account }, event, data);
    if ('room' in to) return gateway.rooms.send(to.room, event, data, to.except);
  }
  const sessions = receivers(gateway, to);
  for (const session of sessions) session.send(event, data);
  return sessions.length > 0;
}

function receivers(gateway: Gateway, to: 'everyone' | { session: string } | { zone: string }): readonly Session[] {
  if (to === 'everyone') return [...gateway.sessions()];
  if ('session' in to) return [gateway.find(to.session)].filter((session) => session !== undefined);
  return [...gateway.sessions()].filter(({ zone }) => zone === to.zone);
}

function sessionsOf(parts: HostParts): Sessions {
  const { gateway } = parts;
  return {
    list: () =>
      [...gateway.sessions()].flatMap(({ id, via, address, account, owner, name, zone, character }) =>
        via === 'server' ? [] : [{ id, via, address, account, owner, name, zone, character }],
      ),
    find(id) {
      const session = gateway.find(id);
      return session && toCaller(parts, session);
    },
    end: (id, reason) => gateway.end(id, reason),
    changeAccount: (id, change) => gateway.changeAccount(id, change),
    isNamed: (name) => gateway.isNamed(name),
    ownerOf: (name) => gateway.ownerOf(name),
    bar: (addresses) => gateway.bar(addresses),
  };
}

function charactersOf({ gateway, zones }: HostParts): Characters {
  return {
    find: (owner) => zones.locate(owner),
    async look(owner) {
      const found = await zones.locate(owner);
      return found && (await zones.look(found.object));
    },
    async erase(owner) {
      for (let tries = 1; ; tries++) {
        const found = await zones.locate(owner);
        if (gateway.plays(owner)) throw new HostError('session.elsewhere');
        if (found === undefined) return;
        if (!found.away) await zones.putAway(found.zone, found.object);
        if (await zones.erase(found.object)) return;
        // It is on its way out of its zone already, or into one.
        if (tries >= eraseTriesMost) throw new HostError('session.elsewhere');
        await sleep(eraseAgainMs, undefined, { ref: false });
      }
    },
  };
}

function roomsOf({ gateway: { rooms } }: HostParts): Rooms {
  return {
    create: (room) => rooms.create(room),
    has: (room) => rooms.find(room),
    remove: (room) => rooms.remove(room),
    join: (room, session) => rooms.join(room, session),
    leave: (room, session) => rooms.leave(room, session),
    members: (room) => rooms.members(room),
  };
}

function zonesOf(parts: HostParts): Zones {
  const { zones } = parts;
  return {
    find: (zone) => (zones.find(zone) ? toZone(parts, zone) : undefined),
    open: async (zone) => toZone(parts, (await zones.open(zone)).zone),
    list: () => zones.list(),
    game: (name) => zones.game(name),
    games: () => zones.games(),
    register: (zone, registration) => zones.register(zone, registration),
    unregister: (zone) => zones.unregister(zone),
    discard: (zone) => zones.discard(zone),
  };
}

function logOf(log: Log, plugin: string): Log {
  return {
    debug: (fields, text) => log.debug({ plugin, ...fields }, text),
    info: (fields, text) => log.info({ plugin, ...fields }, text),
    warn: (fields, text) => log.warn({ plugin, ...fields }, text),
    error: (fields, text) => log.error({ plugin, ...fields }, text),
  };
}
