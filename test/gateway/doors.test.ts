/** Who stands at a door, and what is believed of it. */
import { describe, expect, it } from 'vitest';
import { Peers } from '../../core/gateway/peers.ts';
import { type House, openHouse } from './house.ts';
import { openPoll } from './raw.ts';

const proxy = { trustProxy: ['127.0.0.1'] };
const from = (...hops: readonly string[]) => ({ 'x-forwarded-for': hops.join(', ') });

async function post(house: House, method: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${house.url}/rpc`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method }),
  });
  return { status: response.status, body: (await response.json()) as { readonly error?: object } };
}

describe('behind a proxy', () => {
  const peers = new Peers(['10.0.0.1', '::1', '2001:DB8:0::1', '::ffff:192.0.2.9'], true);
  const find = (remote: string, header?: string) =>
    peers.find(remote, header === undefined ? {} : { 'x-forwarded-for': header }).address;

  it.each([
    ['the address that a trusted proxy adds', '10.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['the address that the proxy adds, however it is written,', '::ffff:10.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['the address that the proxy adds, however it is written,', '::ffff:a00:1', '203.0.113.7', '203.0.113.7'],
    ['the address that the proxy adds, however it is written,', '192.0.2.9', '203.0.113.7', '203.0.113.7'],
    ['the address that the proxy adds, however it is written,', '2001:db8:0:0:0:0:0:1', '203.0.113.7', '203.0.113.7'],
    ['the /64 of an IPv6 address', '::1', '2001:DB8:1:2::3', '2001:db8:1:2::/64'],
    ['the last hop that is no proxy of ours', '10.0.0.1', '198.51.100.1, 203.0.113.7,10.0.0.1 , ::1', '203.0.113.7'],
    ['nothing that a stranger put before it', '10.0.0.1', `${'x, '.repeat(900)}10.0.0.1, 203.0.113.7`, '203.0.113.7'],
    ['the IPv4 address within an IPv6 one', '10.0.0.1', '::ffff:cb00:7107', '203.0.113.7'],
    ['nothing that a stranger says of himself', '10.0.0.2', '203.0.113.7', '10.0.0.2'],
    ['no word', '10.0.0.1', '203.0.113.7, unknown', '10.0.0.1'],
    ['no address with a port', '10.0.0.1', '203.0.113.7:4711', '10.0.0.1'],
    ['no empty hop', '10.0.0.1', '203.0.113.7,', '10.0.0.1'],
    ['no endless hop', '10.0.0.1', '1'.repeat(8_000), '10.0.0.1'],
    ['the proxy itself, where only proxies are named', '10.0.0.1', '::1, 10.0.0.1', '10.0.0.1'],
    ['the proxy itself, where it says nothing', '10.0.0.1', undefined, '10.0.0.1'],
  ])('H-17 %s is what counts, from %s', (_what, remote, header, address) => {
    expect(find(remote, header)).toBe(address);
  });

  it('H-17 each address has limits of its own, at both doors', async () => {
    await using house = await openHouse({ ...proxy, connectionsPerAddress: 1, callBurst: 3, callsPerSecond: 0.001 });
    const [fox, hare] = ['203.0.113.7', '203.0.113.8'].map((address) => house.connect({ headers: from(address) }));
    for (const guest of [fox, hare]) expect(await guest?.call('test.echo')).toMatchObject({ ok: true });
    const second = house.connect({ headers: from('198.51.100.1', '203.0.113.7') });
    await new Promise((resolve) => second.socket.once('connect_error', resolve));
    expect([...house.gateway.sessions()].map(({ address }) => address)).toEqual(['203.0.113.7', '203.0.113.8']);

    const ask = (address: string) => post(house, 'test.echo', from(address));
    for (let call = 0; call < 3; call++) expect((await ask('198.51.100.1')).body.error).toBeUndefined();
    expect((await ask('198.51.100.1')).body.error).toMatchObject({ data: { code: 'call.too-fast' } });
    expect((await ask('198.51.100.2')).body.error).toBeUndefined();
  });

  it('H-17 the proxy has as many connections as it needs, anybody else as many as one may', async () => {
    const open = async (config: object) => {
      await using house = await openHouse({ ...config, connectionsPerAddress: 1 });
      const guests = Array.from({ length: 6 }, (_, at) => house.connect({ headers: from(`203.0.113.${at}`) }));
      const opened = ({ socket }: (typeof guests)[number]) =>
        new Promise<boolean>((resolve) => {
          socket.once('connect', () => resolve(true)).once('connect_error', () => resolve(false));
        });
      return (await Promise.all(guests.map(opened))).filter(Boolean).length;
    };
    expect(await open(proxy)).toBe(6);
    expect(await open({})).toBe(1);
  });

  it('who is barred is barred by his own address, and nobody else is', async () => {
    await using house = await openHouse(proxy);
    const fox = house.connect({ headers: from('203.0.113.7') });
    const hare = house.connect({ headers: from('203.0.113.8') });
    for (const guest of [fox, hare]) await guest.call('test.echo');
    house.gateway.bar(new Map([['203.0.113.7', null]]));
    expect(await fox.next('notice')).toMatchObject({ code: 'session.barred' });
    expect(await hare.call('test.echo')).toMatchObject({ ok: true });
    const status = async (address: string) => (await fetch(`${house.url}/healthz`, { headers: from(address) })).status;
    expect([await status('203.0.113.7'), await status('203.0.113.8')]).toEqual([403, 200]);
    expect((await post(house, 'test.echo', from('203.0.113.7'))).status).toBe(403);
    const again = house.connect({ headers: from('203.0.113.7') });
    await new Promise((resolve) => again.socket.once('connect_error', resolve));
  });
});

describe('the operator', () => {
  it('H-15 is not known by where he comes from, on a node that is not in development', async () => {
    const rights = async (dev: boolean) => {
      await using house = await openHouse({ dev });
      const told: boolean[][] = [];
      house.gateway.onOpened((session) => told.push([session.has('operator'), session.loopback]));
      await house.connect().call('test.echo');
      await post(house, 'test.echo');
      return told;
    };
    expect(await rights(true)).toEqual(new Array(2).fill([true, true]));
    expect(await rights(false)).toEqual(new Array(2).fill([false, false]));
  });

  it('is an administrator, with a login that is trusted', async () => {
    await using house = await openHouse({ dev: false, accountSessions: 'many' });
    const fox = house.connect({ token: 'fox-desk' });
    await fox.call('test.echo');
    const [session] = house.gateway.sessions();
    expect(session?.has('operator')).toBe(false);
    house.gateway.changeAccount('fox', { privileges: ['admin'] });
    expect(['operator', 'bot', 'server'].map((one) => session?.has(one))).toEqual([true, false, false]);
    const page = house.connect({ headers: { cookie: 'roost=fox-cookie-00000000', origin: house.url } });
    await page.call('test.echo');
    house.gateway.changeAccount('fox', { privileges: ['admin'] });
    expect([...house.gateway.sessions()].map((one) => one.has('operator')).filter(Boolean)).toHaveLength(1);
  });
});

describe('a page', () => {
  it('H-15 without https is known by what it posts, or by where it says it is from', async () => {
    await using house = await openHouse();
    const told: boolean[] = [];
    house.gateway.onOpened((session) => told.push(session.page));
    await openPoll(house.url);
    await openPoll(house.url, { POST: { origin: house.url } });
    await openPoll(house.url, { GET: { referer: `${house.url}/` } });
    expect(told).toEqual([false, true, true]);
  });
});

describe('a cookie', () => {
  it('that comes twice is nobody’s: one of them was planted', async () => {
    await using house = await openHouse();
    const me = async (cookie: string) =>
      (await house.connect({ headers: { cookie, origin: house.url } }).call('auth.me')) as object;
    const [own, other] = ['roost=fox-cookie-00000000', 'roost=hen-cookie-00000000'];
    expect(await me(`roosted=1; ${own}; x=2`)).toMatchObject({ result: { id: 'fox' } });
    for (const both of [`${other}; ${own}`, `${own};${other}`, `${own}; roost=`, `${own}; ${own}`])
      expect(await me(both)).toEqual({ ok: true, result: null });
  });
});

describe('a version', () => {
  it('ACC-17 that is none is refused, whatever it is, and the node goes on', async () => {
    await using house = await openHouse();
    for (const protocol of [{ toString: 1 }, { toString: null }, [], ['1.0'], null, true, {}, '', '2', 2]) {
      const odd = house.connect({ auth: { protocol } });
      const gone = odd.next('disconnect');
      expect(await odd.next('notice')).toMatchObject({ code: 'session.protocol' });
      await gone;
      expect(house.gateway.stats().sessions).toBe(0);
    }
    expect(await house.connect({ auth: { protocol: 1 } }).call('test.echo')).toMatchObject({ ok: true });
  });
});
