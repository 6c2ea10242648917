/** What an attack must not touch: marks in the process that runs the sandbox, looked at again when it is over. */
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';

/** Prototypes that everything in this process stands on. */
const shared = [Object, Array, Function, Error, Map, Promise, String, RegExp].map(({ prototype }) => prototype);

/** Puts the marks; what was done to one fails the test when it is disposed of. */
export function hostCanary(): Disposable {
  const host = globalThis as { canary?: object };
  const file = join(tmpdir(), `roost-canary-${process.pid}`);
  const canary = { alive: true };
  host.canary = canary;
  process.env.ROOST_CANARY = 'alive';
  const before = state();
  return {
    [Symbol.dispose]() {
      expect(host.canary).toBe(canary);
      expect(canary).toEqual({ alive: true });
      expect(process.env.ROOST_CANARY).toBe('alive');
      expect(state()).toEqual(before);
      expect(existsSync(file)).toBe(false);
      delete host.canary;
      delete process.env.ROOST_CANARY;
    },
  };
}

function state(): readonly unknown[] {
  return [Reflect.ownKeys(globalThis).length, ...shared.map((prototype) => Reflect.ownKeys(prototype))];
}
