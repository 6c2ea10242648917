/** Mail between players, through the doors: a stock client, `POST /rpc`, and somebody who types at the text port. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestClient } from '../support/client.ts';
import { startTestNode, type TestNode } from '../support/node.ts';
import { freePort, TextClient } from '../support/text-client.ts';
import { bearer, makeAccount, password, post, refusalOf } from './auth/people.ts';
import { comeAs, settled } from './chat/people.ts';
import { withServer } from './room/own.ts';

type Head = { readonly id: string; readonly from: string; readonly subject: string; readonly read: boolean };
type List = {
  readonly total: number;
  readonly unread: number;
  readonly mails: readonly Head[];
  readonly more: boolean;
};

/** What no client could do: `as.sql`. */
const sql = `import { defineMethod, z } from 'roost/plugin';
export default defineMethod({
  params: z.object({ sql: z.string(), values: z.array(z.union([z.string(), z.number()])).default([]) }),
  handle: ({ params, host }) => host.db.transaction((trx) => trx.run(params.sql, params.values)),
});
`;

let own: Awaited<ReturnType<typeof withServer>>;
let node: TestNode;
let port: number;
beforeAll(async () => {
  own = await withServer();
  await writeFile(join(own.folder, 'as/sql.ts'), sql, { mode: 0o644 });
  port = await freePort();
  const env = { ROOST_TEXT_PORT: `${port}`, ROOST_ACCOUNT_SESSIONS: 'many' };
  node = await startTestNode({ plugins: [own.folder], env });
}, 60_000);
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  await own[Symbol.asyncDispose]();
});

const list = (client: TestClient, params: object = {}) => client.call<List>('mail.list', params);
const told = (client: TestClient) => client.messages.filter(({ event }) => event === 'mail').map(({ data }) => data);

/** Logged in, with a character that was never in a zone. */
async function makeWriter(name: string): Promise<{ readonly client: TestClient; readonly token: string }> {
  const { token } = await makeAccount(node, name);
  const client = await node.connect({ token });
  await client.call('character.create', { name });
  return { client, token };
}

describe('mail', () => {
  it('MAI-01 waits for a registered player who is offline, is told of at the next login, and is read when it was read', async () => {
    const ann = await makeWriter('Ann1');
    await post(node, 'auth.register', { name: 'Ben1', password, email: 'ben@example.org' });
    const sent = await ann.client.call('mail.send', {
      to: 'ben1',
      subject: 'Eggs\u202e',
      text: '\n two lines,\u0007 \r\nand\u200b more\n\n\n\nAnn\n',
    });
    expect(sent).toEqual({ to: 'Ben1', at: expect.any(Number) });
    await ann.client.call('mail.send', { to: 'Ben1', text: 'the second' });

    const { result: login } = await post<{ token: string }>(node, 'auth.login', { name: 'Ben1', password });
    const ben = await node.connect({ token: login.token });
    await ben.until(() => told(ben).length > 0);
    expect(told(ben)).toEqual([{ unread: 2 }]);
    const before = await list(ben);
    expect(before).toMatchObject({ total: 2, unread: 2, more: false });
    expect(before.mails.map(({ subject, read }) => [subject, read])).toEqual([
      ['', false],
      ['Eggs', false],
    ]);
    const id = before.mails[1]?.id as string;
    expect(await ben.call('mail.read', { id })).toEqual({
      ...{ id, from: 'Ann1', gone: false, to: 'Ben1', subject: 'Eggs', at: expect.any(Number), read: true },
      ...{ text: 'two lines,\nand more\n\nAnn', unread: 1 },
    });
    const after = await list(ben);
    expect(after.mails.map(({ read }) => read)).toEqual([false, true]);
    expect((await list(ben, { unread: true })).mails.map(({ subject }) => subject)).toEqual(['']);
    expect(await ben.call('mail.delete', { id })).toEqual({ id, total: 1, unread: 1 });
    expect(await refusalOf(ben.call('mail.read', { id }))).toMatchObject({ code: 'mail.not-found' });
    // Whoever logs in on a connection that is there is told as well, and once.
    const again = await node.connect();
    await again.call('auth.login', { name: 'Ben1', password });
    await again.until(() => told(again).length > 0);
    expect(told(again)).toEqual([{ unread: 1 }]);
    expect(JSON.stringify([ben.messages, after, ann.client.messages])).not.toContain('example.org');
  });

  it('MAI-02 is announced at once to whoever is online, and lists page by page', async () => {
    const cat = await comeAs(node, 'Cat1', 'devtest/hall');
    const dan = await makeWriter('Dan1');
    for (const subject of ['one', 'two', 'three'])
      await cat.client.call('mail.send', { to: 'Dan1', subject, text: 'x' });
    await dan.client.until(() => told(dan.client).length === 3);
    expect(told(dan.client)[2]).toMatchObject({ unread: 3, from: 'Cat1', to: 'Dan1', subject: 'three' });
    expect(told(cat.client)).toEqual([]);
    const first = await list(dan.client, { limit: 2 });
    expect([first.mails.map(({ subject }) => subject), first.more]).toEqual([['three', 'two'], true]);
    // The next page is there also when the last one of this is deleted meanwhile.
    await dan.client.call('mail.delete', { id: first.mails[1]?.id });
    const rest = await list(dan.client, { limit: 2, after: first.mails[1]?.id });
    expect([rest.mails.map(({ subject }) => subject), rest.more]).toEqual([['one'], false]);
  });

  it('MAI-01 MAI-03 works over POST /rpc alone', async () => {
    const { token } = await makeAccount(node, 'Eve1');
    const from = bearer(token);
    expect(await refusalOf(post(node, 'mail.send', { to: 'Fay1', text: 'x' }, from))).toMatchObject({
      code: 'character.none',
    });
    await post(node, 'character.create', { name: 'Evening' }, from);
    expect(await refusalOf(post(node, 'mail.send', { to: 'Fay1', text: 'x' }, from))).toMatchObject({
      code: 'mail.unknown',
    });
    const fay = bearer((await makeAccount(node, 'Fay1')).token);
    await post(node, 'mail.send', { to: 'Fay1', subject: 'Hi', text: 'there' }, from);
    const { result } = await post<List>(node, 'mail.list', {}, fay);
    expect(result).toMatchObject({ unread: 1, mails: [{ from: 'Evening', subject: 'Hi', read: false }] });
    const id = result.mails[0]?.id;
    expect((await post(node, 'mail.read', { id }, fay)).result).toMatchObject({ text: 'there', read: true, unread: 0 });
    await post(node, 'mail.delete', { id }, fay);
    expect((await post<List>(node, 'mail.list', {}, fay)).result).toMatchObject({ total: 0, mails: [] });
  });

  it('MAI-03 is refused to names that nobody has, and each reads and deletes only their own', async () => {
    const gil = await makeWriter('Gil1');
    const hal = await makeWriter('Hal1');
    const ivy = await makeWriter('Ivy1');
    const guest = await node.join('Guido', 'devtest/field');
    for (const to of ['Guido', 'Nobody1', 'Ha1l', "'; drop table mails; --", 'account:1', '__proto__'])
      expect([to, await refusalOf(gil.client.call('mail.send', { to, text: 'x' }))]).toMatchObject([
        to,
        { code: 'mail.unknown' },
      ]);
    await gil.client.call('mail.send', { to: 'HAL1', text: 'for Hal alone' });
    const id = (await list(hal.client)).mails[0]?.id as string;
    const made = id.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
    for (const method of ['mail.read', 'mail.delete']) {
      const others = await refusalOf(ivy.client.call(method, { id }));
      expect(others).toEqual({ code: 'mail.not-found', details: undefined });
      expect(await refusalOf(ivy.client.call(method, { id: made }))).toEqual(others);
      expect(await refusalOf(gil.client.call(method, { id }))).toEqual(others);
      expect(await refusalOf(guest.call(method, { id }))).toMatchObject({ code: 'call.forbidden' });
    }
    expect(await list(ivy.client, { after: id })).toMatchObject({ mails: [], more: false });
    expect(await refusalOf(guest.call('mail.list'))).toMatchObject({ code: 'call.forbidden' });
    expect(await refusalOf(guest.call('mail.send', { to: 'Hal1', text: 'x' }))).toMatchObject({
      code: 'call.forbidden',
    });
    expect(await refusalOf(ivy.client.call('mail.forget', { account: 'x' }))).toMatchObject({ code: 'call.forbidden' });
    for (const wrong of [
      { to: 'Hal1', text: 'x', from: 'Ivy1' },
      { to: 'Hal1', text: '\u200b \n\u202e' },
      { to: 'Hal1', text: 'x'.repeat(4_001) },
      { to: 'Hal1', text: 'x', subject: 'x'.repeat(101) },
      { to: 'Hal1', text: { a: 1 } },
      { to: 'Hal1' },
    ])
      expect(await refusalOf(ivy.client.call('mail.send', wrong))).toMatchObject({ code: 'call.bad-params' });
    expect(await hal.client.call('mail.read', { id })).toMatchObject({ text: 'for Hal alone' });
    // A bot has a character, and nobody who reads what is written to it.
    const create = { method: 'bot.create', params: { name: 'Carrier' } };
    const { token } = await gil.client.call<{ token: string }>('as.server', create);
    const bot = await node.connect({ token });
    await bot.call('bot.play', { name: 'Pigeon', zone: 'devtest/field' });
    expect(await refusalOf(bot.call('mail.list'))).toMatchObject({ code: 'call.forbidden' });
    expect(await refusalOf(bot.call('mail.send', { to: 'Hal1', text: 'x' }))).toMatchObject({ code: 'call.forbidden' });
    expect(await refusalOf(gil.client.call('mail.send', { to: 'Pigeon', text: 'x' }))).toMatchObject({
      code: 'mail.unknown',
    });
  });

  it('does not reach who has blocked its writer, who is not told; nor may who is muted write', async () => {
    const jay = await makeWriter('Jay1');
    const kim = await makeWriter('Kim1');
    await jay.client.call('character.choose', { name: 'Jay1' });
    await jay.client.call('friends.block', { name: 'Kim1' });
    for (const to of ['Jay1', 'jay1'])
      expect(await kim.client.call('mail.send', { to, text: 'x' })).toEqual({ to: 'Jay1', at: expect.any(Number) });
    await jay.client.call('friends.unblock', { name: 'Kim1' });
    expect(await list(jay.client)).toMatchObject({ total: 0, unread: 0, mails: [] });
    await kim.client.call('mail.send', { to: 'Jay1', text: 'and now' });
    expect(await list(jay.client)).toMatchObject({ total: 1 });
    expect(told(jay.client)).toHaveLength(1);
    await jay.client.call('as.server', { method: 'admin.mute', params: { name: 'Kim1', seconds: 60, reason: 'test' } });
    expect(await refusalOf(kim.client.call('mail.send', { to: 'Jay1', text: 'x' }))).toMatchObject({
      code: 'chat.muted',
    });
  });

  it('an account that is renamed keeps its mail, one that is deleted takes it along, and whose it was is forgotten', async () => {
    const leo = await makeWriter('Leo1');
    const mia = await makeWriter('Mia1');
    await leo.client.call('mail.send', { to: 'Mia1', text: 'to Mia' });
    await mia.client.call('mail.send', { to: 'Leo1', text: 'to Leo' });
    await mia.client.call('auth.rename', { name: 'Mia2', password });
    expect(await list(mia.client)).toMatchObject({ total: 1 });
    await leo.client.call('auth.delete', { password });
    const mails = await mia.client.call<readonly object[]>('as.sql', { sql: 'select * from mails' });
    expect(JSON.stringify(mails)).not.toContain('to Leo');
    expect(mails).toContainEqual(expect.objectContaining({ text: 'to Mia', sender_account: '' }));
    // Whoever has the name next is not who wrote.
    await makeWriter('Leo1');
    expect((await list(mia.client)).mails).toMatchObject([{ from: 'Leo1', gone: true }]);
  });

  it('has limits: mails of one writer that are not read, mails of a box, tries of a day, days that one is kept', async () => {
    const { token, client } = await makeWriter('Ned1');
    const oli = await makeWriter('Oli1');
    /** Each connection has its own rate, as long as it is open. */
    const sendAll = async (count: number, to: string) => {
      const outcomes: string[] = [];
      while (outcomes.length < count) {
        const next = await node.connect({ token });
        for (let at = 0; at < 20 && outcomes.length < count; at++)
          outcomes.push(
            await next.call('mail.send', { to, text: 'x' }).then(
              () => 'ok',
              ({ code }: { readonly code: string }) => code,
            ),
          );
      }
      return outcomes;
    };
    expect(await sendAll(21, 'Oli1')).toEqual([...Array(20).fill('ok'), 'mail.too-many']);
    // Another name of the same account has a count of its own: nobody finds out so which belong together.
    await oli.client.call('character.create', { name: 'Olive' });
    expect(await sendAll(1, 'Olive')).toEqual(['ok']);
    // What was refused for its receiver does not count, what was to nobody does.
    expect((await sendAll(80, 'Nobody2')).slice(-2)).toEqual(['mail.unknown', 'mail.too-many']);
    expect(await refusalOf(client.call('mail.send', { to: 'Olive', text: 'x' }))).toEqual({
      code: 'mail.too-many',
      details: { retryS: expect.any(Number) },
    });

    const [{ account, address } = { account: '', address: '' }] = await client.call<
      readonly { readonly account: string; readonly address: string }[]
    >('as.sql', { sql: "select account, address from mails where to_name = 'Olive'" });
    const fill = `with recursive n(i) as (select 1 union all select i + 1 from n where i < 199)
      insert into mails (id, account, address, to_name, sender, sender_account, from_name, subject, text, ignored, sent)
      select 'old' || i, ?, ?, 'Olive', '', '', 'Somebody', 'old', 'x', 0, i from n`;
    await client.call('as.sql', { sql: fill, values: [account, address] });
    const pia = await makeWriter('Pia1');
    expect(await refusalOf(pia.client.call('mail.send', { to: 'Olive', text: 'x' }))).toMatchObject({
      code: 'mail.full',
    });
    await pia.client.call('as.reload', { plugin: 'mail' });
    expect(await list(oli.client)).toMatchObject({ total: 21 });
    await pia.client.call('mail.send', { to: 'Olive', text: 'x' });
  });

  it('TXT-07 MAI-01 can be written, announced, listed, read, answered and deleted by whoever types', async () => {
    const writer = await comeAs(node, 'Quin1', 'devtest/hall');
    await post(node, 'auth.register', { name: 'Rob1', password });
    await using typist = new TextClient(port);
    const type = async (line: string, wanted: RegExp | string = /\r\n[^\r\n]*> $/) => {
      typist.type(line);
      return await typist.until(wanted);
    };
    await type('human', '> ');
    expect(await type('mail')).toContain('Type login, or register when you have no account.');
    await writer.client.call('mail.send', { to: 'Rob1', subject: 'Dinner', text: 'At eight.\nBring\u001b[31m eggs.' });
    expect(await type(`login Rob1 "${password}"`)).toMatch(
      /you have 1 unread mail: type mail\r\nYou are logged in as Rob1/,
    );
    expect(await type('mail')).toMatch(
      /You have 1 mail, 1 of them unread:\r\n +1 new Quin1 +20\d\d-\S+ \S+ +Dinner\r\n/,
    );
    const shown = await type('mail read 1');
    expect(shown).toMatch(/From: +Quin1\r\nTo: +Rob1\r\nDate: .* UTC\r\nSubject: Dinner\r\n\r\nAt eight\.\r\nBring/);
    expect(shown).not.toContain('\u001b');
    expect(await type('mail')).toMatch(/1 mail, 0 of them unread:\r\n +1 {5}Quin1/);
    expect(await type('mail read')).toContain('You have read all.');
    // Nobody writes who is nobody yet.
    await type('mail send Quin1', 'Subject: ');
    await type('Thanks', '| ');
    expect(await type('.')).toContain('Nothing was sent.');
    expect(await type('mail reply 1 Yes')).toContain('Type play, or create NAME.');
    expect(await type('create Robin1')).toContain('Robin1 is yours');
    // A slip in the name costs nothing of what was typed.
    await type('mail send Quin', 'Subject: ');
    await type('Thanks', '| ');
    await type('I come', '| ');
    await type('', '| ');
    await type('Rob', '| ');
    await type('.', 'To whom? ');
    expect(await type('quin1')).toContain('Your mail is in the box of Quin1.');
    expect(await type('mail reply 1 See you')).toContain('Your mail is in the box of Quin1.');
    expect(await type('mail send Quin1 subject=Eggs')).toContain('ERROR');
    expect(await type('mail send Quin1 subject=Eggs text="six of them"')).toContain('to: Quin1');
    await settled(writer.client);
    expect((await list(writer.client)).mails.map(({ from, subject }) => [from, subject])).toEqual([
      ['Robin1', 'Eggs'],
      ['Robin1', 'Re: Dinner'],
      ['Robin1', 'Thanks'],
    ]);
    const { mails } = await list(writer.client);
    expect(await writer.client.call('mail.read', { id: mails[2]?.id })).toMatchObject({ text: 'I come\n\nRob' });
    // Who is there is told at once.
    await writer.client.call('mail.send', { to: 'Robin1', subject: 'Good', text: 'See you.' });
    await typist.until(/\* mail from Quin1: Good \(1 unread: type mail\)\r\nRob1> /);
    expect(await type('mail delete 1')).toContain('The mail from Quin1 is deleted.');
    expect(await type('mail read')).toMatch(/Subject: Good\r\n\r\nSee you\./);
    expect(await type('mail delete 1')).toContain('ERROR: You have no such mail');
    expect(await type('mail')).toContain('You have 1 mail, 0 of them unread:');
    expect(await type('mail 7')).toContain('No mail is number 7. There are 1 to 1.');
    expect(await type('mail fly')).toContain('ERROR: mail list, mail older, mail read');
    // An answer to what has no subject has none either.
    await writer.client.call('mail.send', { to: 'Robin1', text: 'Bye.' });
    await typist.until(/\* mail from Quin1 \(1 unread: type mail\)\r\nRob1> /);
    expect(await type('mail')).toContain('You have 2 mails, 1 of them unread:');
    expect(await type('mail reply 1 See you')).toContain('Your mail is in the box of Quin1.');
    expect((await list(writer.client, { limit: 1 })).mails).toMatchObject([{ from: 'Robin1', subject: '' }]);
    typist.type('quit');
    await typist.closed();
  });

  it('MAI-01 is there after kill -9 right behind the answer, also that it was read, and that it was deleted', async () => {
    const sue = await makeWriter('Sue1');
    const tom = await makeWriter('Tom1');
    for (const subject of ['one', 'two', 'three'])
      await sue.client.call('mail.send', { to: 'Tom1', subject, text: 'x' });
    const { mails } = await list(tom.client);
    await Promise.all([
      tom.client.call('mail.delete', { id: mails[0]?.id }),
      tom.client.call('mail.read', { id: mails[1]?.id }),
      sue.client.call('mail.send', { to: 'Tom1', subject: 'last', text: 'x' }),
    ]);
    await node.restart('SIGKILL');
    const again = await node.connect({ token: tom.token });
    expect((await list(again)).mails.map(({ subject, read }) => [subject, read])).toEqual([
      ['last', false],
      ['two', true],
      ['one', false],
    ]);
  });
});
