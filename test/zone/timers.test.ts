import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import type { Json } from '../../core/contract/content.ts';
import { createTimers } from '../../core/zone/timers.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const own = { object: '0001000000000001', script: 'hen' } as const;
const at = (due: number, name: string, data: Json = null) => ({ ...own, name, due, every: null, data });

it('a timer that is set anew without end holds nothing of what it was: no isolate counts that memory', async () => {
  const timers = createTimers([at(1, 'early')]);
  const setFirst = () => {
    const data = ['the first'];
    timers.apply(at(9_000, 'late', data));
    return new WeakRef(data);
  };
  const first = setFirst();
  for (let i = 0; i < 200; i++) timers.apply(at(9_001 + i, 'late', [i]));
  // Until then whatever a reference was made to is held.
  await turnOfTheLoop();
  collectGarbage();
  expect(first.deref()).toBeUndefined();
  expect(timers.nextDue()).toBe(1);
  timers.apply({ ...at(0, 'early'), due: null });
  expect(timers.nextDue()).toBe(9_200);
});
