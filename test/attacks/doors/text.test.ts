/** The text port: whatever is written to it, in whatever mode, ends well, and a program beside it gets each of its answers. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { grantFromOutside, openAdministration, postAs } from '../../plugins/admin/place.ts';
import { makeAccount, password, post } from '../../plugins/auth/people.ts';
import { runs } from '../../support/fuzz.ts';
import { residentMb } from '../../support/hurt-house.ts';
import { startTestNode, type TestNode } from '../../support/node.ts';
import { freePort, TextClient } from '../../support/text-client.ts';

let node: TestNode;
let port: number;
let fromMb = 0;
/** Who asks on meanwhile, and how often it has. */
let witness: TextClient;
let asked = 0;

beforeAll(async () => {
  port = await freePort();
  const env = {
    ROOST_TEXT_PORT: `${port}`,
    ROOST_TEXT_PER_ADDRESS: '100',
    ROOST_TEXT_MOST: '100',
    ROOST_TEXT_IDLE_MS: '0',
  };
  node = await startTestNode({ env });
  witness = new TextClient(port);
  await witness.line();
  witness.type('MODE RPC');
  await witness.line();
  fromMb = residentMb(node.pid);
});
afterAll(async () => {
  witness?.cut();
  await node?.[Symbol.asyncDispose]();
});

/** A call too many is an answer, too. */
async function ask(): Promise<void> {
  asked += 1;
  witness.type(JSON.stringify({ jsonrpc: '2.0', id: asked, method: 'host.ping', params: {} }));
  expect(await witness.answer()).toMatchObject({ id: asked });
}

const mode = fc.constantFrom('HUMAN', 'MODE CLIENT', 'MODE RPC', 'MODE KV', 'MODE SERVER', 'MODE SERVER x', 'mode', '');
const word = fc.oneof(
  fc.constantFrom(
    'help',
    'say',
    'tell',
    'who',
    'look',
    'map',
    'go',
    'use',
    'mail',
    'mode',
    'enter',
    'name',
    'login',
    'q',
  ),
  fc.constantFrom(
    'help=help',
    'zone=',
    '=',
    '"',
    "'",
    '\\',
    '{',
    '[',
    '__proto__',
    'constructor=1',
    'x'.repeat(600),
    '-1',
    '~',
  ),
  fc.constantFrom(
    '{"cmd":"HELP"}',
    '{"cmd":1}',
    '{"jsonrpc":"2.0","id":1,"method":"zone.who"}',
    '[[[[',
    'null',
    '[]',
    '1e999',
  ),
  fc.constantFrom('\u0000', '\u0008\u007f', '\u001b[A', '\u202e', '\ud800', '日本語', 'msg:login', 'cmd=HELP&args=x'),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const line = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));
const text = fc
  .tuple(mode, fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n', '\0', '\r\0', '\r'))
  .map(([first, lines, end]) => Buffer.from([first, ...lines, ''].join(end)));
const bytes = fc
  .tuple(mode, fc.uint8Array({ maxLength: 400 }))
  .map(([first, rest]) => Buffer.concat([Buffer.from(`${first}\n`), rest]));
const telnet = fc
  .array(fc.constantFrom(255, 250, 251, 252, 253, 254, 240, 31, 24, 1, 3, 0, 13, 10, 65), { maxLength: 200 })
  .map((all) => Buffer.from([...Buffer.from('human\n'), ...all]));

it('everything that is written is answered or ends the connection, and says nothing of the inside', async () => {
  const sent = fc.oneof({ weight: 6, arbitrary: text }, bytes, telnet);
  const property = fc.asyncProperty(sent, fc.boolean(), async (given, isWhole) => {
    const client = new TextClient(port);
    if (isWhole) client.send(given);
    else
      for (const at of [0, given.length >> 1])
        client.send(given.subarray(at, at === 0 ? given.length >> 1 : undefined));
    client.end();
    const said = await client.closed();
    expect(said).toMatch(/^\{"state":"OK","msg":"CONNECTED Roost"/);
    expect(said).not.toMatch(/node_modules|\/core\/[a-z]|\/plugins\/[a-z]|at \w+ \(|undefined|\[object Object\]/);
    await ask();
  });
  await fc.assert(property, runs(200));
  expect(node.words).not.toMatch(/uncaught|unhandled|RangeError|TypeError: |plugin failed/i);
  expect(residentMb(node.pid)).toBeLessThan(fromMb + 150);
}, 180_000);

it('what is taken away by another door is gone here at once: privileges, the voice, the login, the account', async () => {
  const { token } = await makeAccount(node, 'Rat');
  await makeAccount(node, 'Ada');
  await grantFromOutside(node, 'Ada');
  const admin = await openAdministration(node, 'Ada');
  const rule = (method: string, params: object) => postAs(node, admin, method, params);
  const come = async (shown: string) => {
    const client = new TextClient(port);
    client.type(`MODE CLIENT ${shown}`);
    await client.until(/Mode: CLIENT"\}\r\n|"state":"ERROR"[^\n]*\n/);
    return client;
  };
  const call = async (client: TextClient, cmd: string, args: object = {}) => {
    client.type(JSON.stringify({ cmd, args }));
    return await client.answer();
  };
  const rat = await come(token);
  await rule('admin.grant', { name: 'Rat', privilege: 'moderate' });
  expect(await call(rat, 'admin.sessions')).toMatchObject({ state: 'OK' });
  await rule('admin.revoke', { name: 'Rat', privilege: 'moderate' });
  expect(await call(rat, 'admin.sessions')).toMatchObject({ code: 'call.forbidden' });
  expect(await call(rat, 'character.create', { name: 'Ratty', game: 'devtest' })).toMatchObject({ state: 'OK' });
  expect(await call(rat, 'zone.enter', { zone: 'devtest/den' })).toMatchObject({ state: 'OK' });
  await rule('admin.mute', { name: 'Rat' });
  rat.type('{"cmd":"say","args":"hear me"}');
  expect(await rat.answer()).toMatchObject({ code: 'chat.muted' });
  await rule('admin.kick', { name: 'Rat' });
  expect(await rat.closed()).toContain('admin.kicked');
  const back = await come(token);
  await postAs(node, token, 'auth.logout');
  expect(await back.closed()).toContain('session.logged-out');
  const replayed = await come(token);
  expect(replayed.heard).toContain('session.unknown-token');
  await replayed.closed();
  const { token: other } = (await post<{ readonly token: string }>(node, 'auth.login', { name: 'Rat', password }))
    .result;
  const last = await come(other);
  await rule('admin.ban', { name: 'Rat' });
  expect(await last.closed()).toContain('admin.banned');
  const banned = await come(other);
  expect(banned.heard).toContain('admin.banned');
  await banned.closed();
  // Whoever types his password where it does not belong finds it in no log.
  const stranger = await come('');
  for (const line of ['login Rat typed-by-mistake', '{"cmd":"login","args":"Rat typed-by-mistake"}', 'MODE HUMAN'])
    stranger.type(line);
  stranger.type('typed-by-mistake');
  await stranger.until('is no word here');
  for (const secret of [token, other, admin, password, 'typed-by-mistake']) expect(node.words).not.toContain(secret);
});
