/** The client of the plain format, against the relay's own rule book, with answers that get lost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeTurn, TurnClient } from '../../core/load/scenarios/turn-client.ts';
import { type TextCounts, Thread } from '../../core/load/thread.ts';
import { createRelay } from '../support/turn-relay.ts';

/** A client that has come as far as its match. */
function playing(): TurnClient {
  const client = new TurnClient();
  client.register('Ann');
  for (const answer of ['0/0/k1', '0/2/*', '0/3/Bob', '0/5/', '0/7/*']) {
    client.hear(answer);
    client.step();
  }
  expect(client.hear('0/8/g|1|1')).toEqual({ kind: 'started', seat: 1 });
  return client;
}

describe('a turn client', () => {
  it('TRN-18 goes by codes alone from its registration into a match', () => {
    const client = new TurnClient();
    expect(client.register('Ann')).toBe('0,Ann,*,*,*');
    const steps = [
      ['0/0/k1', 'pair', '2,*,k1,*,*'],
      ['0/2/*', 'pair', '2,*,k1,*,*'],
      ['0/4/Bob', 'load', '3,*,k1,*,*'],
      ['0/6/', 'ready', '4,*,k1,*,*'],
      ['0/7/*', 'ready', '4,*,k1,*,*'],
      ['9/2/*', 'pair', '2,*,k1,*,*'],
      ['0/3/Cid', 'load', '3,*,k1,*,*'],
      // Asked too often: the same again.
      ['8/1/*', 'load', '3,*,k1,*,*'],
      ['0/5/', 'ready', '4,*,k1,*,*'],
    ] as const;
    for (const [answer, does, body] of steps) {
      client.hear(answer);
      expect([client.does, client.step()]).toEqual([does, body]);
    }
    client.hear('0/8/g7|0');
    expect(client.send('a,b')).toBe('6,a,b,g7,0,0');
    client.hear('15/*/*');
    expect(client.state).toBe('out');
  });

  it('reads texts once, whether it hears an answer, its repeat, or both', () => {
    const client = playing();
    expect(client.send('x')).toBe('6,x,g|1,1,0');
    expect(client.repeat()).toBe('6,x,g|1,1,0');
    expect(client.hear('0/11/*0/9/a|b|')).toEqual({ kind: 'texts', block: 'a|b' });
    client.repeat();
    expect(client.hear('0/11/*0/9/a|b|c|d')).toEqual({ kind: 'texts', block: 'c|d' });
    client.repeat();
    expect(client.hear('0/11/*0/9/a|b|c|d|')).toEqual({ kind: 'texts', block: '' });
    expect(client.send('y')).toBe('6,y,g|1,1,1');
    expect(client.hear('0/10/*')).toEqual({ kind: 'texts', block: '' });
    client.repeat();
    expect(client.hear('0/11/*0/10/*|e/f')).toEqual({ kind: 'texts', block: 'e/f' });
    client.repeat();
    expect(client.hear('0/11/*0/10/*|e/f|g')).toEqual({ kind: 'texts', block: 'g' });
    client.repeat();
    expect(client.hear('0/11/*0/9/other|')).toMatchObject({ kind: 'unlike' });
  });

  it('TRN-07 and another one lose, double and change nothing, whatever answers get lost between them and the relay', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 }).map((words) => `${words}.`);
    const step = fc.record({ who: fc.nat(1), text, isHeard: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const counts: TextCounts = { sent: 0, received: 0, lost: 0, repeated: 0, reordered: 0, changed: 0, cutOff: 0 };
        const sides = [0, 1].map(() => ({
          client: new TurnClient(),
          thread: new Thread(counts),
          isHeard: true,
          seat: 0,
        }));
        const ask = createRelay();
        /** @returns what was heard, if anything */
        const turn = (who: number, body: string, isHeard: boolean) => {
          const side = sides[who] as (typeof sides)[number];
          const answer = ask(body);
          side.isHeard = isHeard;
          if (!isHeard) return;
          const heard = side.client.hear(answer);
          if (heard.kind === 'started') side.seat = heard.seat;
          else if (heard.kind === 'texts' && heard.block !== '') sides[1 - who]?.thread.heardJoined(heard.block, '|');
          else expect(heard.kind).not.toMatch(/unlike|refused/);
        };
        for (const who of [0, 1]) turn(who, sides[who]?.client.register(`Ann${who}`) ?? '', true);
        while (sides.some(({ client }) => client.state !== 'playing'))
          for (const [who, { client }] of sides.entries())
            if (client.state !== 'playing') turn(who, client.step(), true);
        expect(sides.map(({ seat }) => seat).sort()).toEqual([0, 1]);
        for (const [i, { who, text: words, isHeard }] of steps.entries()) {
          const { client, thread, isHeard: wasHeard } = sides[who] as (typeof sides)[number];
          const said = `${i} ${words}`;
          if (wasHeard) thread.sent(said);
          turn(who, wasHeard ? client.send(said) : client.repeat(), isHeard);
        }
        for (const [who, { client }] of sides.entries())
          if (steps.some((one) => one.who === who)) turn(who, client.repeat(), true);
        const reached = sides.filter((_, who) => steps.some((one) => one.who === 1 - who));
        for (const { thread } of reached) thread.close();
        for (const { thread } of sides) thread.cut();
        expect(counts).toMatchObject({ lost: 0, repeated: 0, reordered: 0, changed: 0 });
        expect(counts.received + counts.cutOff).toBe(counts.sent);
      }),
      { numRuns: 300 },
    );
  });

  it('names an error by its code', () => {
    const judge = (text: string, status = 400) => judgeTurn({ status, text })?.code;
    expect(judge('0/2/*', 200)).toBeUndefined();
    expect(judge('9/2/*')).toBe('turn.9/2');
    expect(judge('5/*/*')).toBe('turn.5');
    expect(judge('8/30/*')).toBe('turn.8');
    expect(judge('<html>')).toBe('http.400');
    expect(judge('0/2/*', 503)).toBe('http.503');
  });
});
