import { describe, expect, it } from 'vitest';
import { refusalOf } from '../auth/people.ts';
import { comeIn, onePlace, postAs } from './place.ts';

const place = onePlace();

describe('a privilege', () => {
  it('ADM-03 works from the moment it is given, and no longer than it is not taken away, on an open connection', async () => {
    const { node, ada } = place;
    const { client: fox } = await comeIn(node, 'Fox');
    expect((await refusalOf(fox.call('as.builder'))).code).toBe('call.forbidden');
    await ada.call('admin.grant', { name: 'Fox', privilege: 'build' });
    expect(await fox.call('as.builder')).toBe('built');
    await ada.call('admin.revoke', { name: 'Fox', privilege: 'build' });
    expect((await refusalOf(fox.call('as.builder'))).code).toBe('call.forbidden');
  });

  it('ADM-03 that was taken away is gone for calls over HTTP with the token that had it', async () => {
    const { node, ada } = place;
    const { token } = await comeIn(node, 'Hare');
    await ada.call('admin.grant', { name: 'Hare', privilege: 'build' });
    expect(await postAs(node, token, 'as.builder')).toBe('built');
    await ada.call('admin.revoke', { name: 'Hare', privilege: 'build' });
    expect((await refusalOf(postAs(node, token, 'as.builder'))).code).toBe('call.forbidden');
  });

  it('ADM-03 an administrator who is none any more can do nothing more with the connection that he has', async () => {
    const { node, ada } = place;
    const { client, token } = await comeIn(node, 'Crow');
    await ada.call('admin.grant', { name: 'Crow', privilege: 'admin' });
    expect(await client.call('admin.bans')).toEqual({ bans: [] });
    await ada.call('admin.revoke', { name: 'Crow', privilege: 'admin' });
    for (const method of ['admin.bans', 'admin.accounts', 'admin.audit', 'as.builder']) {
      expect((await refusalOf(client.call(method))).code).toBe('call.forbidden');
      expect((await refusalOf(postAs(node, token, method))).code).toBe('call.forbidden');
    }
  });

  it('ADM-04 build lets somebody register a zone while the node runs; without it that is refused', async () => {
    const { node, ada } = place;
    const { client: duck } = await comeIn(node, 'Duck');
    const annex = { zone: 'devtest/annex', like: 'devtest/den' };
    expect((await refusalOf(duck.call('zone.register', annex))).code).toBe('call.forbidden');
    await ada.call('admin.grant', { name: 'Duck', privilege: 'build' });
    await duck.call('zone.register', annex);
    const guest = await node.connect();
    expect(await guest.enter('devtest/annex', 'Visitor')).toMatchObject({ zone: 'devtest/annex' });
  });
});
