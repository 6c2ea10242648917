/**
 * Every code an answer, a notice or a zone message can carry: who may read its text, and what it means.
 * Codes are stable: clients switch on them. `docs/errors.md` is generated from this table.
 */
const table = {
  'call.unknown-method': 'No such method.',
  'call.bad-params': 'The params do not fit the schema; details name the keys.',
  'call.malformed': 'The message is not a call: see docs/protocol.md.',
  'call.forbidden': 'The caller may not call this method.',
  'call.too-fast': 'Called more often than the rate allows.',
  'call.too-many': 'Too many calls of this session are waiting for an answer.',
  'call.failed': 'The handler failed; the reason is in the server log.',
  'call.timeout': 'No answer within the deadline; the outcome is unknown.',
  'call.disabled': 'The plugin of this method failed too often and is switched off.',
  'session.too-fast': 'Disconnected: ten times over the limits for three seconds.',
  'session.too-many': 'Too many connections from this address.',
  'session.full': 'The server is full.',
  'session.slow': 'Disconnected: the client does not read what it is sent.',
  'session.origin': 'This page may not connect: its origin is not allowed.',
  'session.closing': 'The server is shutting down.',
  'session.replaced': 'The same character was resumed on another connection.',
  'session.elsewhere': 'The account, or the character, is here already on another connection.',
  'session.playing': 'The session is in a zone: leave it first.',
  'session.barred': 'This address is not served.',
  'session.logged-out': 'Disconnected: the login of this connection has ended.',
  'session.unknown-token': 'The token is not known, or its time is over: log in again.',
  'session.protocol': 'The client speaks another version of the protocol.',
  'session.version': 'The client is too old for this server.',
  'session.time-over': 'Disconnected: the time that a guest may stay is over.',
  'session.silent': 'Disconnected: nothing came from the client for too long.',
  'session.crowded': 'The server is full, also for those who have priority.',
  'session.unknown-resume': 'The resume token is not known or its time is over: enter again.',
  'session.idle': 'Disconnected: no zone was entered in time.',
  'character.none': 'The account plays no character: choose or create one first.',
  'name.illegal': 'A name is 2 to 16 letters or digits.',
  'name.taken': 'Somebody present has this name.',
  'zone.malformed': 'A zone id is game/zone, with ~dimension, #n or @owner where there is more than one of it.',
  'zone.unknown': 'No game declares this zone.',
  'zone.none': 'The session is in no zone.',
  'zone.full': 'The zone holds as many players as it may.',
  'zone.timeout': 'The zone did not start within its limit.',
  'zone.unavailable': 'The zone is recovering and cannot take more calls.',
  'zone.interrupted': 'The zone stopped while it had the call; the outcome is unknown.',
  'zone.moving': 'The character is between two zones.',
  'zone.failed': 'The zone cannot be loaded.',
  'zone.forbidden': 'The zone is not open to this player.',
  'zone.taken': 'There is a zone of this name.',
  'zone.in-use': 'Somebody is in the zone.',
  'zone.too-many': 'As many zones, or people invited into one, as there may be.',
  'zone.refused': 'The zone does not let this character in.',
  'zone.dev-only': 'This zone exists for development and the node is not in development.',
  'object.not-found': 'No such object in your view.',
  'object.unknown-method': 'The object has no such method.',
  'object.forbidden': 'Only the owner may do this.',
  'object.too-far': 'The object is out of reach.',
  'object.bad-params': 'The params do not fit what the object asks for.',
  'object.failed': 'The script of the object failed.',
  'object.suspended': 'The script of the object is suspended after errors.',
  'object.blocked': 'Something that does not move is in the way.',
  'object.too-fast': 'The character cannot walk so far in that time.',
  'object.no-character': 'The session controls no character.',
  'store.busy': 'The database did not answer within five seconds.',
  'store.failed': 'The change could not be saved and was undone.',
  'data.in-use': 'Another Roost process uses the data folder.',
  'data.newer': 'The database was written by a newer Roost.',
  'data.missing': 'The data folder holds no database.',
  'data.not-empty': 'What would be written is there already.',
  'data.not-written': 'The disk or the database refused.',
  'data.bad-backup': 'The file is not a whole backup.',
  'config.wrong': 'A setting is wrong.',
  'plugin.unknown': 'No plugin of this name is loaded.',
  'plugin.no-former': 'There is no former build to go back to.',
  'plugin.not-loaded': 'The plugin did not load.',
  'room.unknown': 'No such room.',
  'host.dev-only': 'Only in development.',
  'script.wrong': 'The script does not compile or is not a definition.',
  'script.unknown': 'No such script, or none that may be edited.',
  'script.changed': 'The file was changed meanwhile: open it again.',
  'script.too-long': 'The script would be longer than a script may be.',
  'script.not-written': 'The file cannot be written.',
  'map.wrong': 'The map cannot be read.',
  'game.wrong': 'The game cannot be read.',
  'physics.step': 'The physics step is out of range.',
} as const satisfies Record<string, string>;

/** Plugins may use codes of their own area, `<area>.<what>`, beside the table's. */
export type ErrorCode = keyof typeof table;

export const errorTable: Readonly<Record<ErrorCode, string>> = table;

/** An outcome with a stable code; its message and details may be read by the caller. */
export class HostError extends Error {
  readonly code: ErrorCode | (string & {});
  readonly details: unknown;

  constructor(code: ErrorCode | (string & {}), message?: string, details?: unknown) {
    super(message ?? (Object.hasOwn(table, code) ? table[code as ErrorCode] : code));
    this.name = 'HostError';
    this.code = code;
    this.details = details;
  }
}
