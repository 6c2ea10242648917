/**
 * Password hashes as one line, `$argon2id$v=19$m=19456,t=3,p=1$<salt>$<tag>`: what a hash cost stands in it, so that the cost
 * can be raised and old hashes still be checked.
 * @source RFC 9106, Argon2; the PHC string format; OWASP, "Password Storage Cheat Sheet": 19 MiB, 2 passes or more.
 */

export type Cost = {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
};

export type PasswordHash = { readonly cost: Cost; readonly salt: Buffer; readonly tag: Buffer };

/** Some 50 ms of one core in 2026; little memory, so that zones on the same machine keep their caches. */
export const usualCost: Cost = { memory: 19_456, passes: 3, parallelism: 1 };
export const saltBytes = 16;
export const tagBytes = 32;

const pattern = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/;

export function toPhc({ cost, salt, tag }: PasswordHash): string {
  return `$argon2id$v=19$${toText(cost)}$${toBase64(salt)}$${toBase64(tag)}`;
}

/** @throws Error when it is no such line */
export function fromPhc(text: string): PasswordHash {
  const found = pattern.exec(text);
  if (!found) throw new Error('not a password hash of argon2id');
  const [, memory, passes, parallelism, salt = '', tag = ''] = found;
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  return { cost, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') };
}

/** Whether a hash made now would cost the same. */
export function isUsual(phc: string): boolean {
  return phc.startsWith(`$argon2id$v=19$${toText(usualCost)}$`);
}

function toText({ memory, passes, parallelism }: Cost): string {
  return `m=${memory},t=${passes},p=${parallelism}`;
}

function toBase64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
