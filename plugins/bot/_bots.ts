/** Bots that may come: a name, and the login that the auth plugin keeps for it. */
import { type Host, HostError, type Row, z } from 'roost/plugin';

/** Params: the name of a bot. */
export const botName = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9-]{1,31}$/, 'wanted 2 to 32 letters, digits or dashes');

/** Names that differ only in case are the same. */
export function toKey(name: string): string {
  return name.toLowerCase();
}

/** One that was made, as administrators see it. */
export type BotRow = {
  readonly name: string;
  /** Id of its login, also of its `account`; null when making it was broken off. */
  readonly credential: string | null;
  /** Unix seconds. */
  readonly created: number;
  readonly by: string;
};

export function toBot({ name, credential, created, made_by }: Row): BotRow {
  return {
    name: String(name),
    credential: credential === null ? null : String(credential),
    created: Number(created),
    by: String(made_by),
  };
}

/** @throws HostError bot.unknown */
export async function getBot(host: Host, name: string): Promise<BotRow> {
  const [row] = await host.db.read('select * from bots where name_key = ?', [toKey(name)]);
  if (row === undefined) throw new HostError('bot.unknown', `There is no bot "${name}"`);
  return toBot(row);
}
