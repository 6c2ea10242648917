import { describe, expect, it } from 'vitest';
import { type BotDefinition, defineBot, runBot } from '../../core/bot/bot.ts';
import { Queue } from '../../core/bot/queue.ts';

describe('a definition', () => {
  it.each<[string, object]>([
    ['needs a room, or a character', { setup() {} }],
    ['"mesage"', { room: 'den', mesage() {} }],
    ['"heartbeat" is a function', { room: 'den', heartbeat: 1 }],
  ])('is refused: %s', (why, definition) => {
    expect(() => defineBot(definition as BotDefinition)).toThrow(why);
  });
});

describe('a token', () => {
  const definition = defineBot({ room: 'den' });
  it.each([
    'http://127.0.0.1:1/?token=x',
    'http://token:x@127.0.0.1:1',
    'http://127.0.0.1:1/#x',
  ])('does not belong into the address %s', (url) => {
    expect(() => runBot(definition, { url, token: 'x' })).toThrow('not in the address');
  });
  it('that goes over a network in clear is worth a line, without the token', async () => {
    const lines: string[] = [];
    const report = (line: string) => lines.push(line);
    await runBot(definition, { url: 'http://roost.invalid', token: 'secret', report }).stop();
    await runBot(definition, { url: 'https://roost.invalid', token: 'secret', report }).stop();
    await runBot(definition, { url: 'http://localhost:1', token: 'secret', report }).stop();
    expect(lines.filter((line) => line.includes('in clear'))).toEqual([
      expect.stringContaining('http://roost.invalid'),
    ]);
    expect(lines.join()).not.toContain('secret');
  });
});

describe('the queue', () => {
  /** Work that ends when it is told to. */
  function work(name: string, log: string[]) {
    const { promise, resolve } = Promise.withResolvers<void>();
    return {
      end: resolve,
      async run() {
        log.push(`${name} begins`);
        await promise;
        log.push(`${name} ends`);
      },
    };
  }

  it('does one thing after another, holds in between, and takes no more than it may', async () => {
    const queue = new Queue(2);
    const log: string[] = [];
    const [a, b, c] = [work('a', log), work('b', log), work('c', log)];
    expect([queue.add(a.run), queue.add(b.run), queue.add(c.run)]).toEqual([true, true, false]);
    expect(log).toEqual([]);
    queue.release();
    expect(log).toEqual(['a begins']);
    const held = queue.hold();
    a.end();
    await held;
    expect(log).toEqual(['a begins', 'a ends']);
    expect(queue.add(c.run)).toBe(true);
    b.end();
    c.end();
    queue.release();
    await queue.hold();
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    queue.release();
    await queue.hold();
    expect(log.at(-1)).toBe('c ends');
  });
});
