/** The plain format of the turn relay: whatever is posted has an answer with a code, and a match beside it loses nothing. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runs } from '../../support/fuzz.ts';
import { residentMb } from '../../support/hurt-house.ts';
import { startTestNode, type TestNode } from '../../support/node.ts';
import { postTurn } from '../../support/older-client.ts';

let node: TestNode;
let url: string;
let fromMb = 0;
/** Key and player key of two who play on meanwhile, and what they have come to. */
let seats: readonly string[];
let counter = 0;

const say = async (body: string) => (await postTurn(url, body)).text;

beforeAll(async () => {
  node = await startTestNode();
  url = `${node.url}/turn`;
  const keys = [(await postTurn(url, '0,Ann,*,Bob,*')).data, (await postTurn(url, '0,Bob,*,Ann,*')).data];
  for (const symbol of [2, 3, 4]) for (const key of keys) await say(`${symbol},*,${key},*,*`);
  seats = await Promise.all(keys.map(async (key) => (await say(`4,*,${key},*,*`)).slice(4).replace('|', ',')));
  fromMb = residentMb(node.pid);
});
afterAll(() => node?.[Symbol.asyncDispose]());

/** The two pass on one text each. */
async function witness(): Promise<void> {
  const [ann, bob] = seats;
  const texts = [`a,${counter}`, `b|${counter}`] as const;
  await say(`6,${texts[0]},${ann},${counter}`);
  expect(await say(`6,${texts[1]},${bob},${counter}`)).toBe(`0/9/${texts[0]}`);
  expect(await say(`6,x,${ann},${counter}`)).toMatch(new RegExp(`\\|b\\|${counter}$`));
  counter += 1;
}

const field = fc.oneof(
  fc.constantFrom(
    '*',
    '0',
    '1',
    '2',
    '-1',
    '1e9',
    '99999999999999999999',
    '',
    ' ',
    'NaN',
    '__proto__',
    '\u0000',
    '\r\n',
  ),
  fc.constantFrom('0x1', '+1', '1.0', '１', 'bibbybabbis', 'x'.repeat(70), '\u202e', '%2c', '/', '|', '0/8/x|0'),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const body = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.oneof(fc.nat({ max: 8 }).map(String), field), fc.array(field, { maxLength: 8 }))
      .map(([symbol, rest]) => [symbol, ...rest].join(',')),
  },
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.nat({ max: 40_000 }).map((length) => ','.repeat(length)),
);
const type = fc.constantFrom('application/json', 'text/plain', 'multipart/form-data; boundary=x', 'x', '');

it('every body is answered with a code of the table, and the status that goes with it', async () => {
  const property = fc.asyncProperty(body, type, async (given, contentType) => {
    const { text, status, code, sub } = await postTurn(url, given, { 'content-type': contentType });
    expect(sub).toMatch(/^(\*|\d+)$/);
    expect(code).toBeLessThanOrEqual(21);
    expect(status).toBe(text.startsWith('0/') ? 200 : 400);
    expect(text).not.toMatch(/node_modules|\/plugins\/[a-z]|at \w+ \(/);
    await witness();
  });
  await fc.assert(property, runs(150));
  expect(node.words).not.toMatch(/uncaught|unhandled|RangeError|TypeError: |plugin failed/i);
  expect(residentMb(node.pid)).toBeLessThan(fromMb + 150);
});
