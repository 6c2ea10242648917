import { expect, it } from 'vitest';
import type { JoinResult } from '../../core/contract/link.ts';
import { startMiddle } from '../support/middle.ts';

const den = 'test/den';
const owner = 'character:00000000000000aa';

it('CHR-05 a character that is gone again before its zone has ticked keeps that awake no longer', async () => {
  await using middle = await startMiddle({ limits: { sleepAfterMs: 300 } });
  const { zones } = middle;
  const { outcome } = await zones.ask(den, { type: 'join', owner, name: 'Fox', character: null });
  if (!outcome.ok) throw new Error(outcome.code);
  const { character } = outcome.result as unknown as JoinResult;
  await zones.putAway(den, character);
  for (let times = 0; times < 5; times++) {
    const away = { object: character, zone: den, away: true };
    expect(await zones.locate(owner)).toEqual(away);
    await zones.bringBack(owner, away, den);
    await zones.putAway(den, character);
  }
  await middle.logged('zone sleeps', ({ zone }) => zone === den);
});
