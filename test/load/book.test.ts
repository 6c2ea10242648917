import { describe, expect, it } from 'vitest';
import { Book } from '../../core/load/book.ts';

/** A book with a clock by hand, in milliseconds. */
function book() {
  const clock = { ms: 0 };
  return { clock, book: new Book(() => clock.ms) };
}

describe('a book', () => {
  it('measures from when all have come, and counts errors of the whole run', () => {
    const { book: one } = book();
    one.answered('ping', 900);
    one.error('call.too-fast', 'slower', 3, 'ping');
    one.isMeasuring = true;
    one.answered('ping', 5);
    one.took('heard', 700);
    const ping = one.operations.get('ping');
    expect([ping?.before.count, ping?.measured.count, ping?.errors]).toEqual([1, 1, 1]);
    // The way of a line is no request.
    expect([one.requests, one.errors, one.all.percentiles.max]).toEqual([1, 1, 5]);
  });

  it('tells second from second, and the players that saw an error', () => {
    const { clock, book: one } = book();
    one.answered('ping', 10);
    one.answered('ping', 30);
    clock.ms = 2_500;
    for (const player of [1, 1, 2]) one.error('net.ECONNRESET', '', player);
    one.close();
    expect(one.timeline.seconds).toMatchObject([
      { at: 0, requests: 2, errors: 0, p50: 10, max: 30 },
      { at: 1, requests: 0, errors: 0, max: 0 },
      { at: 2, requests: 0, errors: 3, codes: { 'net.ECONNRESET': 3 } },
    ]);
    expect(one.failures.get('net.ECONNRESET')).toMatchObject({ count: 3, players: new Set([1, 2]) });
  });

  it('keeps what a server says to a line, and to so many names', () => {
    const { book: one } = book();
    one.error('a\u001b[2J\nb', `${'x'.repeat(500)}\u0007`, 0);
    const [[code, failure]] = one.failures as unknown as [[string, { message: string }]];
    expect(code).toBe('a [2J b');
    expect(failure.message).toHaveLength(201);
    for (let i = 0; i < 1_000; i++) one.error(`code.${i}`, '', 0);
    expect(one.failures.size).toBe(101);
    expect([...one.failures.values()].reduce((sum, { count }) => sum + count, 0)).toBe(1_001);
  });
});
