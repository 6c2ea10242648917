/**
 * A thread that hashes passwords, one after another. It does so at a lower priority than everything else of the node, so that
 * a flood of logins takes the time that zones leave over.
 */
import { argon2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { constants, getPriority, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { type Cost, fromPhc, saltBytes, tagBytes, toPhc, usualCost } from './_phc.ts';

/** With `phc` a password is checked against it, with null against nothing at the same cost; without it a hash is made. */
export type HashWork = { readonly password: string; readonly phc?: string | null };
export type HashDone = { readonly phc: string } | { readonly fits: boolean } | { readonly failed: string };

const { PRIORITY_BELOW_NORMAL } = constants.priority;
// Linux has a priority for each thread; elsewhere it would be that of the whole process.
if (process.platform === 'linux' && getPriority() < PRIORITY_BELOW_NORMAL) setPriority(PRIORITY_BELOW_NORMAL);

parentPort?.on('message', (work: HashWork) => parentPort?.postMessage(carryOut(work)));

function carryOut({ password, phc }: HashWork): HashDone {
  try {
    if (phc === undefined) return { phc: make(password) };
    return { fits: check(password, phc) };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}

function make(password: string): string {
  const salt = randomBytes(saltBytes);
  return toPhc({ cost: usualCost, salt, tag: argon2(password, salt, usualCost, tagBytes) });
}

function check(password: string, phc: string | null): boolean {
  if (phc === null) {
    argon2(password, Buffer.alloc(saltBytes), usualCost, tagBytes);
    return false;
  }
  const { cost, salt, tag } = fromPhc(phc);
  return timingSafeEqual(argon2(password, salt, cost, tag.length), tag);
}

function argon2(message: string, nonce: Buffer, { memory, passes, parallelism }: Cost, tagLength: number): Buffer {
  return argon2Sync('argon2id', { message, nonce, parallelism, tagLength, memory, passes });
}
