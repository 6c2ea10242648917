import { describe, expect, it } from 'vitest';
import type { TestClient } from '../../support/client.ts';
import { startTestNode, type TestNode } from '../../support/node.ts';
import { bearer, makeAccount, password, post, refusalOf, withPlugins } from './people.ts';

type Made = { readonly prefix: string; readonly made: number; readonly serials: readonly string[] };
type Page = {
  readonly serials: readonly { serial: string; name: string | null; used: number | null }[];
  readonly more: boolean;
};

/** A connection that may administer. What the server does for him is what `roost admin` does on the command line. */
async function administer(node: TestNode): Promise<TestClient> {
  const server = (method: string, params: object) => post(node, 'as.server', { method, params });
  await server('auth.register', { name: 'Warden', password });
  await server('admin.grant', { name: 'Warden', privilege: 'admin' });
  const { token } = (await post<{ token: string }>(node, 'admin.login', { name: 'Warden', password })).result;
  return node.connect({ token });
}

describe('serials', () => {
  it('ACC-06 registration wants an unused one where the setting says so; unknown and used are told apart', async () => {
    await using plugins = await withPlugins();
    await using node = await startTestNode({ plugins: [plugins.folder], env: { ROOST_SERIALS: 'on' } });
    const warden = await administer(node);
    const { serials } = await warden.call<Made>('auth.make-serials', { count: 3, prefix: 'spring' });
    const [first = '', second = ''] = serials;
    expect(first).toMatch(/^SPRING(-[0-9A-Z]{4}){4}$/);

    const register = (name: string, serial?: string) =>
      post(node, 'auth.register', { name, password, ...(serial === undefined ? {} : { serial }) });
    const codeOf = async (call: Promise<unknown>) => (await refusalOf(call)).code;
    expect(await codeOf(register('Fox'))).toBe('auth.serial-missing');
    for (const wrong of ['SPRING-0000-0000-0000-0000', 'x', `${first}0`, "' or 1=1"])
      expect(await codeOf(register('Fox', wrong))).toBe('auth.serial-unknown');
    expect(await codeOf(post(node, 'auth.login', { name: 'Fox', password }))).toBe('auth.wrong');

    await register('Fox', ` ${first.toLowerCase().replaceAll('0', 'o')} `);
    expect(await codeOf(register('Hare', first))).toBe('auth.serial-used');
    expect(await codeOf(post(node, 'auth.login', { name: 'Hare', password }))).toBe('auth.wrong');
    // Who has none learns no names.
    expect(await codeOf(register('fox', 'SPRING-0000-0000-0000-0000'))).toBe('auth.serial-unknown');
    expect(await codeOf(register('fox', first))).toBe('auth.serial-used');
    // Refused for another reason, a serial is as free as before.
    expect(await codeOf(register('fox', second))).toBe('auth.taken');
    expect(await codeOf(register('H', second))).toBe('name.illegal');
    const page = await warden.call<Page>('auth.serials', { prefix: 'spring' });
    expect(page.serials.map(({ serial }) => serial)).toEqual([...serials].sort());
    expect(page.serials.filter(({ name }) => name !== null)).toEqual([
      { serial: first, name: 'Fox', used: expect.any(Number) },
    ]);
    // Of two at once, one.
    const both = await Promise.allSettled([register('Hare', second), register('Hen', second)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('ACC-07 are made in batches by an administrator alone, and come free when an account is deleted', async () => {
    await using plugins = await withPlugins();
    await using node = await startTestNode({ plugins: [plugins.folder], env: { ROOST_SERIALS: 'on' } });
    const warden = await administer(node);

    const made = await warden.call<Made>('auth.make-serials', { count: 1000, prefix: 'MANY' });
    expect(new Set(made.serials).size).toBe(1000);
    const again = await warden.call<Made>('auth.make-serials', { count: 1000, prefix: 'MANY' });
    expect(new Set([...made.serials, ...again.serials]).size).toBe(2000);

    // With a seed the batch is the same for whoever has the seed, and for nobody else.
    const seeded = { prefix: 'autumn', seed: 'the cat sat on the mat' };
    const few = await warden.call<Made>('auth.make-serials', { ...seeded, count: 2 });
    expect(few).toMatchObject({ prefix: 'AUTUMN', made: 2 });
    const more = await warden.call<Made>('auth.make-serials', { ...seeded, count: 3 });
    expect(more).toMatchObject({ made: 1, serials: [...few.serials, expect.any(String)] });
    const other = await warden.call<Made>('auth.make-serials', { ...seeded, prefix: 'autumn2', count: 3 });
    expect(other.serials.map((serial) => serial.slice(8))).not.toContain(few.serials[0]?.slice(7));

    const [serial = ''] = few.serials;
    await post(node, 'auth.register', { name: 'Fox', password, serial });
    const fox = (await post<{ token: string }>(node, 'auth.login', { name: 'Fox', password })).result.token;
    const { batches } = await warden.call<{ batches: object[] }>('auth.serials');
    expect(batches).toMatchObject([
      { prefix: 'AUTUMN', count: 3, used: 1 },
      { prefix: 'AUTUMN2', count: 3, used: 0 },
      { prefix: 'MANY', count: 2000, used: 0 },
    ]);
    let after = '';
    const all: string[] = [];
    for (let more = true; more; ) {
      const page: Page = await warden.call('auth.serials', { prefix: 'MANY', after });
      all.push(...page.serials.map(({ serial }) => serial));
      after = all.at(-1) ?? '';
      more = page.more;
    }
    expect(all).toEqual([...made.serials, ...again.serials].sort());

    await post(node, 'auth.delete', { password }, bearer(fox));
    const page = await warden.call<Page>('auth.serials', { prefix: 'AUTUMN' });
    expect(page.serials.find((one) => one.serial === serial)).toEqual({ serial, name: null, used: null });
    await post(node, 'auth.register', { name: 'Hare', password, serial });

    const audit = await warden.call<{ entries?: unknown }>('admin.audit', {});
    expect(JSON.stringify(audit)).toContain('auth.make-serials');
    expect(JSON.stringify(audit)).not.toContain(seeded.seed);
    expect(JSON.stringify(audit)).not.toContain(serial);
    expect(node.words).not.toContain(seeded.seed);
  });

  it('ACC-07 nobody else makes or sees them', async () => {
    await using plugins = await withPlugins();
    await using node = await startTestNode({ plugins: [plugins.folder] });
    const guest = await node.connect();
    const player = await node.connect({ token: (await makeAccount(node, 'Fox')).token });
    for (const client of [guest, player]) {
      for (const [method, params] of [
        ['auth.make-serials', { count: 1, prefix: 'A' }],
        ['auth.serials', {}],
      ] as const)
        await expect(client.call(method, params)).rejects.toMatchObject({ code: 'call.forbidden' });
    }
    const warden = await administer(node);
    for (const wrong of [
      ...[{ count: 0, prefix: 'A' }, { count: 1001, prefix: 'A' }, { count: 1.5, prefix: 'A' }, { count: 1 }],
      ...[
        { count: 1, prefix: '' },
        { count: 1, prefix: 'a-b' },
        { count: 1, prefix: 'A', seed: 'short' },
      ],
    ])
      await expect(warden.call('auth.make-serials', wrong)).rejects.toMatchObject({ code: 'call.bad-params' });
    expect(await warden.call('auth.serials')).toEqual({ batches: [] });
  });
});
