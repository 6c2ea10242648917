import { describe, expect, it } from 'vitest';
import type { CallError } from '../../support/client.ts';
import { refusalOf } from '../auth/people.ts';
import { comeIn, onePlace, openAdministration, postAs } from './place.ts';

const place = onePlace();

const codeOf = async (call: Promise<unknown>) => (await refusalOf(call)).code;

describe('privileges', () => {
  it('ADM-01 only who has the privilege gets administrator commands; everyone else is refused', async () => {
    const { node, ada, token } = place;
    const { client: fox, token: foxes } = await comeIn(node, 'Fox');
    const guest = await node.connect();
    const methods = ['admin.grant', 'admin.accounts', 'admin.ban', 'admin.reload', 'admin.shutdown', 'admin.audit'];
    for (const method of methods) {
      const params = { name: 'Fox', privilege: 'vip', seconds: 9_000 };
      expect(await codeOf(guest.call(method, params))).toMatch(/^call\.(forbidden|bad-params)$/);
      expect(await codeOf(fox.call(method, params))).toMatch(/^call\.(forbidden|bad-params)$/);
    }
    expect(await codeOf(fox.call('admin.accounts'))).toBe('call.forbidden');
    expect(await codeOf(postAs(node, foxes, 'admin.accounts'))).toBe('call.forbidden');
    expect(await ada.call('admin.accounts', { name: 'ad' })).toMatchObject({ total: 1, accounts: [{ name: 'Ada' }] });
    expect(await postAs(node, token, 'admin.accounts', { granted: true })).toMatchObject({
      accounts: [{ name: 'Ada', privileges: ['admin'], active: true, banned: false, online: true }],
    });
  });

  it('ADM-01 admin.login refuses an account without power in the words of a wrong password', async () => {
    const { node, ada } = place;
    await comeIn(node, 'Meek');
    const say = async (call: Promise<unknown>) => {
      const error = await call.then(String, String);
      return error.replace(/^.*admin\.login: /, '');
    };
    const stranger = await node.connect();
    const login = (name: string, password: string) => say(stranger.call('admin.login', { name, password }));
    const wrong = await login('Ada', 'not the password');
    expect(await login('Meek', 'correct horse battery')).toBe(wrong);
    expect(await login('Nobody', 'correct horse battery')).toBe(wrong);
    await ada.call('admin.grant', { name: 'Meek', privilege: 'vip' });
    expect(await login('Meek', 'correct horse battery')).toBe(wrong);
    expect(wrong).toContain('auth.wrong');
  });

  it('a login of a page has no power, its own administration does', async () => {
    const { node } = place;
    const page = await node.connect({}, { origin: node.url });
    await page.call('auth.login', { name: 'Ada', password: 'correct horse battery' });
    expect(await codeOf(page.call('admin.accounts'))).toBe('call.forbidden');
    const { token } = await page.call<{ token: string }>('admin.login', {
      name: 'Ada',
      password: 'correct horse battery',
    });
    expect(await codeOf(page.call('admin.accounts'))).toBe('call.forbidden');
    const console = await node.connect({ token }, { origin: node.url });
    expect(await console.call('admin.accounts')).toHaveProperty('total');
  });

  it('ADM-03 privileges are combined, shown, and taken away where they were given', async () => {
    const { node, ada } = place;
    await comeIn(node, 'Hen');
    await ada.call('admin.grant', { name: 'hen', privilege: 'vip' });
    const granted = await ada.call('admin.grant', { name: 'Hen', privilege: 'build' });
    expect(granted).toEqual({ name: 'Hen', privileges: ['build', 'vip'] });
    expect(await ada.call('admin.revoke', { name: 'Hen', privilege: 'vip' })).toEqual({
      name: 'Hen',
      privileges: ['build'],
    });
    expect(await codeOf(ada.call('admin.revoke', { name: 'Hen', privilege: 'vip' }))).toBe('admin.not-granted');
    const { known } = await ada.call<{ known: string[] }>('admin.privileges', { name: 'Hen' });
    expect(known).toEqual(expect.arrayContaining(['admin', 'broadcast', 'build', 'moderate', 'property', 'vip']));
  });

  it('many changes at once lose none', async () => {
    const { node, ada } = place;
    await comeIn(node, 'Busy');
    const all = ['build', 'broadcast', 'property', 'moderate', 'vip', 'priority'];
    await Promise.all(all.map((privilege) => ada.call('admin.grant', { name: 'Busy', privilege })));
    const { privileges } = await ada.call<{ privileges: string[] }>('admin.privileges', { name: 'Busy' });
    expect(privileges).toEqual([...all].sort());
  });

  it('what is no privilege, or nobody asks for, is not granted; an operator can make one', async () => {
    const { node, ada } = place;
    await comeIn(node, 'Cow');
    const grant = (privilege: string, more = {}) => ada.call('admin.grant', { name: 'Cow', privilege, ...more });
    for (const word of ['bot', 'server', 'operator', 'player', 'Build', 'a b', '-a', 'a'.repeat(33)])
      expect(await codeOf(grant(word))).toBe('call.bad-params');
    expect(await codeOf(grant('biuld'))).toBe('admin.unknown-privilege');
    expect(await grant('gardener', { make: true })).toMatchObject({ privileges: ['gardener'] });
    expect(await ada.call('admin.privileges')).toMatchObject({ known: expect.arrayContaining(['gardener']) });
    expect(await codeOf(ada.call('admin.grant', { name: 'Nobody', privilege: 'vip' }))).toBe('admin.unknown-account');
  });

  it('the last administrator stays one, and stays', async () => {
    const { node, ada } = place;
    expect(await codeOf(ada.call('admin.revoke', { name: 'Ada', privilege: 'admin' }))).toBe('admin.last-admin');
    expect(await codeOf(ada.call('admin.delete', { name: 'Ada' }))).toBe('admin.yourself');
    await comeIn(node, 'Second');
    await ada.call('admin.grant', { name: 'Second', privilege: 'admin' });
    const second = await node.connect({ token: await openAdministration(node, 'Second') });
    const both = await Promise.allSettled([
      ada.call('admin.revoke', { name: 'Second', privilege: 'admin' }),
      second.call('admin.revoke', { name: 'Ada', privilege: 'admin' }),
    ]);
    // Whoever came first took it; the other one had it no more, or was the last.
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('two administrators who close each other’s account at once leave one of them', async () => {
    const { node } = place;
    const server = await node.connect();
    const asServer = <T>(method: string, params: object) => server.call<T>('as.server', { method, params });
    const find = (name: string) => asServer<{ id: string; state: string }>('auth.find', { name });
    const pair = ['Third', 'Fourth'];
    for (const name of pair) await comeIn(node, name);
    for (const name of ['Ada', 'Second', ...pair]) {
      const privileges = pair.includes(name) ? ['admin'] : [];
      await asServer('auth.set-privileges', { id: (await find(name)).id, privileges });
    }
    const tokens = await Promise.all(pair.map((name) => openAdministration(node, name)));
    const close = (token: string | undefined, name: string) =>
      postAs(node, token ?? '', 'admin.deactivate', { name }).then(
        () => 'ok',
        (error: CallError) => error.code,
      );
    const outcomes = await Promise.all([close(tokens[0], 'Fourth'), close(tokens[1], 'Third')]);
    // Of the other one either his login has ended, or he asked before that.
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1);
    const states = await Promise.all(pair.map(async (name) => (await find(name)).state));
    expect(states.sort()).toEqual(['active', 'inactive']);
  });
});
