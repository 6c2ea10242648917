import { describe, expect, it } from 'vitest';
import { type MethodsProcess, startMethods } from '../support/methods.ts';

const head = "import { defineMethod, HostError, line, z } from 'roost/plugin';\n";
const method = (spec: string) => `${head}export default defineMethod({ ${spec} });\n`;
const pluginsOf = async (methods: MethodsProcess, session: string) => {
  const answer = await methods.call(session, 'host.plugins');
  return (answer.ok ? answer.result : null) as unknown as { plugins: { plugin: string }[] };
};
const code = (answer: { ok: boolean; error?: { code: string } }) => answer.error?.code ?? 'ok';

describe('a call', () => {
  it('PLG-01 finds its handler by the name alone, and without a schema everything reaches it unchanged', async () => {
    await using methods = await startMethods({ 'echo.ts': method('handle: ({ params }) => params') });
    await methods.open('ann');
    const params = { msg: 'other.method', method: 1, nested: [{ a: null }] };
    expect(await methods.call('ann', 'echo', params)).toEqual({ ok: true, result: params });
    expect(await methods.call('ann', 'echo', 'text')).toEqual({ ok: true, result: 'text' });
    expect(await methods.call('ann', 'echo')).toEqual({ ok: true, result: {} });
  });

  it('PLG-07 with wrong params names every wrong key and never reaches the handler', async () => {
    await using methods = await startMethods({
      'post/send.ts': method(`
        params: z.object({
          to: z.string(),
          body: z.object({ text: line(20) }),
          tags: z.array(z.object({ tag: z.string() })).optional(),
          kind: z.union([z.object({ a: z.string() }), z.object({ b: z.number() })]).optional(),
        }),
        handle() { throw new Error('reached'); }`),
    });
    await methods.open('ann');
    const wrong = await methods.call('ann', 'post.send', { body: { text: '\u202e\u200b', extra: 1 }, tgas: 1 });
    expect(wrong).toMatchObject({ ok: false, error: { code: 'call.bad-params' } });
    if (wrong.ok) return;
    expect(wrong.error.details).toEqual([
      { key: 'to', problem: 'is missing' },
      { key: 'body.text', problem: 'has nothing visible in it' },
      { key: 'body.extra', problem: 'is unknown' },
      { key: 'tgas', problem: 'is unknown' },
    ]);
    expect(wrong.error.message).toContain('"to" is missing');
    const body = { text: 'hi' };
    const deep = await methods.call('ann', 'post.send', { to: 'b', body, tags: [{ tag: 'x', tga: 1 }] });
    expect(deep).toMatchObject({ error: { details: [{ key: 'tags[0].tga' }] } });
    const union = await methods.call('ann', 'post.send', { to: 'b', body, kind: { b: 1, c: 1 } });
    expect(union).toMatchObject({ error: { details: [{ key: 'kind.c' }] } });
    expect(code(await methods.call('ann', 'post.send', null))).toBe('call.bad-params');
    expect(code(await methods.call('ann', 'post.send', [1]))).toBe('call.bad-params');
    const proto = JSON.parse('{ "to": "b", "body": { "text": "hi" }, "__proto__": { "x": 1 } }') as unknown;
    expect(code(await methods.call('ann', 'post.send', proto))).toBe('call.bad-params');
  });

  it('PLG-08 is let through only for those the method allows', async () => {
    const files = ['anyone', 'player', 'account', 'bot', 'server', 'operator', 'moderator'].map((allow) => [
      `may/${allow}.ts`,
      method(`allow: '${allow}', handle: () => 'reached'`),
    ]);
    await using methods = await startMethods(Object.fromEntries(files));
    await methods.open('guest', { loopback: false });
    await methods.open('player', { loopback: false, zone: 'farm/yard', character: '0001000000000001', name: 'Fox' });
    const account = { id: '1', name: 'Fox', privileges: [], credential: '2', trusted: true, until: null };
    await methods.open('account', { loopback: false, account, privileges: ['moderator'] });
    await methods.open('bot', { loopback: false, account: { ...account, privileges: ['bot'] }, privileges: ['bot'] });
    await methods.open('operator', {});
    const reached = async (session: string) => {
      const names: string[] = [];
      for (const [path] of files) {
        const name = String(path).slice(4, -3);
        const answer = await methods.call(session, `may.${name}`, {});
        if (answer.ok) names.push(name);
        else expect(answer.error.code).toBe('call.forbidden');
      }
      return names;
    };
    expect(await reached('guest')).toEqual(['anyone']);
    expect(await reached('player')).toEqual(['anyone', 'player']);
    expect(await reached('account')).toEqual(['anyone', 'account', 'moderator']);
    expect(await reached('bot')).toEqual(['anyone', 'bot']);
    expect(await reached('operator')).toEqual(['anyone', 'operator']);
  });

  it('PLG-09 of a method that does not exist is answered, whatever its name', async () => {
    await using methods = await startMethods({ 'echo.ts': method('handle: ({ params }) => params') });
    await methods.open('ann');
    for (const name of ['nope', 'chat', '__proto__', 'constructor', 'connect', 'toString', '', 'x'.repeat(10_000)]) {
      expect(code(await methods.call('ann', name, {}))).toBe('call.unknown-method');
    }
  });

  it('PLG-09 whose handler fails is answered without a word of why; the log has the stack', async () => {
    await using methods = await startMethods({ 'bad.ts': method("handle() { throw new Error('secret words'); }") });
    await methods.open('ann');
    const answer = await methods.call('ann', 'bad', {});
    expect(answer).toEqual({
      ok: false,
      error: { code: 'call.failed', message: 'The handler failed; the reason is in the server log.' },
    });
    const line = await methods.next('log', ({ level }) => level === 'error');
    expect(line.fields).toMatchObject({ plugin: 'bad', what: 'bad', owner: 'guest:ann' });
    expect(String(line.fields.error)).toMatch(/secret words[\s\S]*bad\.ts/);
  });

  it('gives the code of a HostError, with details that are plain', async () => {
    await using methods = await startMethods({
      'shop/buy.ts': method("handle() { throw new HostError('shop.closed', 'Closed', { until: 7 }); }"),
      'shop/sell.ts': method("handle() { throw new HostError('shop.closed', 'Closed', { f() {} }); }"),
    });
    await methods.open('ann');
    expect(await methods.call('ann', 'shop.buy')).toEqual({
      ok: false,
      error: { code: 'shop.closed', message: 'Closed', details: { until: 7 } },
    });
    expect(await methods.call('ann', 'shop.sell')).toEqual({
      ok: false,
      error: { code: 'shop.closed', message: 'Closed' },
    });
  });

  it('H-4 whose answer is not plain JSON, or too much of it, has failed', async () => {
    const results: Record<string, string> = {
      cycle: 'const a = {}; a.a = a; return a;',
      big: 'return 1n;',
      huge: "return 'x'.repeat(300_000);",
      deep: 'let a = []; for (let i = 0; i < 200_000; i++) a = [a]; return a;',
      wide: 'let a = [1]; for (let i = 0; i < 30; i++) a = [a, a]; return a;',
      date: 'return { at: new Date() };',
      map: 'return new Map();',
      nan: 'return NaN;',
      getter: "return { get x() { throw new Error('no'); } };",
      json: "return { toJSON() { return 'other'; } };",
      function: 'return () => 1;',
    };
    const files = Object.entries(results).map(([name, body]) => [`odd/${name}.ts`, method(`handle() { ${body} }`)]);
    await using methods = await startMethods({
      ...Object.fromEntries(files),
      'odd/fine.ts': method('handle: () => ({ a: undefined, b: [null, { c: "ü" }] })'),
      'odd/nothing.ts': method('handle() {}'),
    });
    await methods.open('ann');
    for (const name of Object.keys(results)) expect(code(await methods.call('ann', `odd.${name}`))).toBe('call.failed');
    expect(await methods.call('ann', 'odd.fine')).toEqual({ ok: true, result: { b: [null, { c: 'ü' }] } });
    expect(await methods.call('ann', 'odd.nothing')).toEqual({ ok: true, result: null });
  });

  it('is answered the same whether its method gives the answer at once, later, or as something like a promise', async () => {
    const waits = "z.object({ n: z.number().refine(async (n) => n > 0, 'wanted more') })";
    const like = (end: string) => `handle: ({ params }) => ({ then: (done, failed) => ${end} })`;
    await using methods = await startMethods({
      'now.ts': method('handle: ({ params }) => params'),
      'later.ts': method('handle: async ({ params }) => { await null; return params; }'),
      'like.ts': method(like('done(params)')),
      'waits.ts': method(`params: ${waits}, handle: ({ params }) => params`),
      'throws.ts': method("handle() { throw new HostError('shop.closed'); }"),
      'rejects.ts': method("handle: async () => { throw new HostError('shop.closed'); }"),
      'refuses.ts': method(like("failed(new HostError('shop.closed'))")),
      'never.ts': method(`deadlineMs: 20, ${like('undefined')}`),
    });
    await methods.open('ann');
    for (const name of ['now', 'later', 'like', 'waits']) {
      expect(await methods.call('ann', name, { n: 1 }), name).toEqual({ ok: true, result: { n: 1 } });
    }
    for (const name of ['throws', 'rejects', 'refuses']) {
      expect(code(await methods.call('ann', name)), name).toBe('shop.closed');
    }
    expect(await methods.call('ann', 'waits', { n: 0 })).toMatchObject({ error: { details: [{ key: 'n' }] } });
    expect(code(await methods.call('ann', 'never'))).toBe('call.timeout');
  });

  it('that is not answered in time is answered call.timeout', async () => {
    await using methods = await startMethods(
      { 'slow.ts': method('handle: () => new Promise(() => {})') },
      { handlerMs: 50 },
    );
    await methods.open('ann');
    expect(code(await methods.call('ann', 'slow'))).toBe('call.timeout');
  });

  it('PLG-12 can be made by a plugin: with the rights of its caller, or as the server', async () => {
    await using methods = await startMethods({
      'inner.ts': method(
        "allow: 'server', params: z.object({ n: z.number() }), handle: ({ params, caller }) => ({ ...params, owner: caller.owner })",
      ),
      'mine.ts': method('handle: ({ caller }) => caller.owner'),
      'outer.ts': method("handle: ({ host }) => host.call('inner', { n: 1 })"),
      'outer-server.ts': method("handle: ({ host }) => host.call('inner', { n: 1 }, { as: 'server' })"),
      'outer-bad.ts': method("handle: ({ host }) => host.call('inner', { m: 1 }, { as: 'server' })"),
      'outer-mine.ts': method("handle: ({ host }) => host.call('mine')"),
      'loops.ts': method("handle: ({ host }) => host.call('loops')"),
    });
    await methods.open('ann');
    expect(code(await methods.call('ann', 'outer'))).toBe('call.forbidden');
    expect(await methods.call('ann', 'outer-server')).toEqual({ ok: true, result: { n: 1, owner: 'server' } });
    expect(code(await methods.call('ann', 'outer-bad'))).toBe('call.bad-params');
    expect(await methods.call('ann', 'outer-mine')).toEqual({ ok: true, result: 'guest:ann' });
    expect(code(await methods.call('ann', 'loops'))).toBe('call.failed');
  });
});

describe('the rate of a method', () => {
  const slow = { 'slow.ts': method("rate: { perSecond: 1, burst: 2 }, handle: () => 'ok'") };

  it('is counted per session and fills up again', async () => {
    await using methods = await startMethods(slow);
    await methods.open('ann');
    await methods.open('ben');
    const codes = async (who: string) => [
      code(await methods.call(who, 'slow')),
      code(await methods.call(who, 'slow')),
      code(await methods.call(who, 'slow')),
    ];
    expect(await codes('ann')).toEqual(['ok', 'ok', 'call.too-fast']);
    expect(await codes('ben')).toEqual(['ok', 'ok', 'call.too-fast']);
    await methods.later(60);
    expect(await codes('ann')).toEqual(['ok', 'ok', 'call.too-fast']);
  });

  it('H-17 is not renewed by connecting again from the same address', async () => {
    await using methods = await startMethods(slow);
    await methods.open('ann', { address: '10.0.0.1' });
    for (let n = 0; n < 3; n++) await methods.call('ann', 'slow');
    await methods.close('ann');
    await methods.open('ann2', { address: '10.0.0.1' });
    expect(code(await methods.call('ann2', 'slow'))).toBe('call.too-fast');
    await methods.open('ben', { address: '10.0.0.2' });
    expect(code(await methods.call('ben', 'slow'))).toBe('ok');
  });

  it('H-17 is one budget for an address over HTTP', async () => {
    await using methods = await startMethods(slow);
    for (const id of ['a', 'b', 'c']) await methods.open(id, { via: 'http', address: '10.0.0.1' });
    expect(code(await methods.call('a', 'slow'))).toBe('ok');
    expect(code(await methods.call('b', 'slow'))).toBe('ok');
    expect(code(await methods.call('c', 'slow'))).toBe('call.too-fast');
  });
});

describe('faults', () => {
  const fails = {
    'picky.ts': method(
      "rate: { perSecond: 1000, burst: 1000 }, handle({ params }) { if (params.bad) throw new Error('bad'); return 'ok'; }",
    ),
  };

  it('H-4 that a caller causes are charged to the caller, who is held off that method for a minute', async () => {
    await using methods = await startMethods(fails);
    await methods.open('ann', { address: '10.0.0.1' });
    await methods.open('ben', { address: '10.0.0.2' });
    for (let n = 0; n < 5; n++) expect(code(await methods.call('ann', 'picky', { bad: true }))).toBe('call.failed');
    expect(code(await methods.call('ann', 'picky', {}))).toBe('call.too-fast');
    expect(code(await methods.call('ben', 'picky', {}))).toBe('ok');
    await methods.close('ann');
    await methods.open('ann2', { address: '10.0.0.1' });
    expect(code(await methods.call('ann2', 'picky', {}))).toBe('call.too-fast');
    await methods.later(61);
    expect(code(await methods.call('ann2', 'picky', {}))).toBe('ok');
  });

  it('H-4 of one person, or two, never switch a plugin off; of three at three addresses they do, and a new build is on again', async () => {
    await using methods = await startMethods(fails, { pluginFailures: 6 });
    for (const n of [1, 2, 3, 4]) await methods.open(`p${n}`, { address: `10.0.0.${n}` });
    for (let n = 0; n < 5; n++) {
      await methods.call('p1', 'picky', { bad: true });
      await methods.call('p2', 'picky', { bad: true });
    }
    expect(code(await methods.call('p4', 'picky', {}))).toBe('ok');
    const reported = methods.next('watch', ({ message }) => String(message.message).includes('switched off'));
    await methods.call('p3', 'picky', { bad: true });
    await reported;
    expect(code(await methods.call('p4', 'picky', {}))).toBe('call.disabled');
    const { plugins } = await pluginsOf(methods, 'p4');
    expect(plugins.find(({ plugin }) => plugin === 'picky')).toMatchObject({ state: 'disabled', failures: 11 });
    await methods.reloaded('picky', () => methods.write('picky.ts', method("handle: () => 'mended'")));
    expect(await methods.call('p4', 'picky', {})).toEqual({ ok: true, result: 'mended' });
  });

  it('H-4 of one person never switch a plugin off, also not one that is called as the server for him', async () => {
    await using methods = await startMethods(
      {
        'asks.ts': method(
          "rate: { perSecond: 1000, burst: 1000 }, handle: ({ host }) => host.call('deep.bad', {}, { as: 'server' })",
        ),
        'deep/bad.ts': method("allow: 'server', handle() { throw new Error('bad'); }"),
        'deep/see.ts': method("handle: () => 'ok'"),
      },
      { pluginFailures: 3 },
    );
    await methods.open('ann');
    for (let n = 0; n < 6; n++) expect(code(await methods.call('ann', 'asks'))).toBe('call.failed');
    expect(code(await methods.call('ann', 'deep.see'))).toBe('ok');
    const line = await methods.next('log', ({ fields }) => fields.what === 'deep.bad');
    expect(line.fields).toMatchObject({ plugin: 'deep', owner: 'guest:ann' });
  });

  it('H-4 without a caller switch a plugin off', async () => {
    await using methods = await startMethods(
      {
        'ticker/plugin.ts':
          "import { definePlugin } from 'roost/plugin';\nexport default definePlugin({ version: '1.0.0', start({ host }) { host.every(0.05, () => { throw new Error('tick'); }); } });",
        'ticker/see.ts': method("handle: () => 'ok'"),
      },
      { pluginFailures: 2 },
    );
    await methods.open('ann');
    await methods.next('watch', ({ message }) => String(message.message).includes('switched off'));
    expect(code(await methods.call('ann', 'ticker.see'))).toBe('call.disabled');
  });

  it('that nobody caught are known to be the plugin they come from', async () => {
    await using methods = await startMethods({
      'stray.ts': method(
        "handle() { Promise.reject(new Error('left behind')); setTimeout(() => { throw new Error('later'); }, 1); return 'ok'; }",
      ),
      'early.ts': `${head}setTimeout(() => { throw new Error('at load'); }, 1);\nexport default defineMethod({ handle: () => 'ok' });`,
    });
    await methods.open('ann');
    expect(code(await methods.call('ann', 'stray'))).toBe('ok');
    for (const text of ['left behind', 'later', 'at load']) {
      expect(await methods.next('stray', (event) => event.text.includes(text))).toMatchObject({ blamed: true });
    }
    const { plugins } = await pluginsOf(methods, 'ann');
    expect(plugins.find(({ plugin }) => plugin === 'stray')).toMatchObject({ failures: 2 });
    expect(plugins.find(({ plugin }) => plugin === 'early')).toMatchObject({ failures: 1 });
  });
});
