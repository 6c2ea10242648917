import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../core/contract/content.ts';
import type { JoinResult, ObjectId } from '../../core/contract/link.ts';
import { type Middle, startMiddle } from '../support/middle.ts';

const entry = fileURLToPath(new URL('../support/liar.ts', import.meta.url));
const den = 'test/den';
const owner = 'guest:00000000000000aa';

async function join({ zones }: Middle, zone = den, who = owner): Promise<ObjectId> {
  const { outcome } = await zones.ask(zone, { type: 'join', owner: who, name: 'Fox', character: null });
  if (!outcome.ok) throw new Error(outcome.code);
  return (outcome.result as unknown as JoinResult).character;
}

function call({ zones }: Middle, character: ObjectId, method: string, params: JsonObject = {}) {
  return zones.ask(den, { type: 'call', owner, character, object: character, method, params, durable: false });
}

function say(id: string, more: object = {}) {
  return { type: 'say', id, name: 'x', text: 'x', x: 0, y: 0, player: false, at: 0, ...more };
}

/** What a worker may send, by what is wrong with it; `me` is an object of the zone, `foreign` one of another. */
const lies: Record<string, (me: ObjectId, foreign: ObjectId) => object> = {
  'an object of another zone': (_, foreign) => ({ keep: { removed: [foreign] } }),
  'an id it was not given': () => ({ keep: { removed: ['0001ffffffffffff'] } }),
  'an id that is none': () => ({ keep: { removed: ["x'; drop table objects"] } }),
  'an unknown owner': (me) => ({ pub: { acks: [{ owner: 'guest:bb', seq: 1 }] }, keep: { removed: [me] } }),
  'a line to somebody elsewhere': (me) => ({
    pub: { events: [{ type: 'tell', to: 'guest:bb', id: me, name: '', text: '' }] },
  }),
  'own state for somebody elsewhere': (me) => ({ pub: { own: [{ owner: 'guest:bb', id: me, own: {} }] } }),
  'words of a foreign object': (_, foreign) => ({ pub: { events: [say(foreign)] } }),
  'a slot it never announced': () => ({ pub: { moves: [77, 0, 0, 0, 0, 0] } }),
  'a move of five numbers': () => ({ pub: { moves: [1, 0, 0, 0, 0] } }),
  'a number that is none': () => ({ pub: { moves: [1, 0, 0, 0, 0, null] } }),
  'a tick of the past': () => ({ pub: { tick: 0 } }),
  'a zone it was not given': () => ({ pub: { zone: 'test/attic' } }),
  'an epoch to come': () => ({ pub: { epoch: 99 } }),
  'an answer to nobody': () => ({ outcomes: [{ call: 4_711, ok: true, result: null, durable: false }] }),
  'objects nobody asked for': () => ({ keep: {}, taken: [{ move: 1, objects: [], timers: [] }] }),
  'a goto of a foreign object': (_, foreign) => ({
    requests: [{ type: 'goto', object: foreign, zone: 'hall', at: null }],
  }),
  'a key __proto__': () => ({ keep: { state: JSON.parse('{"__proto__":{"admin":true}}') as object } }),
  'state nested too deep': () => ({ keep: { state: { deep: nested(40) } } }),
  'text that breaks a database': (me) => ({ pub: { events: [say(me, { text: '\0' })] } }),
  'that it has closed': () => ({ keep: {}, closed: true }),
};

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)];
}

describe('what a worker claims', () => {
  it.each(Object.entries(lies))('%s ends that worker, and the zone is back from its last commit', async (_, lie) => {
    await using middle = await startMiddle({ entry });
    const foreign = await join(middle, 'test/hall', 'guest:00000000000000cc');
    const me = await join(middle);
    const states: string[] = [];
    middle.zones.onState(({ zone, state }) => zone === den && states.push(state));
    await expect(call(middle, me, 'frame', { frame: lie(me, foreign) as JsonObject })).rejects.toMatchObject({
      code: 'zone.interrupted',
      details: { outcome: 'unknown' },
    });
    const { fields } = await middle.logged('worker gone');
    expect(fields.why).toMatch(/^(false frame|malformed message|frame of)/);
    const { outcome } = await call(middle, me, 'echo', { back: true });
    expect(outcome).toMatchObject({ ok: true, result: { back: true } });
    expect(states).toEqual(['recovering', 'running']);
  });

  it.each([
    ['bytes that are no frame', Buffer.from([0, 0, 0, 3, 1, 2, 3])],
    ['a frame of 2 GB', Buffer.from([0x80, 0, 0, 0])],
    ['JSON nested 10,000 deep', frameOf('['.repeat(10_000) + ']'.repeat(10_000))],
    ['a message of no type', frameOf('{"hello":1}')],
    ['ready once more', frameOf('{"type":"ready","pid":1}')],
  ])('%s ends that worker and nothing else', async (_, bytes) => {
    await using middle = await startMiddle({ entry });
    const me = await join(middle);
    await expect(call(middle, me, 'bytes', { text: bytes.toString('base64') })).rejects.toMatchObject({
      code: 'zone.interrupted',
    });
    expect((await call(middle, me, 'echo', { back: true })).outcome.ok).toBe(true);
  });

  it('a worker that does not speak any more is ended, and its zones are back', async () => {
    await using middle = await startMiddle({ entry, silentMs: 400 });
    const me = await join(middle);
    await expect(call(middle, me, 'loop')).rejects.toMatchObject({ code: 'zone.interrupted' });
    expect((await middle.logged('worker gone')).fields.why).toMatch(/^silent for/);
    expect((await call(middle, me, 'echo', { back: true })).outcome.ok).toBe(true);
  });

  it('requests made while the zone recovers wait for it, so many of each owner', async () => {
    await using middle = await startMiddle({ entry, limits: { waitingEach: 3 } });
    const me = await join(middle);
    const dying = call(middle, me, 'die');
    const recovering = new Promise<void>((seen) => {
      const off = middle.zones.onState(({ state }) => {
        off();
        if (state === 'recovering') seen();
      });
    });
    await expect(dying).rejects.toMatchObject({ code: 'zone.interrupted' });
    await recovering;
    const calls = await Promise.allSettled(Array.from({ length: 5 }, (_, i) => call(middle, me, 'echo', { i })));
    expect(calls.map((one) => (one.status === 'fulfilled' ? one.value.outcome.ok : one.reason.code))).toEqual([
      ...[true, true, true],
      ...['zone.unavailable', 'zone.unavailable'],
    ]);
  });
});

function frameOf(json: string): Buffer {
  const frame = Buffer.alloc(4 + json.length);
  frame.writeUInt32BE(json.length);
  frame.write(json, 4);
  return frame;
}
