import { describe, expect, it } from 'vitest';
import { toAddress } from '../../../plugins/admin/_address.ts';
import { connectFrom, knockFrom } from '../../support/elsewhere.ts';
import { ended, makeAccount, password, post, refusalOf } from '../auth/people.ts';
import { comeIn, onePlace, openAdministration, postAs } from './place.ts';

const place = onePlace();

const codeOf = async (call: Promise<unknown>) => (await refusalOf(call)).code;

describe('admin.kick', () => {
  it('ADM-01 ends the connections of an account with a reason, and takes its character out of the game', async () => {
    const { node, ada } = place;
    const { client: fox } = await comeIn(node, 'Fox');
    await fox.call('character.create', { name: 'Foxy' });
    await fox.enter('devtest/den');
    const hare = await node.connect();
    await hare.enter('devtest/den', 'Hare');
    expect(await ada.call('admin.kick', { name: 'Foxy', reason: 'Too loud.' })).toEqual({ name: 'Fox', sessions: 1 });
    expect(await ended(fox)).toBe('admin.kicked');
    expect(fox.messages.at(-1)?.data).toMatchObject({ message: expect.stringContaining('Too loud.') });
    await hare.until(() => ![...hare.objects.values()].some(({ name }) => name === 'Foxy'));
    expect((await post(node, 'auth.login', { name: 'Fox', password })).result).toHaveProperty('token');
  });

  it('takes a guest by the session, and leaves administrators to administrators', async () => {
    const { node, ada } = place;
    const guest = await node.connect();
    await guest.enter('devtest/den', 'Guest7');
    const { sessions } = await ada.call<{ sessions: { id: string; address: string }[] }>('admin.sessions', {
      name: 'guest7',
    });
    expect(sessions).toMatchObject([{ address: '127.0.0.1', account: null }]);
    const { client: mod } = await comeIn(node, 'Mod');
    await ada.call('admin.grant', { name: 'Mod', privilege: 'moderate' });
    const seen = await mod.call<{ sessions: object[] }>('admin.sessions');
    expect(seen.sessions.some((one) => 'address' in one)).toBe(false);
    expect(await codeOf(mod.call('admin.kick', { name: 'Ada' }))).toBe('admin.outranked');
    expect(await codeOf(mod.call('admin.ban', { name: 'Ada' }))).toBe('call.forbidden');
    await mod.call('admin.kick', { session: sessions[0]?.id });
    expect(await ended(guest)).toBe('admin.kicked');
    expect(await codeOf(mod.call('admin.kick', { session: sessions[0]?.id }))).toBe('admin.unknown-session');
    expect(await codeOf(mod.call('admin.kick', { name: 'Nobody' }))).toBe('admin.unknown-account');
  });
});

describe('admin.ban', () => {
  it('ADM-01 an account that is banned is gone at once and comes in by no door until its end', async () => {
    const { node, ada } = place;
    const { client: rat, token } = await comeIn(node, 'Rat');
    const banned = await ada.call<{ until: number }>('admin.ban', { name: 'rat', seconds: 3_600, reason: 'Cheats.' });
    expect(banned).toMatchObject({ name: 'Rat', address: null, until: expect.any(Number) });
    expect(await ended(rat)).toBe('admin.banned');
    expect(await codeOf(post(node, 'auth.login', { name: 'Rat', password }))).toBe('admin.banned');
    expect(await codeOf(postAs(node, token, 'auth.me'))).toBe('admin.banned');
    expect(await ended(await node.connect({ token }))).toBe('admin.banned');
    expect(await ada.call('admin.bans')).toMatchObject({
      bans: [{ name: 'Rat', address: null, reason: 'Cheats.', by: 'Ada', until: banned.until }],
    });
    expect(await ada.call('admin.unban', { name: 'RAT' })).toEqual({ lifted: 1 });
    expect(await postAs(node, token, 'auth.me')).toMatchObject({ account: { name: 'Rat' } });
    expect(await codeOf(ada.call('admin.unban', { name: 'Rat' }))).toBe('admin.not-banned');
  });

  it('ADM-01 a ban that is over is none', async () => {
    const { node, ada } = place;
    const { token } = await comeIn(node, 'Owl');
    await ada.call('admin.ban', { name: 'Owl', seconds: 0.5 });
    expect(await codeOf(postAs(node, token, 'auth.me'))).toBe('admin.banned');
    const tellsWho = () => postAs(node, token, 'auth.me').catch(String);
    await expect.poll(tellsWho, { interval: 150, timeout: 20_000 }).toMatchObject({ account: { name: 'Owl' } });
    expect(await ada.call('admin.bans')).toEqual({ bans: [] });
  });

  it('nobody bans himself, or what is no address', async () => {
    const { ada } = place;
    expect(await codeOf(ada.call('admin.ban', { name: 'Ada' }))).toBe('admin.yourself');
    expect(await codeOf(ada.call('admin.ban', { address: '127.0.0.1' }))).toBe('admin.yourself');
    for (const address of ['127.0.0', '::g', '10.0.0.0/8', '2001:db8::/32', ''])
      expect(await codeOf(ada.call('admin.ban', { address }))).toBe('call.bad-params');
    expect(await codeOf(ada.call('admin.ban', {}))).toBe('call.bad-params');
  });

  it('addresses are named as the doors name them', () => {
    expect(toAddress('::ffff:192.0.2.7')).toBe('192.0.2.7');
    expect(toAddress('2001:0DB8:0:1:2:3:4:5')).toBe('2001:db8:0:1::/64');
    expect(toAddress('2001:db8::1')).toBe('2001:db8:0:0::/64');
    expect(toAddress('2001:db8:7::/64')).toBe('2001:db8:7:0::/64');
    expect(toAddress('1:2:3::4:5:6')).toBe('1:2:3:0::/64');
    expect(toAddress('::1')).toBe('::1');
    expect(toAddress('192.0.2.7/64')).toBeUndefined();
  });
});

describe('admin.mute', () => {
  it('CHT-05 who is muted says nothing until it is over', async () => {
    const { node, ada } = place;
    const guest = await node.connect();
    await guest.enter('devtest/den', 'Chatter');
    await guest.call('chat.say', { text: 'Hello.' });
    expect(await ada.call('admin.mute', { name: 'Chatter', seconds: 60, reason: 'Hush.' })).toMatchObject({
      until: expect.any(Number),
    });
    await guest.until(() => guest.messages.some(({ data }) => (data as { code?: string }).code === 'admin.muted'));
    expect(await codeOf(guest.call('chat.say', { text: 'Hello?' }))).toBe('chat.muted');
    await ada.call('admin.unmute', { name: 'chatter' });
    await guest.call('chat.say', { text: 'Hello!' });
    expect(await codeOf(ada.call('admin.unmute', { name: 'Chatter' }))).toBe('admin.not-muted');
  });
});

describe('accounts', () => {
  it('ADM-08 an administrator can deactivate, activate and delete them', async () => {
    const { node, ada } = place;
    const { client: mole, token } = await comeIn(node, 'Mole');
    expect(await ada.call('admin.deactivate', { name: 'Mole' })).toEqual({ name: 'Mole', active: false });
    await ended(mole);
    expect(await codeOf(post(node, 'auth.login', { name: 'Mole', password }))).toBe('auth.wrong');
    expect(await codeOf(post(node, 'auth.reactivate', { name: 'Mole', password }))).toBe('auth.wrong');
    expect(await codeOf(postAs(node, token, 'auth.me'))).toBe('session.unknown-token');
    expect(await ada.call('admin.accounts', { name: 'mole' })).toMatchObject({ accounts: [{ active: false }] });
    expect(await ada.call('admin.activate', { name: 'Mole' })).toEqual({ name: 'Mole', active: true });
    expect((await post(node, 'auth.login', { name: 'Mole', password })).result).toHaveProperty('token');
    expect(await ada.call('admin.delete', { name: 'Mole' })).toEqual({ name: 'Mole' });
    expect(await codeOf(post(node, 'auth.login', { name: 'Mole', password }))).toBe('auth.wrong');
    expect(await codeOf(ada.call('admin.delete', { name: 'Mole' }))).toBe('admin.unknown-account');
    expect(await makeAccount(node, 'mole')).toHaveProperty('token');
  });

  it('ADM-08 a closed account administers nothing, also by an administration that was open', async () => {
    const { node, ada } = place;
    await comeIn(node, 'Vole');
    await ada.call('admin.grant', { name: 'Vole', privilege: 'admin' });
    const token = await openAdministration(node, 'Vole');
    const client = await node.connect({ token });
    await ada.call('admin.deactivate', { name: 'Vole' });
    await ended(client);
    expect(await codeOf(postAs(node, token, 'admin.accounts'))).toBe('session.unknown-token');
  });
});

describe('a banned address', () => {
  const from = '127.0.0.9';

  const knock = () => knockFrom(place.node.url, from);

  it('ADM-01 gets no connection and no answer, loses the one it has, also after a restart', async () => {
    const { node, ada } = place;
    const rat = await connectFrom(node.url, from);
    const notices: { code: string }[] = [];
    rat.on('notice', (notice: { code: string }) => notices.push(notice));
    const gone = new Promise((done) => rat.once('disconnect', done));
    expect((await post(node, 'host.ping', {}, {}, from)).result).toHaveProperty('at');

    await ada.call('admin.ban', { address: from });
    await gone;
    expect(notices).toMatchObject([{ code: 'session.barred' }]);
    expect(await codeOf(post(node, 'host.ping', {}, {}, from))).toBe('session.barred');
    expect(await knock()).toEqual({ status: 403, message: 'session.barred' });
    const { sessions } = await ada.call<{ sessions: { address: string }[] }>('admin.sessions', { limit: 500 });
    expect(sessions.filter(({ address }) => address === from)).toEqual([]);

    await node.restart('SIGTERM');
    expect(await knock()).toEqual({ status: 403, message: 'session.barred' });
    expect((await post(node, 'host.ping')).result).toHaveProperty('at');
    const token = await openAdministration(node, 'Ada');
    await postAs(node, token, 'admin.unban', { address: from });
    expect((await post(node, 'host.ping', {}, {}, from)).result).toHaveProperty('at');
  });
});
