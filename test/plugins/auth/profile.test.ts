import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { startTestNode, type TestNode } from '../../support/node.ts';
import { startSmtp } from '../../support/smtp.ts';
import { type LoggedIn, password, post, withPlugins } from './people.ts';

/** A connection that is logged in to a new account. */
async function comeIn(node: TestNode, name: string, email?: string) {
  await post(node, 'auth.register', { name, password, ...(email === undefined ? {} : { email }) });
  const { token } = (await post<LoggedIn>(node, 'auth.login', { name, password })).result;
  return Object.assign(await node.connect({ token }), { token });
}

const empty = {
  ...{ email: '', firstName: '', lastName: '', phone: '', mobile: '', address1: '', address2: '', city: '', state: '' },
  ...{ zip: '', country: '', birthDate: '', sex: '', occupation: '', income: '', mailing: false },
};

describe('a profile', () => {
  it('ACC-20 is read and replaced by whom it is of, and survives a restart', async () => {
    await using node = await startTestNode();
    const fox = await comeIn(node, 'Fox', 'fox@example.org');
    expect(await fox.call('auth.profile')).toEqual({ ...empty, email: 'fox@example.org' });

    const told = {
      ...{ firstName: 'Ada', lastName: 'Fuchs', phone: '+49 30 1', mobile: '+49 170 1', address1: 'Am Bau 1' },
      ...{ address2: 'hinten', city: 'Berlin', state: 'BE', zip: '10115', country: 'Germany', birthDate: '1984-02-29' },
      ...{ sex: 'f', occupation: 'hunter', income: '20-30', mailing: true },
    };
    const whole = { ...told, email: 'fox@example.org' };
    expect(await fox.call('auth.change-profile', told)).toEqual(whole);
    await node.restart();
    const again = await node.connect({ token: fox.token });
    expect(await again.call('auth.profile')).toEqual(whole);

    const less = { ...empty, email: 'fox@example.org', firstName: 'Ada' };
    expect(await again.call('auth.change-profile', { firstName: 'Ada' })).toEqual(less);
    expect(await again.call('auth.profile')).toEqual(less);
  });

  it('ACC-20 is shown to nobody else', async () => {
    await using node = await startTestNode();
    const fox = await comeIn(node, 'Fox', 'fox@example.org');
    await fox.call('auth.change-profile', { city: 'Vixenhausen' });
    const guest = await node.connect();
    const hare = await comeIn(node, 'Hare');
    for (const method of ['auth.profile', 'auth.change-profile', 'auth.avatar', 'auth.set-avatar'])
      await expect(guest.call(method, method.endsWith('set-avatar') ? { avatar: 'x' } : {})).rejects.toMatchObject({
        code: 'call.forbidden',
      });
    expect(await hare.call('auth.profile')).toEqual(empty);
    for (const key of ['name', 'account', 'id'])
      await expect(hare.call('auth.profile', { [key]: 'Fox' })).rejects.toMatchObject({ code: 'call.bad-params' });
    await expect(hare.call('auth.change-profile', { name: 'Fox', city: 'Hasenheim' })).rejects.toMatchObject({
      code: 'call.bad-params',
    });
    await expect(hare.call('auth.avatars', { accounts: ['0123456789abcdef'] })).rejects.toMatchObject({
      code: 'call.forbidden',
    });
    expect(await fox.call('auth.profile')).toMatchObject({ city: 'Vixenhausen' });
    expect(JSON.stringify([guest.messages, hare.messages])).not.toMatch(/Vixenhausen|fox@example/);
  });

  it('ACC-20 takes a bounded line for each, and a day that somebody can be born on', async () => {
    await using node = await startTestNode();
    const fox = await comeIn(node, 'Fox');
    const wrong = [
      ...[{ firstName: 'x'.repeat(65) }, { city: 7 }, { mailing: 'yes' }, { income: null }, { hobby: 'hens' }],
      ...[
        { birthDate: '29.2.1984' },
        { birthDate: '1983-02-29' },
        { birthDate: '1812-01-01' },
        { birthDate: '9999-01-01' },
      ],
      ...[
        { email: 'fox' },
        { email: 'fox@example.org\nbcc: all@example.org' },
        { email: 'a@example.org,b@example.org' },
      ],
      ...[{ email: 'fox@example.org' }, { email: `${'x'.repeat(250)}@example.org` }],
    ];
    for (const params of wrong)
      await expect(fox.call('auth.change-profile', params), JSON.stringify(params)).rejects.toMatchObject({
        code: 'call.bad-params',
      });
    await expect(fox.call('auth.change-profile', { city: 7 })).rejects.toMatchObject({
      details: [{ key: 'city', problem: 'wanted a line of at most 64 characters' }],
    });
    expect(await fox.call('auth.profile')).toEqual(empty);
  });

  it('ACC-20 gives another e-mail address to whoever knows the password, and tells the former one', async () => {
    await using smtp = await startSmtp();
    await using node = await startTestNode({ env: { ROOST_SMTP: smtp.url } });
    const fox = await comeIn(node, 'Fox', 'fox@example.org');
    const email = 'new@example.org';
    await expect(fox.call('auth.change-profile', { email })).rejects.toMatchObject({ code: 'call.bad-params' });
    await expect(fox.call('auth.change-profile', { email, password: 'wrong horse' })).rejects.toMatchObject({
      code: 'auth.wrong',
    });
    expect(await fox.call('auth.profile')).toMatchObject({ email: 'fox@example.org' });
    expect(await fox.call('auth.change-profile', { email, password })).toMatchObject({ email });
    expect(await fox.call('auth.profile')).toMatchObject({ email });
    const [mail] = await smtp.have(1);
    expect(mail).toMatchObject({ to: ['fox@example.org'] });
    expect(mail?.raw).not.toContain(email);
    expect(await fox.call('auth.change-profile', { email: '', password })).toMatchObject({ email: '' });
  });
});

describe('an avatar', () => {
  /** The beginning of a picture, and some KB of whatever. */
  const png = (width: number, height: number, bytes = 5500) => {
    const head = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');
    const sides = Buffer.alloc(bytes);
    sides.writeUInt32BE(width, 0);
    sides.writeUInt32BE(height, 4);
    return `data:image/png;base64,${Buffer.concat([head, sides]).toString('base64')}`;
  };
  const hen = png(64, 64);

  it('ACC-21 is set and read, by its owner, and survives a restart', async () => {
    await using node = await startTestNode();
    const fox = await comeIn(node, 'Fox');
    expect(await fox.call('auth.avatar')).toEqual({ avatar: null });
    for (const avatar of ['🦊', '👩‍🌾', 'fox with hat', '/farmyard/faces/fox.png', hen]) {
      await fox.call('auth.set-avatar', { avatar });
      expect(await fox.call('auth.avatar')).toEqual({ avatar });
    }
    await node.restart();
    const again = await node.connect({ token: fox.token });
    expect(await again.call('auth.avatar')).toEqual({ avatar: hen });
    expect(await (await comeIn(node, 'Hare')).call('auth.avatar')).toEqual({ avatar: null });
    await again.call('auth.set-avatar', { avatar: null });
    expect(await again.call('auth.avatar')).toEqual({ avatar: null });
  });

  it('ACC-21 is told to plugins, which show it where its owner is', async () => {
    await using plugins = await withPlugins();
    await using node = await startTestNode({ plugins: [plugins.folder] });
    const look = (accounts: readonly string[]) =>
      post(node, 'as.server', { method: 'auth.avatars', params: { accounts } });
    const ids: string[] = [];
    for (const [name, avatar] of [['Fox', '🦊'], ['Hen', '🐔'], ['Hare']]) {
      const client = await comeIn(node, name as string);
      if (avatar) await client.call('auth.set-avatar', { avatar });
      ids.push((await post<{ id: string }>(node, 'as.server', { method: 'auth.find', params: { name } })).result.id);
    }
    const [fox = '', hen = ''] = ids;
    expect((await look(ids)).result).toEqual({ avatars: { [fox]: '🦊', [hen]: '🐔' } });
    expect((await look([])).result).toEqual({ avatars: {} });
    await expect(look(Array(31).fill(fox))).rejects.toMatchObject({ code: 'call.bad-params' });
  });

  it('ACC-21 is as it was after a save that failed', async () => {
    await using node = await startTestNode({ env: { ROOST_STORE_BUSY_MS: '2000' } });
    const fox = await comeIn(node, 'Fox');
    await fox.call('auth.set-avatar', { avatar: '🦊' });
    const other = new DatabaseSync(join(node.data, 'roost.db'));
    other.exec('begin immediate');
    await expect(fox.call('auth.set-avatar', { avatar: '🐔' })).rejects.toMatchObject({
      code: expect.stringMatching(/^store\./),
    });
    expect(await fox.call('auth.avatar')).toEqual({ avatar: '🦊' });
    other.exec('rollback');
    other.close();
    await fox.call('auth.set-avatar', { avatar: '🐔' });
    expect(await fox.call('auth.avatar')).toEqual({ avatar: '🐔' });
  });

  it('ACC-21 shows nothing from elsewhere, holds no script and has at most 8 KB', async () => {
    await using node = await startTestNode();
    const fox = await comeIn(node, 'Fox');
    await fox.call('auth.set-avatar', { avatar: '🦊' });
    const wrong = [
      ...['https://evil.example/spy.png', '//evil.example/spy.png', '/\\evil.example/spy.png', 'javascript:alert(1)'],
      ...['data:image/svg+xml;base64,PHN2Zz4=', 'data:text/html;base64,PHN2Zz4=', '/../../etc/passwd', '/a/%2E%2e/b'],
      ...[
        png(64, 64, 6200),
        png(40_000, 40_000),
        png(0, 1),
        png(257, 1),
        'data:image/gif;base64,R0lGODlhAQABAAAAACw=',
        '\u202e\u200b',
        '',
        'x'.repeat(65),
        '/a b',
        '/a"onload="x',
      ],
    ];
    for (const avatar of wrong)
      await expect(fox.call('auth.set-avatar', { avatar }), avatar.slice(0, 40)).rejects.toMatchObject({
        code: 'call.bad-params',
      });
    expect(await fox.call('auth.avatar')).toEqual({ avatar: '🦊' });
  });
});
