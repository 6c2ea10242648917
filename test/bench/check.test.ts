import { expect, it } from 'vitest';
import { checkViews } from '../../bench/load/check.ts';
import type { LoadClient, Seen } from '../../bench/load/client.ts';

/** A client that sees these. */
function client(id: string, ...view: Seen[]): LoadClient {
  return {
    id,
    counts: { messages: 0, bytes: 0, last: 0, tick: 0 },
    input: () => undefined,
    view: () => view,
    close: () => Promise.resolve(),
  };
}

const at = (id: string, x: number, y = 0): Seen => ({ id, x, y });

it('counts who is near and is not seen', () => {
  const clients = [client('a', at('a', 0), at('b', 5)), client('b', at('b', 5)), client('c', at('c', 90))];
  expect(checkViews(clients, 10)).toEqual({ clients: 3, pairs: 4, worst: 0, mean: 0, near: 5, missing: 1 });
});

it('measures how far from its own account of it one is seen', () => {
  const clients = [client('a', at('a', 0), at('b', 5, 3)), client('b', at('b', 5), at('a', 0))];
  expect(checkViews(clients, 10)).toMatchObject({ pairs: 4, worst: 3, mean: 0.75, missing: 0 });
});

it('leaves out those that do not decode, and what belongs to nobody', () => {
  const clients = [client('a', at('a', 0), at('fox', 1)), client('b')];
  expect(checkViews(clients, 10)).toMatchObject({ clients: 1, pairs: 1, near: 1, missing: 0 });
});

it('fails when somebody sees others and not itself', () => {
  expect(() => checkViews([client('a', at('b', 0))], 10)).toThrow('client a does not see its own character');
});
