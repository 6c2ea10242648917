import { describe, expect, it } from 'vitest';
import { type MethodsProcess, startMethods } from '../support/methods.ts';

const self = '0001000000000001';
const hen = '0001000000000002';
const far = '0001000000000003';
const hidden = '0001000000000004';
const absent = '00010000000000ff';

async function startFarm(config = {}): Promise<MethodsProcess> {
  const methods = await startMethods({}, config);
  await methods.open('fox', { zone: 'farm/yard', character: self, name: 'Fox', owner: 'guest:fox' });
  await methods.open('nobody', {});
  const thing = { kind: 'chicken', holder: null, body: { shape: 'circle', radius: 0.3 }, scale: 1, owner: null };
  await methods.object({ ...thing, id: self, kind: 'farmer', x: 0, y: 0, owner: 'guest:fox', changed: 1 });
  await methods.object({ ...thing, id: hen, x: 1, y: 1, changed: 5 });
  await methods.object({ ...thing, id: far, x: 9, y: 0, changed: 3 });
  await methods.object({ ...thing, id: hidden, x: 1, y: 0, changed: 9 }, false);
  return methods;
}

describe('object methods', () => {
  it('PLG-08 H-12 what is not seen, hidden, elsewhere or nowhere is not found, in the same words', async () => {
    await using methods = await startFarm();
    const answers: unknown[] = [];
    for (const id of [hidden, absent]) {
      answers.push(await methods.call('fox', 'object.call', { id, method: 'feed' }));
      answers.push(await methods.call('fox', 'object.activate', { id }));
      answers.push(await methods.call('fox', 'object.answer', { id, question: 'q', choice: 'Yes' }));
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ error: { code: 'object.not-found' } });
    expect(methods.events.filter(({ event }) => event === 'asked')).toEqual([]);
  });

  it('H-12 object.call checks method, owner and reach before the zone is asked, and answers with its tick', async () => {
    await using methods = await startFarm();
    const call = (params: object) => methods.call('fox', 'object.call', params);
    const code = async (params: object) => {
      const answer = await call(params);
      return answer.ok ? 'ok' : answer.error.code;
    };
    expect(await code({ id: hen, method: '@activate' })).toBe('object.unknown-method');
    expect(await code({ id: hen, method: 'rename' })).toBe('object.forbidden');
    expect(await code({ id: far, method: 'feed' })).toBe('object.too-far');
    expect(await code({ id: far, method: 'look' })).toBe('ok');
    expect(await code({ id: hen, method: 'look', once: 'x' })).toBe('object.bad-params');
    expect(await code({ id: 'abc', method: 'look' })).toBe('call.bad-params');
    expect(await call({ id: hen, method: 'feed', params: { amount: 1 }, seq: 4, once: 'x' })).toEqual({
      ok: true,
      result: { tick: 7, result: 'done', seq: 4 },
    });
    const asked = methods.events.flatMap((event) => (event.event === 'asked' ? [event.ask] : []));
    expect(asked.at(-1)).toEqual({
      type: 'call',
      owner: 'guest:fox',
      character: self,
      object: hen,
      method: 'feed',
      params: { amount: 1 },
      durable: true,
      once: 'x',
    });
  });

  it('object.activate and object.answer reach the scripts as such', async () => {
    await using methods = await startFarm();
    expect(await methods.call('fox', 'object.activate', { id: far })).toMatchObject({
      error: { code: 'object.too-far' },
    });
    expect(await methods.call('fox', 'object.activate', { id: hen })).toEqual({
      ok: true,
      result: { tick: 7, result: 'done' },
    });
    await methods.call('fox', 'object.answer', { id: hen, question: 'start', choice: 'Yes' });
    const asked = methods.events.flatMap((event) => (event.event === 'asked' ? [event.ask] : []));
    expect(asked).toMatchObject([
      { method: '@activate', object: hen, params: {} },
      { method: '@answer', object: hen, params: { name: 'start', choice: 'Yes' } },
    ]);
  });

  it('object.inspect is for development, and secrets stay', async () => {
    await using methods = await startFarm();
    const seen = await methods.call('fox', 'object.inspect', { id: hen });
    expect(seen).toMatchObject({ ok: true, result: { row: { id: hen }, timers: [], keptBytes: 12 } });
    expect(JSON.stringify(seen)).not.toContain('secret');
    await using open = await startFarm({ dev: false });
    expect(await open.call('fox', 'object.inspect', { id: hen })).toMatchObject({ error: { code: 'host.dev-only' } });
    expect(await open.call('fox', 'host.watch', {})).toMatchObject({ error: { code: 'host.dev-only' } });
  });

  it('need a character', async () => {
    await using methods = await startFarm();
    for (const name of ['object.call', 'object.activate', 'object.inspect', 'chat.say', 'chat.history', 'input']) {
      const params = { id: hen, method: 'look', text: 'hi', seq: 1 };
      const fits = {
        'object.call': ['id', 'method'],
        'chat.say': ['text'],
        'chat.history': [],
        input: ['seq'],
      } as Record<string, string[]>;
      const keys = fits[name] ?? ['id'];
      const given = Object.fromEntries(Object.entries(params).filter(([key]) => keys.includes(key)));
      expect(await methods.call('nobody', name, given)).toMatchObject({ error: { code: 'call.forbidden' } });
    }
  });
});

describe('zone methods', () => {
  it('zone.enter takes a zone, a game or nothing', async () => {
    await using methods = await startFarm();
    const enter = async (params: object) => {
      const answer = await methods.call('nobody', 'zone.enter', params);
      return answer.ok ? (answer.result as { zone: string }).zone : answer.error.code;
    };
    expect(await enter({})).toBe('farm/yard');
    expect(await enter({ zone: 'farm' })).toBe('farm/yard');
    expect(await enter({ zone: 'farm/barn', name: 'Hare' })).toBe('farm/barn');
    expect(await enter({ zone: 'nowhere' })).toBe('zone.unknown');
    expect(await enter({ zone: '../../etc' })).toBe('zone.malformed');
    expect(await enter({ zone: 'farm', nmae: 'Hare' })).toBe('call.bad-params');
  });

  it('OBJ-02 PER-12 zone.objects lists what changed since, zone.who who is there', async () => {
    await using methods = await startFarm();
    const objects = await methods.call('fox', 'zone.objects', { since: 5 });
    expect(objects).toMatchObject({ ok: true, result: { zone: 'farm/yard' } });
    expect(await methods.call('fox', 'zone.objects', { since: 10 })).toEqual({
      ok: true,
      result: { zone: 'farm/yard', objects: [], more: false },
    });
    // In a view that one answer does not hold they come page by page.
    const state = { text: 'x'.repeat(10_000) };
    const ids = Array.from({ length: 40 }, (_, n) => (n + 256).toString(16).padStart(16, '0'));
    for (const id of ids) await methods.object({ id, kind: 'stone', state, changed: 20 });
    type Page = { objects: { id: string }[]; more: boolean };
    const listed: string[] = [];
    for (let more = true; more; ) {
      const after = listed.at(-1);
      const answer = await methods.call('fox', 'zone.objects', { since: 20, ...(after && { after }) });
      const page = (answer.ok ? answer.result : { objects: [], more: false }) as unknown as Page;
      listed.push(...page.objects.map(({ id }) => id));
      more = page.more;
    }
    expect(listed).toEqual(ids);
    expect(await methods.call('fox', 'zone.who')).toEqual({
      ok: true,
      result: { zone: 'farm/yard', characters: [{ id: self, name: 'Fox', connected: true, guest: true }] },
    });
    for (const name of ['zone.who', 'zone.objects', 'zone.snapshot']) {
      expect(await methods.call('nobody', name)).toMatchObject({ error: { code: 'zone.none' } });
    }
  });

  it('zone.snapshot is sent after its answer; zone.leave leaves', async () => {
    await using methods = await startFarm();
    expect(await methods.call('fox', 'zone.snapshot')).toEqual({ ok: true, result: {} });
    expect(await methods.next('sent')).toMatchObject({ to: 'fox', name: 'snapshot' });
    expect(await methods.call('fox', 'zone.leave')).toEqual({ ok: true, result: { zone: 'farm/yard' } });
    expect(await methods.call('fox', 'zone.leave')).toEqual({ ok: true, result: { zone: null } });
  });
});

describe('chat methods', () => {
  it('M-5 chat.say says a clean line where the character stands', async () => {
    await using methods = await startFarm();
    expect(
      await methods.call('fox', 'chat.say', {
        text: ' he\u202ello\u0000\u200bwe\u0301\u0301\u0301\u0301\u0301\u0301lt ',
      }),
    ).toEqual({ ok: true, result: { tick: 7 } });
    expect(await methods.next('asked')).toMatchObject({
      ask: { type: 'say', character: self, owner: 'guest:fox', text: 'hello w\u00e9\u0301\u0301\u0301\u0301lt' },
    });
    for (const text of ['', '  ', '\u200b\u202e', 'x'.repeat(501)]) {
      expect(await methods.call('fox', 'chat.say', { text })).toMatchObject({ error: { code: 'call.bad-params' } });
    }
  });

  it('M-6 chat.history tells what was heard', async () => {
    await using methods = await startFarm();
    expect(await methods.call('fox', 'chat.history')).toMatchObject({
      result: { lines: [{ name: 'Berta', text: 'Cluck.' }] },
    });
    expect(await methods.call('fox', 'chat.history', { since: 1_790_000_001 })).toEqual({
      ok: true,
      result: { lines: [], more: false },
    });
  });
});

describe('host methods and input', () => {
  it('PLG-11 host.info tells version, games, zones and every method with its sentence, schema and allow', async () => {
    await using methods = await startFarm();
    const answer = await methods.call('nobody', 'host.info');
    const info = (answer.ok ? answer.result : null) as unknown as { methods: { name: string; doc: string }[] };
    expect(info).toMatchObject({
      version: expect.any(String),
      protocol: '1.1',
      games: [{ name: 'farm', zones: [{ zone: 'farm/yard', tickRate: 20 }] }],
    });
    expect(info.methods.filter(({ doc }) => doc === '')).toEqual([]);
    expect(info.methods.find(({ name }) => name === 'chat.say')).toEqual({
      name: 'chat.say',
      doc: 'Says a line where your character stands; everyone within hearing distance gets a `say` event.',
      plugin: 'chat',
      allow: 'player',
      rate: { perSecond: 2, burst: 5 },
      params: expect.objectContaining({
        type: 'object',
        properties: { text: { type: 'string', minLength: 1, maxLength: 500, description: expect.any(String) } },
        required: ['text'],
        additionalProperties: false,
      }),
    });
    expect(info.methods.find(({ name }) => name === 'input')).toMatchObject({ params: { additionalProperties: {} } });
  });

  it('host.ping tells the time', async () => {
    await using methods = await startFarm();
    expect(await methods.call('nobody', 'host.ping')).toEqual({ ok: true, result: { at: expect.any(Number) } });
  });

  it('M-8 host.stats and host.watch answer; watchers on this machine hear of reloads, strangers do not', async () => {
    await using methods = await startFarm();
    expect(await methods.call('fox', 'host.stats')).toMatchObject({
      ok: true,
      result: { sessions: 2, zones: [], rss: expect.any(Number) },
    });
    // Where not all fit into an answer, the dearest do.
    await methods.zones(2_000);
    expect(await methods.call('fox', 'host.stats')).toMatchObject({ result: { more: true } });
    expect(await methods.call('fox', 'host.reloads', { limit: 1_000 })).toMatchObject({ result: { more: true } });
    await methods.zones(2);
    expect(await methods.call('fox', 'host.stats')).toMatchObject({
      result: { more: false, zones: [{ zone: 'farm/yard#2' }, { zone: 'farm/yard#1' }] },
    });
    expect(await methods.call('fox', 'host.reloads')).toMatchObject({ result: { more: false, held: [] } });
    await methods.open('http', { via: 'http' });
    expect(await methods.call('http', 'host.watch')).toMatchObject({ error: { code: 'call.forbidden' } });
    expect(await methods.call('fox', 'host.watch')).toEqual({ ok: true, result: {} });
    await methods.open('stranger', { loopback: false });
    expect(await methods.call('stranger', 'host.watch')).toMatchObject({ error: { code: 'host.dev-only' } });
    await methods.write('hey.ts', 'export default 1;\n');
    expect(await methods.next('sent', ({ name }) => name === 'watch')).toMatchObject({
      to: 'fox',
      data: { what: 'error', path: expect.stringMatching(/hey\.ts$/) },
    });
  });

  it('input is a stream that can also be called', async () => {
    await using methods = await startFarm();
    expect(await methods.call('fox', 'input', { seq: 3, x: 1, run: true })).toEqual({ ok: true, result: {} });
    expect(await methods.next('told')).toEqual({
      event: 'told',
      zone: 'farm/yard',
      message: { type: 'input', owner: 'guest:fox', character: self, seq: 3, input: { x: 1, run: true } },
    });
    expect(await methods.call('fox', 'input', { x: 1 })).toMatchObject({ error: { code: 'call.bad-params' } });
  });
});
