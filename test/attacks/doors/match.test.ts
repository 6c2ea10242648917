/** The queue for matches against who asks for zones: each match opens one, and writes rows that are removed again. */
import { expect, it } from 'vitest';
import { Pace } from '../../../plugins/match/_pace.ts';
import { startTestNode } from '../../support/node.ts';

const perAddress = 16;

it('H-17 one address begins as many matches as people can play, however often it asks, cancels and leaves', () => {
  const pace = new Pace();
  const take = (address: string, now: number) => {
    try {
      pace.take(address, perAddress, now);
      return 'ok';
    } catch (error) {
      const { code, details } = error as { readonly code: string; readonly details: unknown };
      return { code, details };
    }
  };
  for (let index = 0; index < 2 * perAddress; index++) expect(take('192.0.2.1', 0)).toBe('ok');
  expect(take('192.0.2.1', 0.5)).toEqual({ code: 'call.too-fast', details: { retryS: 1 } });
  expect(take('192.0.2.2', 0.5)).toBe('ok');
  let begun = 0;
  for (let look = 20; look <= 1_220; look++) if (take('192.0.2.1', look / 20) === 'ok') begun += 1;
  expect(Math.abs(begun - 61)).toBeLessThan(2);
  // Whoever has recovered is forgotten, and nobody gains by that.
  for (let other = 0; other < 5_000; other++) take(`198.51.100.${other}`, 61);
  expect(take('192.0.2.1', 61)).toEqual({ code: 'call.too-fast', details: { retryS: 1 } });
});

it('H-17 a match that is left at once leaves no zone loaded, and nobody begins one after the other without end', async () => {
  await using node = await startTestNode({ game: 'wordgame', env: { ROOST_DEV: 'off', ROOST_LOG: 'debug' } });
  const all = [await node.connect(), await node.connect(), await node.connect(), await node.connect()] as const;
  const [ann] = all;
  await ann.call('match.find', { mode: 'wren' });
  type Told = { readonly state: string; readonly match: { readonly zone: string } };
  const { match } = await ann.next<Told>('match', ({ state }) => state === 'started');
  await ann.call('match.leave');
  let refused: unknown;
  // A partner who never comes: no zone is opened for these.
  for (let asked = 1; asked <= 60 && refused === undefined; asked++) {
    const who = all[asked % 4] ?? ann;
    refused = await who.call('match.find', { mode: 'friends', name: `Ann${asked}`, with: ['Nobody'] }).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (refused === undefined) await who.call('match.cancel');
    else expect(asked).toBeGreaterThan(31);
  }
  expect(refused).toMatchObject({ code: 'call.too-fast', details: { retryS: 1 } });
  await node.logged(({ msg, zone }) => msg === 'zone of a match removed' && zone === match.zone);
});
