/** A method at an address of its own: `POST /rpc/chat.say`. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorTable } from '../../core/contract/errors.ts';
import { statusOf } from '../../core/gateway/http-status.ts';
import { type House, openHouse } from './house.ts';

type Told = { readonly status: number; readonly body: unknown; readonly headers: Headers };

async function post(house: House, path: string, body: string, headers: Record<string, string> = {}): Promise<Told> {
  const type = { 'content-type': 'application/json' };
  const response = await fetch(`${house.url}${path}`, { method: 'POST', body, headers: { ...type, ...headers } });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text), headers: response.headers };
}

const refused = (code: string) => ({ error: { code, message: expect.any(String) } });

describe('a method at an address of its own', () => {
  it('CLI-10 takes the params as they are, answers the result as it is, and says by the status what a refusal is', async () => {
    await using house = await openHouse();
    expect(await post(house, '/rpc/test.echo', '{"a":1}')).toMatchObject({ status: 200, body: { a: 1 } });
    expect(await post(house, '/rpc/test.echo', '')).toMatchObject({ status: 200, body: {} });
    expect(await post(house, '/rpc/test.echo?x=1', '{}')).toMatchObject({ status: 200, body: {} });
    expect(await post(house, '/rpc/no.such', '{}')).toMatchObject({
      status: 404,
      body: refused('call.unknown-method'),
    });
    expect(await post(house, '/rpc/', '{}')).toMatchObject({ status: 404 });
    expect(await post(house, '/rpc/chat.say', '{"text":"x"}')).toMatchObject({
      status: 409,
      body: refused('zone.none'),
    });
    expect(await post(house, '/rpc/test.deep', '{}')).toMatchObject({ status: 500, body: refused('call.failed') });
    for (const odd of ['[]', '1', 'null', '"text"'])
      expect(await post(house, '/rpc/test.echo', odd)).toMatchObject({ status: 400, body: refused('call.bad-params') });
    expect(await post(house, '/rpc/test.echo', '{"half')).toMatchObject({
      ...{ status: 400, body: refused('call.malformed') },
    });
  });

  it('C-9 has the limits and the origins of JSON-RPC, and refuses in its own form', async () => {
    await using house = await openHouse();
    const cases: [number, string, Record<string, string>, string][] = [
      [415, 'call.malformed', { 'content-type': 'text/plain' }, '{}'],
      [413, 'call.malformed', {}, `{"text":"${'x'.repeat(20_000)}"}`],
      [403, 'session.origin', { origin: 'https://evil.example' }, '{}'],
      [403, 'session.origin', { 'sec-fetch-site': 'cross-site' }, '{}'],
      [401, 'session.unknown-resume', { authorization: 'Bearer nobody' }, '{}'],
      [401, 'session.unknown-resume', { authorization: 'bearer nobody' }, '{}'],
      [401, 'session.unknown-token', { authorization: 'Bearer no body' }, '{}'],
      [401, 'session.unknown-token', { authorization: `Bearer ${'x'.repeat(201)}` }, '{}'],
    ];
    for (const [status, code, headers, body] of cases) {
      const told = await post(house, '/rpc/test.echo', body, headers);
      expect(told).toMatchObject({ status, body: refused(code) });
      expect(told.headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(told.headers.get('cache-control')).toBe('no-store');
    }
    house.gateway.bar(new Map([['127.0.0.1', null]]));
    expect(await post(house, '/rpc/test.echo', '{}')).toMatchObject({ status: 403, body: refused('session.barred') });
  });

  it('is called by POST, and says so to whoever asks otherwise', async () => {
    await using house = await openHouse();
    for (const [path, method] of [
      ['/rpc/test.echo', 'GET'],
      ['/rpc/test.echo', 'DELETE'],
      ['/rpc', 'GET'],
    ] as const) {
      const response = await fetch(`${house.url}${path}`, { method });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'OPTIONS, POST']);
      expect(await response.text()).toContain('A method is called by POST');
    }
    expect(await post(house, '/rpc/auth.me', '', { authorization: 'Basic Zm94OmRlc2s=' })).toMatchObject({
      body: null,
    });
  });

  it('C-9 tells the browser of an allowed page that it may read the answer, and no other', async () => {
    await using house = await openHouse({ origins: ['https://ally.example'] });
    const ask = (path: string, origin: string, init: RequestInit = {}) =>
      fetch(`${house.url}${path}`, { ...init, headers: { origin, ...init.headers } });
    const asks = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' };
    for (const path of ['/rpc', '/rpc/test.echo']) {
      const { status, headers } = await ask(path, 'https://ally.example', { method: 'OPTIONS', headers: asks });
      expect([status, headers.get('access-control-allow-origin')]).toEqual([204, 'https://ally.example']);
      expect(headers.get('access-control-allow-headers')).toBe('authorization, content-type');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      for (const type of ['application/json', 'text/plain']) {
        const said = { method: 'POST', body: '{}', headers: { 'content-type': type } };
        const told = (await ask(path, 'https://ally.example', said)).headers;
        expect([told.get('access-control-allow-origin'), told.get('vary')]).toEqual(['https://ally.example', 'origin']);
        for (const other of ['https://evil.example', 'null'])
          expect((await ask(path, other, said)).headers.get('access-control-allow-origin')).toBeNull();
      }
      const evil = await ask(path, 'https://evil.example', { method: 'OPTIONS', headers: asks });
      expect([evil.status, evil.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    }
  });

  it('takes the cookie of this node’s own pages alone, as JSON-RPC does', async () => {
    await using house = await openHouse();
    const cookie = `roost=fox-phone-${'0'.repeat(16)}`;
    const me = async (headers: Record<string, string>) => (await post(house, '/rpc/auth.me', '', headers)).body;
    expect(await me({ cookie })).toBeNull();
    expect(await me({ cookie, origin: house.url })).toMatchObject({ id: 'fox' });
    expect(await me({ authorization: 'Bearer fox-desk' })).toMatchObject({ id: 'fox' });
  });

  it('shares the budget of its address with JSON-RPC', async () => {
    await using house = await openHouse({ callsPerSecond: 1, callBurst: 3 });
    const statuses: [number, string | null][] = [];
    for (let at = 0; at < 5; at++) {
      const { status, headers } = await post(house, '/rpc/test.echo', '{}');
      statuses.push([status, headers.get('retry-after')]);
    }
    expect(statuses.slice(0, 3)).toEqual([200, 200, 200].map((status) => [status, null]));
    expect(statuses.slice(3)).toContainEqual([429, '1']);
  });

  it('has an answer for whatever stands in the address or in the body', async () => {
    await using house = await openHouse({ callsPerSecond: 10_000, callBurst: 10_000 });
    const address = fc
      .string({ unit: 'binary', maxLength: 300 })
      .map((text) => encodeURIComponent(text.toWellFormed()));
    const body = fc.oneof(fc.json(), fc.string(), fc.constantFrom('{"__proto__":1}', '{"a":1e999}', '\u0000'));
    const known = fc.constantFrom('test.echo', 'chat.say', 'zone.enter', '__proto__', 'constructor');
    await fc.assert(
      fc.asyncProperty(fc.oneof(address, known), body, async (method, text) => {
        const { status, body: told } = await post(house, `/rpc/${method}`, text);
        expect([200, 400, 401, 403, 404, 409, 429, 500, 503]).toContain(status);
        if (status !== 200) expect(told).toMatchObject(refused((told as { error: { code: string } }).error.code));
      }),
      { numRuns: 150 },
    );
    expect(house.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('the status of a code', () => {
  it('is what a proxy or a tool would make of it', () => {
    const said = Object.keys(errorTable).map((code) => [code, statusOf(code)]);
    expect(said.every(([, status]) => Number(status) >= 400 && Number(status) < 600)).toBe(true);
    expect(Object.fromEntries(said)).toMatchObject({
      'call.unknown-method': 404,
      'call.bad-params': 400,
      'call.forbidden': 403,
      'call.too-fast': 429,
      'call.failed': 500,
      'call.timeout': 504,
      'session.unknown-token': 401,
      'session.full': 503,
      'zone.full': 409,
      'zone.none': 409,
      'zone.unknown': 404,
      'object.not-found': 404,
      'name.taken': 409,
      'store.busy': 503,
    });
    expect(['auth.wrong', 'auth.throttled', 'chat.muted', 'shop.no-money', 'x'].map(statusOf)).toEqual([
      400, 429, 409, 409, 409,
    ]);
  });
});
