/** Who may do what is the operator's, on a node that serves the public. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runNode } from '../../support/run.ts';
import { bearer, post, refusalOf } from '../auth/people.ts';
import { comeIn, launcher, type Place, startPlace } from './place.ts';

let place: Place;
beforeAll(async () => {
  place = await startPlace({ flags: ['--production', '--trust-proxy', '127.0.0.9'] });
}, 60_000);
afterAll(() => place?.[Symbol.asyncDispose]());

const rollback = ['host.rollback', { plugin: 'chat' }] as const;
const lift = ['host.lift', { path: 'scripts/none.ts' }] as const;
const admin = (...words: string[]) => runNode([launcher, 'admin', ...words, '--data', place.node.data]);

describe('in production', () => {
  it('H-15 a program on this machine, or what a proxy sends without saying for whom, is not the operator', async () => {
    const { node } = place;
    const guest = await node.connect();
    const { client: fox, token } = await comeIn(node, 'Fox');
    for (const [method, params] of [rollback, lift]) {
      for (const client of [guest, fox])
        await expect(client.call(method, params)).rejects.toMatchObject({ code: 'call.forbidden' });
      expect(await refusalOf(post(node, method, params))).toMatchObject({ code: 'call.forbidden' });
      expect(await refusalOf(post(node, method, params, bearer(token)))).toMatchObject({ code: 'call.forbidden' });
    }
  });

  it('ADM-01 an administrator is, and so is the command line', async () => {
    const { node, ada, token } = place;
    await expect(ada.call(...rollback)).rejects.toMatchObject({ code: 'plugin.no-former' });
    await expect(ada.call(...lift)).rejects.toMatchObject({ code: 'script.unknown' });
    expect(await refusalOf(post(node, ...rollback, bearer(token)))).toMatchObject({ code: 'plugin.no-former' });
    expect(await admin('lift', 'scripts/none.ts')).toMatchObject({
      code: 1,
      stderr: 'Nothing stands against scripts/none.ts\n',
    });
    expect(await admin('rollback', 'chat')).toMatchObject({ code: 1, stderr: expect.stringContaining('former') });
  });

  it('H-20 strangers behind the proxy wait for their own guesses, and others log in', async () => {
    const { node } = place;
    await comeIn(node, 'Hen');
    const guess = (address: string, password: string) =>
      refusalOf(
        post(node, 'auth.login', { name: 'Hen', password }, { 'x-forwarded-for': `1.2.3.4, ${address}` }, '127.0.0.9'),
      );
    for (let tries = 0; tries < 10; tries++)
      expect(await guess('203.0.113.7', 'wrong horse battery')).toMatchObject({ code: 'auth.wrong' });
    expect(await guess('203.0.113.7', 'wrong horse battery')).toMatchObject({ code: 'auth.throttled' });
    expect(await guess('203.0.113.8', 'wrong horse battery')).toMatchObject({ code: 'auth.wrong' });
  });

  it('says when logins can be read on their way', async () => {
    await place.node.logged(({ level, msg }) => level === 'warn' && msg.includes('publicUrl is not https'));
  });
});
