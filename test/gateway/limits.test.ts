import { describe, expect, it } from 'vitest';
import type { Answer } from '../../core/contract/protocol.ts';
import { openHouse } from './house.ts';
import { frame, openPoll, openRaw } from './raw.ts';

const meadow = 'devtest/meadow';
const codeOf = (answer: Answer) => (answer.ok ? 'ok' : answer.error.code);

describe('a call that is no call', () => {
  it('is answered with a code and harms nobody', async () => {
    await using house = await openHouse();
    const fox = house.connect();
    for (const method of ['no.such', '__proto__', 'constructor', 'toString', 'error', 'message', '']) {
      expect(codeOf(await fox.call(method))).toBe('call.unknown-method');
    }
    const emit = (...args: unknown[]) =>
      new Promise<Answer>((resolve) => {
        fox.socket.emit('test.echo', ...args, resolve);
      });
    const deep = JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`);
    for (const args of [
      [1],
      ['text'],
      [[1, 2]],
      [true],
      [{}, {}],
      [{ deep }],
      [Buffer.from('binary')],
      [{ a: Buffer.from('b') }],
    ]) {
      expect(codeOf(await emit(...args))).toBe('call.malformed');
    }
    expect(await emit()).toEqual({ ok: true, result: {} });
    expect(await emit(null)).toEqual({ ok: true, result: {} });
    expect(await emit({ text: '[[[[' })).toEqual({ ok: true, result: { text: '[[[[' } });
    expect(codeOf(await fox.call('test.deep'))).toBe('call.failed');
    expect(fox.socket.connected).toBe(true);
  });

  it('LIM-03 a name that socket.io keeps for itself ends that connection alone, and the log says why', async () => {
    await using house = await openHouse();
    const hare = house.connect();
    await hare.call('test.echo');
    const end = async (packet: string) => {
      const raw = await openRaw(house.port);
      raw.tcp.write(frame(packet));
      await raw.closed;
    };
    await Promise.all(['42["connect",{}]', '42["newListener"]', '4{}', '49', '42['].map(end));
    expect(codeOf(await hare.call('test.echo'))).toBe('ok');
    expect(house.logged.filter(({ text }) => text === 'session closed')).toHaveLength(5);
    expect(house.gateway.stats().sessions).toBe(1);
  });

  it('without an acknowledgement it is carried out all the same', async () => {
    await using house = await openHouse();
    const fox = house.connect();
    await fox.enter(meadow, 'Fox');
    fox.socket.emit('chat.say', { text: 'Hello' });
    const { ev } = await fox.next<{ ev: { text: string }[] }>('delta');
    expect(ev).toMatchObject([{ text: 'Hello' }]);
  });
});

describe('too much', () => {
  it('H-16 calls over the rate, and more than may wait for an answer, get a code', async () => {
    await using house = await openHouse({ callBurst: 5, callsPerSecond: 1, callsInFlight: 2 });
    const fox = house.connect();
    const echoes = await Promise.all(Array.from({ length: 9 }, () => fox.call('test.echo')));
    expect(echoes.map(codeOf)).toContain('call.too-fast');
    const hare = house.connect();
    // It has an allowance of its own, and not what the first had left.
    await hare.call('test.echo');
    const waiting = [hare.call('test.never'), hare.call('test.never')];
    expect(codeOf(await hare.call('test.echo'))).toBe('call.too-many');
    expect(waiting).toHaveLength(2);
  });

  it('H-17 connecting again from the same address renews no budget', async () => {
    await using house = await openHouse({ callBurst: 5, callsPerSecond: 0.001 });
    const fox = house.connect();
    const gone = house.untilLogged('session closed');
    await Promise.all(Array.from({ length: 9 }, () => fox.call('test.echo')));
    fox.socket.disconnect();
    await gone;
    const again = await Promise.all(Array.from({ length: 3 }, () => house.connect().call('test.echo')));
    // One of the three goes on with what the first had left; the others are connections that it could have had too.
    expect(again.map(codeOf).filter((code) => code === 'call.too-fast')).toHaveLength(1);
  });

  it('messages over the rate are answered unread, and a flood is told why and cut off', async () => {
    await using house = await openHouse({ packetsPerSecond: 20, callsPerSecond: 1, floodFactor: 2, floodS: 1 });
    const fox = house.connect();
    const notice = fox.next<{ code: string }>('notice');
    const codes = new Set<string>();
    const over = new Promise<void>((resolve) => {
      fox.socket.on('disconnect', () => resolve());
    });
    const flood = setInterval(() => {
      for (let at = 0; at < 20; at++) {
        fox.socket.emit('test.echo', {}, (answer: Answer) => codes.add(codeOf(answer)));
      }
    }, 10);
    expect((await notice).code).toBe('session.too-fast');
    await over;
    clearInterval(flood);
    expect(codes).toContain('call.too-fast');
    expect(await house.untilLogged('session closed')).toMatchObject({ reason: 'session.too-fast' });
    expect(house.gateway.stats().disconnects).toEqual({ 'session.too-fast': 1 });
  });

  it('LIM-07 a message longer than the limit ends the connection, others go on', async () => {
    await using house = await openHouse();
    const hare = house.connect();
    await hare.call('test.echo');
    for (const transports of [['websocket'], ['polling']]) {
      const fox = house.connect({ transports });
      await fox.call('test.echo');
      const gone = fox.next('disconnect');
      fox.socket.emit('test.echo', { text: 'x'.repeat(10_000_000) });
      await gone;
    }
    expect(codeOf(await hare.call('test.echo', { text: 'x'.repeat(16_000) }))).toBe('ok');
  });

  it('H-16 120,000 packets in one body are refused unread; so are 33', async () => {
    await using house = await openHouse();
    const { post } = await openPoll(house.url);
    const many = await post(new Array(120_000).fill('42["test.echo"]').join('\x1e'));
    expect(many.status).toBe(413);
    const poll = await openPoll(house.url);
    const [answered] = await Promise.all([
      poll.poll(),
      poll.post(new Array(33).fill('42["test.echo",{}]').join('\x1e')),
    ]);
    expect(answered).toContain('session.too-fast');
    expect(await house.untilLogged('session closed')).toMatchObject({ reason: 'session.too-fast' });
  });

  it('inputs go to the zone with their seq; more than thirty a second and odd ones do not', async () => {
    await using house = await openHouse();
    const fox = house.connect();
    await fox.enter(meadow, 'Fox');
    for (let seq = 1; seq <= 60; seq++) fox.socket.emit('input', { seq, x: 1 });
    for (const odd of [{}, { seq: -1 }, { seq: 'a' }, { seq: 1.5 }, [], { seq: 99, text: 'x'.repeat(2_000) }]) {
      fox.socket.emit('input', odd);
    }
    expect(codeOf(await fox.call('input', { x: 1 }))).toBe('call.bad-params');
    const inputs = house.zones.get(meadow).told.filter(({ type }) => type === 'input');
    expect(inputs[0]).toMatchObject({ seq: 1, input: { x: 1 } });
    expect(inputs.length).toBeGreaterThanOrEqual(30);
    expect(inputs.length).toBeLessThan(60);
  });
});

describe('connecting', () => {
  it('C-9 is refused to foreign pages, unknown host names, old protocols and JSONP, before anything exists', async () => {
    await using house = await openHouse({ origins: ['https://play.example.org'], hosts: ['roost.example.org'] });
    const base = `${house.url}/socket.io/?EIO=4&transport=polling`;
    const status = async (url: string, headers: Record<string, string> = {}) => (await fetch(url, { headers })).status;
    expect(await status(base, { origin: 'https://evil.example' })).toBe(403);
    expect(await status(base, { origin: 'null' })).toBe(403);
    expect(await status(base, { 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await status(`${base}&j=0`)).toBe(403);
    expect(await status(base.replace('EIO=4', 'EIO=3'))).toBe(403);
    expect(house.gateway.stats().sessions).toBe(0);
    expect(await status(base, { origin: house.url })).toBe(200);
    expect(await status(base, { origin: 'https://play.example.org' })).toBe(200);
    const evil = house.connect({ headers: { origin: 'https://evil.example' } });
    await new Promise((resolve) => evil.socket.on('connect_error', resolve));
    const rebound = house.connect({ headers: { host: 'evil.example' } });
    await new Promise((resolve) => rebound.socket.on('connect_error', resolve));
    const named = house.connect({ headers: { host: 'roost.example.org' } });
    expect(codeOf(await named.call('test.echo'))).toBe('ok');
  });

  it('H-17 is bounded in number and rate by address, and in all', async () => {
    const refused = async (config: object) => {
      await using house = await openHouse(config);
      const first = house.connect();
      await first.call('test.echo');
      const answer = await fetch(`${house.url}/socket.io/?EIO=4&transport=polling`);
      expect(answer.status).toBe(403);
      return ((await answer.json()) as { readonly message: string }).message;
    };
    expect(await refused({ connectionsPerAddress: 1 })).toBe('session.too-many');
    expect(await refused({ connectsPerAddressPerSecond: 1 })).toBe('session.too-many');
    expect(await refused({ sessions: 1 })).toBe('session.full');
  });

  it('H-17 is one session, however often it asks to join at once', async () => {
    await using house = await openHouse();
    const raw = await openRaw(house.port, 20);
    raw.tcp.write(frame('421["test.echo",{}]'));
    await raw.until(/^431/);
    expect(house.gateway.stats().sessions).toBe(1);
    raw.tcp.destroy();
  });

  it('H-17 ends with its session: who leaves the namespace does not stay where no limit counts him', async () => {
    await using house = await openHouse();
    const raw = await openRaw(house.port);
    raw.tcp.write(frame('41'));
    await raw.closed;
    expect(house.gateway.stats()).toMatchObject({ sessions: 0, disconnects: { 'client namespace disconnect': 1 } });
  });

  it('and doing nothing ends with a reason', async () => {
    await using house = await openHouse({ idleSessionS: 0 });
    const fox = house.connect();
    expect(await fox.next('notice')).toMatchObject({ code: 'session.idle' });
    await fox.next('disconnect');
  });

  it('LIM-05 a dead connection is noticed by its heartbeat and its zone is told', async () => {
    await using house = await openHouse({ heartbeatMs: 100, heartbeatTimeoutMs: 100 });
    const raw = await openRaw(house.port);
    raw.tcp.write(frame(`420["zone.enter",{"zone":"${meadow}","name":"Fox"}]`));
    await raw.until(/^430/);
    const hare = house.connect();
    await hare.enter(meadow, 'Hare');
    await raw.closed;
    expect(await house.untilLogged('session closed')).toMatchObject({ reason: 'ping timeout' });
    expect(house.zones.get(meadow).told).toContainEqual(
      expect.objectContaining({ type: 'connected', connected: false }),
    );
    expect(codeOf(await hare.call('test.echo'))).toBe('ok');
  });
});

describe('bytes as they come', () => {
  it('LIM-08 frames in pieces, several in one piece, and fragmented messages are read', async () => {
    await using house = await openHouse();
    const raw = await openRaw(house.port);
    raw.tcp.setNoDelay(true);
    for (const byte of frame('421["test.echo",{"way":"slow"}]')) {
      await new Promise<void>((resolve) => {
        raw.tcp.write(Buffer.from([byte]), () => resolve());
      });
    }
    expect(await raw.until(/^431/)).toContain('slow');
    raw.tcp.write(Buffer.concat([2, 3, 4].map((id) => frame(`42${id}["test.echo",{"id":${id}}]`))));
    await raw.until(/^434/);
    expect(raw.texts.filter((text) => /^43[234]/.test(text)).map((text) => text[2])).toEqual(['2', '3', '4']);
    raw.tcp.write(frame('425["test.ec', { fin: false }));
    raw.tcp.write(frame('ho",{"way":"parts"}]', { opcode: 0 }));
    expect(await raw.until(/^435/)).toContain('parts');
    raw.tcp.destroy();
  });

  it('LIM-07 several calls in one polling body are carried out in order', async () => {
    await using house = await openHouse();
    const { post, poll } = await openPoll(house.url);
    const [answers] = await Promise.all([
      poll(),
      post([1, 2, 3].map((id) => `42${id}["test.echo",{"id":${id}}]`).join('\x1e')),
    ]);
    expect(answers.match(/43\d/g)?.[0]).toBe('431');
  });

  it('LIM-03 a message with nothing in it is nothing', async () => {
    await using house = await openHouse();
    const raw = await openRaw(house.port);
    for (const empty of ['4', '', '4']) raw.tcp.write(frame(empty));
    raw.tcp.write(frame('420["test.echo",{}]'));
    await Promise.race([raw.closed, raw.until(/^430/)]);
    expect(codeOf(await house.connect().call('test.echo'))).toBe('ok');
  });

  it('broken frames end their connection', async () => {
    await using house = await openHouse();
    for (const bytes of [Buffer.from([0xff, 0xff, 0xff]), Buffer.from([0x81, 0x05, 1, 2, 3, 4, 5]), Buffer.alloc(64)]) {
      const raw = await openRaw(house.port);
      raw.tcp.write(bytes);
      await raw.closed;
    }
    expect(codeOf(await house.connect().call('test.echo'))).toBe('ok');
  });
});

it('M-20 a client that stops reading is told why and cut off; what waits for it stays bounded', async () => {
  await using house = await openHouse({ closeBytes: 65_536 });
  const raw = await openRaw(house.port);
  raw.tcp.pause();
  const [session] = [...house.gateway.sessions()];
  const over = house.untilLogged('session closed');
  const timer = setInterval(() => {
    for (let at = 0; at < 50; at++) session?.send('chat', { from: 'x', text: 'x'.repeat(10_000), at: 0 });
  }, 5);
  expect(await over).toMatchObject({ reason: 'session.slow' });
  clearInterval(timer);
  raw.tcp.resume();
  await raw.closed;
});
