/** Hosts, order of arrival, and people who are gone, through the front door. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestClient } from '../../support/client.ts';
import type { TestNode } from '../../support/node.ts';
import type { Estate } from '../zone/estate.ts';
import { find, inState, Poller, type Status, startArcade, told } from './arcade.ts';

const env = {
  ROOST_METHOD_PER_SECOND: '1000',
  ROOST_METHOD_BURST: '1000',
  ROOST_SLEEP_AFTER_MS: '300',
  ROOST_LOG: 'debug',
};
let arcade: Estate;
let node: TestNode;
beforeAll(async () => {
  arcade = await startArcade({ env: { ...env, ROOST_UNLOAD_AFTER_MS: '300' } });
  node = arcade.node;
}, 60_000);
afterAll(() => arcade?.[Symbol.asyncDispose]());

const namesOf = ({ match }: Status) => match?.seats.map((seat) => seat?.name ?? null);
const connect = (count: number) => Promise.all(Array.from({ length: count }, () => node.connect()));

/** Resolves when nobody of this name is in the queue: looking keeps nobody in it. */
async function unlisted(name: string): Promise<void> {
  const operator = new Poller(node);
  type List = { readonly queues: readonly { readonly tickets: readonly { readonly name: string | null }[] }[] };
  const isListed = async () =>
    (await operator.call<List>('match.list')).queues.some(({ tickets }) => tickets.some((one) => one.name === name));
  while (await isListed()) await new Promise((done) => setTimeout(done, 300));
}

describe('TRN-20 matches of more than two', () => {
  it('a host begins alone, others come into open seats, and wait again at the head when he leaves', async () => {
    const [ann, bob, cat, dan] = (await connect(4)) as [TestClient, TestClient, TestClient, TestClient];
    await find(ann, { mode: 'camp', name: 'Ann', host: 'open' });
    expect(namesOf(await inState(ann, 'started'))).toEqual(['Ann', null, null]);
    await ann.call('match.enter', {});
    expect(await cat.call('match.hosts', {})).toMatchObject({
      hosts: [{ name: 'Ann', mode: 'camp', seats: 3, free: 2, numbers: {}, texts: {} }],
    });
    expect(await cat.call('match.hosts', { mode: 'duel' })).toEqual({ hosts: [] });
    await find(bob, { mode: 'camp', name: 'Bob' });
    const joined = await inState(bob, 'started');
    expect(namesOf(joined)).toEqual(['Ann', 'Bob', null]);
    expect(await bob.call('match.enter', {})).toMatchObject({ zone: joined.match?.zone });
    await told(ann, ({ match }) => match?.seats[1]?.there === true);
    await ann.call('match.leave', {});
    expect(await told(bob, ({ why }) => why === 'match.host-gone')).toMatchObject({ state: 'waiting', match: null });
    // He is at the head: the next two are his, and those who came after wait.
    await find(cat, { mode: 'camp', name: 'Cat' });
    await find(dan, { mode: 'camp', name: 'Dan' });
    expect(namesOf(await inState(bob, 'started'))).toEqual(['Bob', 'Cat', 'Dan']);
  }, 30_000);

  it('a private host is found by name alone, and who named him is told when he is gone', async () => {
    const [ann, bob, cat] = (await connect(3)) as [TestClient, TestClient, TestClient];
    await find(ann, { mode: 'camp', name: 'Anton', host: 'private' });
    await inState(ann, 'started');
    expect(await bob.call('match.hosts', {})).toEqual({ hosts: [] });
    await find(bob, { mode: 'camp', name: 'Berta' });
    await find(cat, { mode: 'camp', name: 'Cecil', with: ['Anton'] });
    expect(namesOf(await inState(cat, 'started'))).toEqual(['Anton', 'Cecil', null]);
    await ann.call('match.leave', {});
    expect(await inState(cat, 'cancelled')).toMatchObject({ why: 'match.named-gone' });
    expect(await bob.call('match.status', {})).toMatchObject({ state: 'waiting' });
    await bob.call('match.cancel', {});
  }, 30_000);

  it('latencies that are too far apart at first are near enough after a while', async () => {
    const [ann, bob] = (await connect(2)) as [TestClient, TestClient];
    await find(ann, { mode: 'near', name: 'Alba', numbers: { ping: 80 } });
    await find(bob, { mode: 'near', name: 'Bela', numbers: { ping: 90 } });
    expect(await ann.call('match.status', {})).toMatchObject({ state: 'waiting' });
    expect((await inState(ann, 'started')).match?.seats).toHaveLength(2);
  });
});

describe('TRN-19 the queue', () => {
  it('whatever is given up in between, those who fit are matched in order of arrival', async () => {
    const people = await connect(7);
    const [a, b, c, d, e, f, g] = people as [
      ...[TestClient, TestClient, TestClient, TestClient, TestClient, TestClient, TestClient],
    ];
    const region = (name: string, text: string) => ({ mode: 'region', name, texts: { region: text } });
    await find(a, region('Aa1', 'north'));
    await find(b, { mode: 'region', name: 'Bb1', with: ['Zz9'] });
    await find(c, region('Cc1', 'south'));
    await find(d, region('Dd1', 'west'));
    // The first of them gives his place up: those behind it are reached all the same.
    await a.call('match.cancel', {});
    await b.call('match.cancel', {});
    await find(e, region('Ee1', 'west'));
    await find(f, region('Ff1', 'south'));
    expect(namesOf(await inState(d, 'started'))).toEqual(['Dd1', 'Ee1']);
    expect(namesOf(await inState(f, 'started'))).toEqual(['Cc1', 'Ff1']);
    await find(a, region('Aa1', 'north'));
    await find(g, { mode: 'region', name: 'Gg1' });
    expect(namesOf(await inState(g, 'started'))).toEqual(['Aa1', 'Gg1']);
  }, 30_000);

  it('who is silent is out; who comes back in time over another connection is where he was', async () => {
    const gone = new Poller(node);
    await gone.find({ mode: 'brief', name: 'Gone' });
    const [ann] = (await connect(1)) as [TestClient];
    const { ticket } = await find(ann, { mode: 'brief', name: 'Anny', texts: { region: 'x' } });
    await ann.call('match.cancel', {});
    const lost = await find(ann, { mode: 'brief', name: 'Anny', with: ['Benny'] });
    expect(lost.ticket).not.toBe(ticket);
    ann.close();
    const [back, ben, eve] = (await connect(3)) as [TestClient, TestClient, TestClient];
    expect(await back.call('match.status', { ticket: lost.ticket })).toMatchObject({ state: 'waiting', name: 'Anny' });
    await find(eve, { mode: 'brief', name: 'Evey', with: ['Nobody'] });
    await unlisted('Gone');
    expect(await gone.call('match.status', { ticket: gone.ticket })).toMatchObject({
      ...{ state: 'cancelled', why: 'match.silent' },
    });
    // A connection that is open needs no asking.
    expect(await eve.call('match.status', {})).toMatchObject({ state: 'waiting' });
    await find(ben, { mode: 'brief', name: 'Benny', with: ['Anny'] });
    expect(namesOf(await inState(back, 'started'))).toEqual(['Anny', 'Benny']);
  }, 30_000);
});

it('nothing is left of the zone of a match that is over', async () => {
  const [ann] = (await connect(1)) as [TestClient];
  await find(ann, { mode: 'wren', name: 'Lena' });
  const zone = (await inState(ann, 'started')).match?.zone ?? '';
  await ann.call('match.enter', {});
  await ann.call('zone.leave');
  await ann.call('match.leave', {});
  await node.logged(({ msg, zone: removed }) => msg === 'zone of a match removed' && removed === zone);
  const db = new DatabaseSync(join(node.data, 'roost.db'), { readOnly: true });
  for (const table of ['zones', 'objects'])
    expect(db.prepare(`select * from ${table} where ${table === 'zones' ? 'id' : 'zone'} = ?`).all(zone)).toEqual([]);
  expect(db.prepare('select * from zone_lent where house = ?').all(zone.split('@')[1] ?? '')).toEqual([]);
  db.close();
}, 60_000);
