import { describe, expect, it } from 'vitest';
import type { Answer, Delta, Entered, Snapshot } from '../../core/contract/protocol.ts';
import { openHouse } from './house.ts';

const meadow = 'devtest/meadow';

describe('entering a zone', () => {
  it('answers first, then says that it runs, then sends the snapshot', async () => {
    await using house = await openHouse();
    const fox = house.connect();
    const order: string[] = [];
    fox.socket.onAny((name: string) => order.push(name));
    let entered: Answer | undefined;
    fox.socket.emit('zone.enter', { zone: meadow, name: 'Fox' }, (answer: Answer) => {
      order.push('answer');
      entered = answer;
    });
    const snapshot = await fox.next<Snapshot>('snapshot');
    expect(order).toEqual(['answer', 'zone', 'snapshot']);
    const { self: character } = snapshot;
    expect(entered).toMatchObject({ ok: true, result: { zone: meadow, name: 'Fox', character } });
    expect(snapshot).toMatchObject({ z: meadow, e: 1, u: [100, 256], r: 20 });
    expect(fox.mirror.objects.get(character ?? '')?.name).toBe('Fox');
  });

  it('ZON-15 shows who comes and who goes to the others, and everybody to who comes later', async () => {
    await using house = await openHouse();
    const fox = house.connect();
    const { character } = await fox.enter(meadow, 'Fox');
    await fox.next('snapshot');
    const hare = house.connect();
    const entered = await hare.enter(meadow, 'Hare');
    expect((await fox.next<Delta>('delta')).in).toMatchObject([{ n: 'Hare', x: 2_000, y: 2_000 }]);
    await hare.next('snapshot');
    expect([...hare.mirror.objects.keys()].sort()).toEqual([character, entered.character].sort());
    await hare.call('zone.leave');
    house.zones.get(meadow).step();
    expect((await fox.next<Delta>('delta')).out).toHaveLength(1);
    expect([...fox.mirror.objects.keys()]).toEqual([character]);
  });

  it('ZON-17 a full zone refuses entry', async () => {
    await using house = await openHouse({}, [{ capacity: 1 }]);
    await house.connect().enter(meadow, 'Fox');
    const hare = house.connect();
    await expect(hare.enter(meadow, 'Hare')).rejects.toMatchObject({ code: 'zone.full' });
    expect(house.gateway.who(meadow).map(({ name }) => name)).toEqual(['Fox']);
  });

  it('H-18 where a zone is full, the character that lost its connection first gives way to who is there', async () => {
    await using house = await openHouse({}, [{ capacity: 2 }]);
    const lost = async (name: string) => {
      const guest = house.connect();
      const { resume } = await guest.enter(meadow, name);
      const gone = new Promise((resolve) => {
        house.gateway.onClosed(resolve);
      });
      guest.socket.disconnect();
      await gone;
      return resume;
    };
    await lost('Fox');
    const back = await lost('Hare');
    const badger = house.connect();
    await badger.enter(meadow, 'Badger');
    expect(house.gateway.who(meadow).map(({ name }) => name)).toEqual(['Badger', 'Hare']);
    const hare = house.connect({ resume: back });
    expect(await hare.next('resumed')).toMatchObject({ name: 'Hare' });
    await expect(house.connect().enter(meadow, 'Otter')).rejects.toMatchObject({ code: 'zone.full' });
  });

  it('H-18 one address leaves no more characters behind than it may have connections', async () => {
    await using house = await openHouse({ connectionsPerAddress: 2 });
    for (const name of ['Fox', 'Hare', 'Otter']) {
      const guest = house.connect();
      await guest.enter(meadow, name);
      const gone = new Promise((resolve) => {
        house.gateway.onClosed(resolve);
      });
      guest.socket.disconnect();
      await gone;
    }
    expect(house.gateway.who(meadow).map(({ name }) => name)).toEqual(['Hare', 'Otter']);
  });

  it('M-5 refuses names that are no names, taken ones, and ones that only look different', async () => {
    await using house = await openHouse();
    await house.connect().enter(meadow, 'Paula');
    const hare = house.connect();
    for (const name of ['a', 'a b', 'seventeen7letters', 'Ра\u202eula', 'Pаula7<', 'Foxбокс', '\u0301\u0301\u0301']) {
      await expect(hare.enter(meadow, name)).rejects.toMatchObject({ code: 'name.illegal' });
    }
    for (const name of ['paula', 'PAULA', 'Paüla', 'Раulа', 'Server', 'Admin', 'Adrn1n', 'Rnoderator', 'Devtest']) {
      await expect(hare.enter(meadow, name)).rejects.toMatchObject({ code: expect.stringMatching(/^name\./) });
    }
    await expect(hare.enter(meadow, 'Løvenhjerte')).resolves.toMatchObject({ name: 'Løvenhjerte' });
    await expect(house.connect().enter(meadow)).resolves.toMatchObject({ name: 'Guest1' });
    await expect(house.connect().enter(meadow)).resolves.toMatchObject({ name: 'Guest2' });
  });

  it('entering another zone leaves the first and keeps the name', async () => {
    await using house = await openHouse({}, [{}, { name: 'barn' }]);
    const fox = house.connect();
    const first = await fox.enter(meadow, 'Fox');
    const second = await fox.enter('devtest/barn');
    expect(second).toMatchObject({ zone: 'devtest/barn', name: 'Fox' });
    expect(house.gateway.who(meadow)).toEqual([]);
    expect(house.zones.get(meadow).things.has(first.character)).toBe(false);
    expect(house.zones.get(meadow).audience).toBe(0);
    expect(house.zones.get('devtest/barn').audience).toBe(1);
  });
});

describe('entering while other things happen', () => {
  it('a client that goes while the zone makes its character leaves nothing behind', async () => {
    await using house = await openHouse();
    const gate = Promise.withResolvers<void>();
    house.zones.gate = gate.promise;
    const fox = house.connect();
    fox.socket.emit('zone.enter', { zone: meadow, name: 'Fox' });
    await fox.call('test.echo');
    fox.socket.disconnect();
    await house.untilLogged('session closed');
    expect(house.gateway.who(meadow)).toEqual([]);
    gate.resolve();
    await expect(house.connect().enter(meadow, 'Fox')).resolves.toMatchObject({ name: 'Fox' });
    const zone = house.zones.get(meadow);
    expect(zone.told).toContainEqual(expect.objectContaining({ type: 'leave' }));
    expect([...zone.things.values()].map(({ name }) => name)).toEqual(['Fox']);
  });

  it('two that come at once cannot share the last place, nor a name', async () => {
    await using house = await openHouse({}, [{ capacity: 1 }, { name: 'barn' }]);
    const gate = Promise.withResolvers<void>();
    house.zones.gate = gate.promise;
    const guests = [house.connect(), house.connect()];
    const entered = guests.map((guest, at) => guest.enter(meadow, `Guest${at}`).catch(({ code }) => code));
    await Promise.all(guests.map((guest) => guest.call('test.echo')));
    gate.resolve();
    expect((await Promise.all(entered)).filter((outcome) => outcome === 'zone.full')).toHaveLength(1);
    const twins = await Promise.all(
      [house.connect(), house.connect()].map((guest) => guest.enter('devtest/barn', 'Twin').catch(({ code }) => code)),
    );
    expect(twins.filter((outcome) => outcome === 'name.taken')).toHaveLength(1);
  });

  it('enters, leaves and enters of one client happen one after the other', async () => {
    await using house = await openHouse({}, [{}, { name: 'barn' }]);
    const fox = house.connect();
    await Promise.all([
      fox.enter(meadow, 'Fox'),
      fox.call('zone.leave'),
      fox.enter('devtest/barn'),
      fox.enter(meadow),
      fox.enter(meadow),
    ]);
    expect(house.gateway.who('devtest/barn')).toEqual([]);
    expect(house.gateway.who(meadow)).toMatchObject([{ name: 'Fox' }]);
    expect(house.zones.get(meadow).audience).toBe(1);
    expect(house.zones.get('devtest/barn').audience).toBe(0);
  });
});

describe('losing the connection', () => {
  it('M-7 gives the same character back to who presents the token, with a new token and a snapshot', async () => {
    await using house = await openHouse();
    const fox = house.connect();
    const before = await fox.enter(meadow, 'Fox');
    fox.socket.disconnect();
    await house.untilLogged('session closed');
    expect(house.gateway.who(meadow)).toMatchObject([{ name: 'Fox', connected: false }]);
    expect(house.zones.get(meadow).told.at(-1)).toMatchObject({ type: 'connected', connected: false });
    const again = house.connect({ resume: before.resume });
    const resumed = again.next<Entered>('resumed');
    const snapshot = await again.next<Snapshot>('snapshot');
    expect(snapshot.self).toBe(before.character);
    expect((await resumed).resume).not.toBe(before.resume);
    expect(again.messages.map(({ name }) => name)).toEqual(['resumed', 'zone', 'snapshot']);
    const thief = house.connect({ resume: before.resume });
    expect(await thief.next('notice')).toMatchObject({ code: 'session.unknown-resume' });
  });

  it('replaces a connection that is still open', async () => {
    await using house = await openHouse();
    const fox = house.connect();
    const { resume, character } = await fox.enter(meadow, 'Fox');
    const notice = fox.next('notice');
    const gone = fox.next('disconnect');
    const again = house.connect({ resume });
    expect((await again.next<Snapshot>('snapshot')).self).toBe(character);
    expect(await notice).toMatchObject({ code: 'session.replaced' });
    await gone;
    expect(house.gateway.who(meadow)).toMatchObject([{ name: 'Fox', connected: true }]);
    expect(house.zones.get(meadow).audience).toBe(1);
  });

  it('lets the character go when the grace time is over', async () => {
    await using house = await openHouse({ graceS: 0 });
    const fox = house.connect();
    const { resume } = await fox.enter(meadow, 'Fox');
    const left = new Promise((resolve) => {
      house.gateway.onClosed(resolve);
    });
    fox.socket.disconnect();
    await left;
    const again = house.connect({ resume });
    expect(await again.next('notice')).toMatchObject({ code: 'session.unknown-resume' });
    expect(house.zones.get(meadow).told.at(-1)).toMatchObject({ type: 'leave' });
    expect(house.gateway.who(meadow)).toEqual([]);
  });

  it('calls made while the character is taken back wait for it', async () => {
    await using house = await openHouse();
    const fox = house.connect();
    const { resume } = await fox.enter(meadow, 'Fox');
    fox.socket.disconnect();
    await house.untilLogged('session closed');
    const again = house.connect({ resume });
    expect(await again.call('zone.who')).toMatchObject({ ok: true, result: [{ name: 'Fox' }] });
  });
});

describe('a zone that changes under its sessions', () => {
  it('keeps the socket over a recovery and sends a snapshot of the new epoch', async () => {
    await using house = await openHouse();
    const fox = house.connect();
    await fox.enter(meadow, 'Fox');
    await fox.next('snapshot');
    const zone = house.zones.get(meadow);
    house.zones.state({ zone: meadow, epoch: 1, state: 'recovering' });
    zone.spawn({ x: 2_100, y: 2_000 });
    zone.step();
    zone.restart();
    zone.step();
    const snapshot = fox.next<Snapshot>('snapshot');
    house.zones.state({ zone: meadow, epoch: 2, state: 'running' });
    expect((await snapshot).e).toBe(2);
    expect(fox.messages.map(({ name }) => name)).toEqual(['zone', 'snapshot', 'zone', 'zone', 'snapshot']);
    expect(fox.mirror.objects.size).toBe(2);
  });

  it('ZON-22 follows a character through a portal', async () => {
    await using house = await openHouse({}, [{}, { name: 'barn' }]);
    const fox = house.connect();
    const { character } = await fox.enter(meadow, 'Fox');
    await fox.next('snapshot');
    await house.zones.open('devtest/barn');
    const owner = house.zones.get(meadow).things.get(character)?.owner ?? '';
    const snapshot = fox.next<Snapshot>('snapshot');
    house.zones.move(owner, character, meadow, 'devtest/barn');
    expect(await snapshot).toMatchObject({ z: 'devtest/barn', self: character });
    expect(fox.messages.slice(2).map(({ data }) => (data as { state?: string }).state)).toEqual([
      'moving',
      'entering',
      'running',
      undefined,
    ]);
    expect(house.gateway.who('devtest/barn')).toMatchObject([{ name: 'Fox' }]);
    expect(house.zones.get(meadow).audience).toBe(0);
  });

  it('a character that its portal refuses stays, with a snapshot only if it was on its way', async () => {
    await using house = await openHouse();
    const fox = house.connect();
    const { character } = await fox.enter(meadow, 'Fox');
    await fox.next('snapshot');
    const owner = house.zones.get(meadow).things.get(character)?.owner ?? '';
    house.zones.refuse(owner, character, meadow, false);
    house.zones.refuse(owner, character, meadow, true);
    await fox.next('snapshot');
    expect(fox.messages.map(({ name }) => name)).toEqual(['zone', 'snapshot', 'zone', 'zone', 'snapshot']);
    expect(house.zones.get(meadow).audience).toBe(1);
  });

  it('a zone that cannot go on is told with its code, and the session may enter anew', async () => {
    await using house = await openHouse();
    const fox = house.connect();
    await fox.enter(meadow, 'Fox');
    await fox.next('snapshot');
    await fox.next('zone');
    house.zones.state({ zone: meadow, epoch: 1, state: 'closed', code: 'zone.failed' });
    expect(await fox.next('zone')).toEqual({ zone: meadow, state: 'closed', code: 'zone.failed' });
    expect(house.gateway.who(meadow)).toEqual([]);
    expect(await fox.enter(meadow)).toMatchObject({ name: 'Fox' });
    await fox.next('snapshot');
  });
});
