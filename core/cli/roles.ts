/** `roost run ROLES`: which of its doors a node opens. All of them are of one process today; only its extra ports can be left out. */
import type { Config } from '../config.ts';
import { HostError } from '../contract/errors.ts';

/** Role → the setting of its port, and the port that it has when none is set: that of the older servers. */
const ports = new Map([
  ['text', { setting: 'textPort', usual: 53_450 }],
  ['turn', { setting: 'turnPort', usual: 8_192 }],
] as const);
/** Pages, socket.io, JSON-RPC and /turn on the main port. */
const always = 'web';

/**
 * The settings for a node that has these roles and no others.
 * @param words  Roles, one a word or parted by commas; none: what the settings say.
 * @throws HostError `config.wrong` for a role that is none, or without `web`
 */
export function withRoles(config: Config, words: readonly string[]): Config {
  const wanted = new Set(words.flatMap((word) => word.split(',')).filter((role) => role !== ''));
  if (wanted.size === 0) return config;
  const known = [always, ...ports.keys()];
  const unknown = [...wanted].find((role) => !known.includes(role));
  if (unknown !== undefined) throw wrong(`there is no role "${unknown}"; known are ${known.join(', ')}`);
  if (!wanted.has(always)) throw wrong(`the role ${always} cannot be left out: it is the door of the world itself`);
  const open = [...ports].map(([role, { setting, usual }]) => [
    setting,
    wanted.has(role) ? config[setting] || usual : 0,
  ]);
  return Object.freeze({ ...config, ...Object.fromEntries(open) });
}

function wrong(message: string): HostError {
  return new HostError('config.wrong', message);
}
