import { describe, expect, it } from 'vitest';
import { startMethods } from '../support/methods.ts';

const head = "import { defineMethod, definePlugin, HostError, z } from 'roost/plugin';\n";
const method = (spec: string) => `${head}export default defineMethod({ ${spec} });\n`;
const plugin = (spec: string) => `${head}export default definePlugin({ version: '1.0.0', ${spec} });\n`;

describe('the host', () => {
  it('PLG-06 sends to a session, an owner, a room, a zone and everyone', async () => {
    await using methods = await startMethods({
      'post.ts': method("handle: ({ params, host }) => host.send(params.to, 'post', params.text)"),
    });
    await methods.open('ann', { owner: 'guest:1', zone: 'farm/yard', character: '0001000000000001', name: 'Ann' });
    await methods.open('ben', { owner: 'guest:2', zone: 'farm/barn', character: '0001000000000002', name: 'Ben' });
    await methods.open('cat', { owner: 'guest:1' });
    const receivers = async (to: unknown) => {
      const since = methods.events.length;
      expect(await methods.call('ann', 'post', { to, text: 'hi' })).toMatchObject({ ok: true });
      return methods.events.slice(since).flatMap((event) => (event.event === 'sent' ? [event.to] : []));
    };
    expect(await receivers({ session: 'ben' })).toEqual(['ben']);
    expect(await receivers({ session: 'nobody' })).toEqual([]);
    expect(await receivers({ user: 'guest:1' })).toEqual(['ann', 'cat']);
    expect(await receivers({ zone: 'farm/yard' })).toEqual(['ann']);
    expect(await receivers('everyone')).toEqual(['ann', 'ben', 'cat']);
  });

  it('PLG-06 has rooms: create, find, join, leave, members, send, remove', async () => {
    await using methods = await startMethods({
      'club.ts': method(`handle({ caller, host }) {
        const { rooms } = host;
        rooms.create('club');
        const seen = [rooms.has('club'), rooms.members('club').length];
        rooms.join('club', caller.id);
        rooms.join('club', 'ben');
        seen.push(rooms.members('club').join());
        host.send({ room: 'club', except: caller.id }, 'post', 'hi');
        rooms.leave('club', 'ben');
        seen.push(rooms.members('club').join());
        rooms.remove('club');
        seen.push(rooms.has('club'));
        host.send({ room: 'club' }, 'post', 'nobody');
        return seen;
      }`),
      'club-size.ts': method(
        "handle({ host }) { host.rooms.create('a'); return host.rooms.members('a').length === 0; }",
      ),
    });
    await methods.open('ann');
    await methods.open('ben');
    expect(await methods.call('ann', 'club')).toMatchObject({ ok: false, error: { code: 'room.unknown' } });
    expect(methods.events.flatMap((event) => (event.event === 'sent' ? [event.to] : []))).toEqual(['ben']);
    expect(await methods.call('ann', 'club-size')).toEqual({ ok: true, result: true });
  });

  it('PLG-06 knows the caller, the clock, chance, zones and the node', async () => {
    await using methods = await startMethods({
      'me.ts': method(`handle({ caller, host }) {
        caller.send('private', { n: 1 });
        return {
          id: caller.id, owner: caller.owner, name: caller.name, zone: caller.zone?.id, game: caller.zone?.game,
          character: caller.character, now: host.clock.now() > 1e9, random: host.random() < 1, plugin: host.plugin,
          version: host.version, zones: host.zones.list().map((info) => info.zone), none: host.zones.find('farm/no') ?? null,
        };
      }`),
      'bad-send.ts': method("handle({ caller }) { caller.send('disconnect', {}); }"),
      'bad-data.ts': method('handle({ caller }) { const a = {}; a.a = a; caller.send("x", a); }'),
    });
    await methods.open('ann', { zone: 'farm/yard', character: '0001000000000001', name: 'Ann' });
    expect(await methods.call('ann', 'me')).toEqual({
      ok: true,
      result: {
        id: 'ann',
        owner: 'guest:ann',
        name: 'Ann',
        zone: 'farm/yard',
        game: 'farm',
        character: '0001000000000001',
        now: true,
        random: true,
        plugin: 'me',
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        zones: ['farm/yard'],
        none: null,
      },
    });
    expect(await methods.next('sent')).toMatchObject({ to: 'ann', name: 'private', data: { n: 1 } });
    expect(await methods.call('ann', 'bad-send')).toMatchObject({ error: { code: 'call.failed' } });
    expect(await methods.call('ann', 'bad-data')).toMatchObject({ error: { code: 'call.failed' } });
  });

  it('reads and writes the database, all or nothing', async () => {
    await using methods = await startMethods({
      'notes/plugin.ts': plugin(
        "migrations: [{ name: '001-notes', up: (trx) => trx.run('create table notes_notes (text text not null)') }]",
      ),
      'notes/add.ts': method(`handle: ({ params, host }) => host.db.transaction(async (trx) => {
        await trx.run('insert into notes_notes (text) values (?)', [params.text]);
        if (params.fail) throw new HostError('notes.full');
      })`),
      'notes/all.ts': method("handle: ({ host }) => host.db.read('select text from notes_notes order by rowid')"),
    });
    await methods.open('ann');
    await methods.call('ann', 'notes.add', { text: 'one' });
    expect(await methods.call('ann', 'notes.add', { text: 'two', fail: true })).toMatchObject({
      error: { code: 'notes.full' },
    });
    expect(await methods.call('ann', 'notes.all')).toEqual({ ok: true, result: [{ text: 'one' }] });
  });

  it('runs timers one after another, until the undo', async () => {
    await using methods = await startMethods({
      'clock/plugin.ts': plugin(`start({ host }) {
        let running = 0;
        let count = 0;
        const off = host.every(0.05, async () => {
          running += 1;
          count += 1;
          await new Promise((done) => setTimeout(done, 120));
          host.send('everyone', 'tick', { running, count });
          running -= 1;
          if (count === 3) { off(); host.after(0, () => host.send('everyone', 'last', { count })); }
        });
      }`),
      'clock/bad.ts': method('handle({ host }) { host.every(0, () => {}); }'),
    });
    await methods.open('ann');
    expect(await methods.next('sent', ({ name }) => name === 'last')).toMatchObject({ data: { count: 3 } });
    const ticks = methods.events.flatMap((event) =>
      event.event === 'sent' && event.name === 'tick' ? [event.data] : [],
    );
    expect(ticks.every((tick) => (tick as { running: number }).running === 1)).toBe(true);
    expect(await methods.call('ann', 'clock.bad')).toMatchObject({ error: { code: 'call.failed' } });
  });
});

describe('listeners', () => {
  it('PLG-15 hear of every session that opens, enters, leaves and is lost, and of zones', async () => {
    const listener = (name: string) =>
      `${name}: ({ caller, reason, zone, host }) => host.log.info({ what: '${name}', who: caller?.id, reason, zone }, 'heard')`;
    const names = ['opened', 'closed', 'entered', 'left', 'zoneOpened', 'zoneClosed'];
    await using methods = await startMethods({
      'ears/plugin.ts': plugin(`on: { ${names.map(listener).join(', ')} }`),
      'ears/none.ts': method('handle: () => null'),
    });
    await methods.open('ann');
    await methods.call('ann', 'zone.enter', { zone: 'farm/yard', name: 'Ann' });
    await methods.zone('running');
    await methods.zone('recovering');
    await methods.zone('running');
    await methods.zone('closed');
    await methods.call('ann', 'zone.leave', {});
    await methods.close('ann');
    const heard = methods.events.flatMap((event) =>
      event.event === 'log' && event.text === 'heard' ? [event.fields] : [],
    );
    expect(heard).toEqual([
      { plugin: 'ears', what: 'opened', who: 'ann' },
      { plugin: 'ears', what: 'entered', who: 'ann', zone: 'farm/yard' },
      { plugin: 'ears', what: 'zoneOpened', zone: 'farm/yard' },
      // Its worker was lost.
      { plugin: 'ears', what: 'zoneOpened', zone: 'farm/yard' },
      { plugin: 'ears', what: 'zoneClosed', zone: 'farm/yard' },
      { plugin: 'ears', what: 'left', who: 'ann', zone: 'farm/yard' },
      { plugin: 'ears', what: 'closed', who: 'ann', reason: 'gone' },
    ]);
  });

  it('that throw harm nobody and are counted', async () => {
    await using methods = await startMethods({
      'ears/plugin.ts': plugin("on: { opened() { throw new Error('ouch'); } }"),
      'ears/none.ts': method("handle: () => 'ok'"),
    });
    await methods.open('ann');
    await methods.next('log', ({ level, fields }) => level === 'error' && fields.what === 'opened');
    expect(await methods.call('ann', 'ears.none')).toEqual({ ok: true, result: 'ok' });
  });
});
