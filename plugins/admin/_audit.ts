/** What was done with a privilege, by whom, and what came of it: rows that are only ever added. */
import { randomBytes } from 'node:crypto';
import { type Caller, type Host, HostError, type Json, type Row, type Transaction } from 'roost/plugin';

/** An act as it is written down. */
export type Act = {
  readonly method: string;
  /** Whom or what it is done to: a name, an address, a zone. */
  readonly target?: string | null | undefined;
  /** Its params, without what is secret. */
  readonly params?: Json | undefined;
};

/** Who acts. */
export type Actor = { readonly who: string; readonly account: string | null; readonly address: string | null };

/** Writes the row into a transaction. */
export type Write = (trx: Transaction) => Promise<void>;

/** JSON of the params of one row, in characters. */
const paramsMost = 2_000;
const secret = /pass|token|code|secret|seed|serial|mail/i;

/** The account's name; the server and the command line go by their own. */
export function actorOf({ account, id, address, via }: Caller): Actor {
  if (account) return { who: account.name, account: account.id, address };
  return { who: via === 'server' ? id : 'guest', account: null, address: via === 'server' ? null : address };
}

export async function record(trx: Transaction, host: Host, actor: Actor, act: Act, outcome = 'ok'): Promise<void> {
  await trx.run(
    'insert into audit (id, at, who, account, address, method, target, params, outcome) values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    [
      randomBytes(8).toString('hex'),
      host.clock.now(),
      ...[actor.who, actor.account, actor.address],
      ...[act.method, act.target ?? null, toText(act.params ?? {}), outcome],
    ],
  );
}

/**
 * Does what needs a privilege, and writes it down. `work` writes the row into its own transaction where it has one; else it is
 * written when the work is done. What is refused is written too, under its code.
 */
export async function audited<T>(
  { caller, host }: { readonly caller: Caller; readonly host: Host },
  act: Act,
  work: (write: Write) => Promise<T> | T,
): Promise<T> {
  const actor = actorOf(caller);
  let written = false;
  const write: Write = async (trx) => {
    await record(trx, host, actor, act);
    written = true;
  };
  const tell = (outcome: string) =>
    host.log.info(
      { who: actor.who, account: actor.account, act: act.method, target: act.target, outcome },
      'privileged act',
    );
  try {
    const result = await work(write);
    if (!written) await host.db.transaction(write);
    tell('ok');
    return result;
  } catch (error) {
    const outcome = error instanceof HostError ? error.code : 'failed';
    tell(outcome);
    // The reason for the refusal matters more than the row.
    await host.db
      .transaction((trx) => record(trx, host, actor, act, outcome))
      .catch((fault: unknown) =>
        host.log.error({ error: fault, act: act.method }, 'a refused act was not written down'),
      );
    throw error;
  }
}

/** Removes the values of keys that sound secret, at any depth. */
export function withoutSecrets(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, secret.test(key) ? '…' : withoutSecrets(inner)]),
  );
}

function toText(params: Json): string {
  const text = JSON.stringify(withoutSecrets(params));
  return text.length <= paramsMost ? text : JSON.stringify({ cut: text.slice(0, paramsMost / 2) });
}

export function toAudit(row: Row) {
  const { id, at, who, account, address, method, target, outcome } = row;
  return { id, at, who, account, address, method, target, params: JSON.parse(String(row.params)) as Json, outcome };
}
