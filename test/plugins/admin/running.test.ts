import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended, refusalOf, withPlugins } from '../auth/people.ts';
import { comeIn, openAdministration, type Place, postAs, startPlace } from './place.ts';

/** C0 but tab and newline, DEL, C1, and what changes the direction of text. */
const control = /(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

const codeOf = async (call: Promise<unknown>) => (await refusalOf(call)).code;

let plugins: Awaited<ReturnType<typeof withPlugins>>;
let folder: string;
let place: Place;
beforeAll(async () => {
  plugins = await withPlugins();
  folder = await mkdtemp(join(tmpdir(), 'roost-run-'));
  await mkdir(join(folder, 'dice'));
  await save(
    'dice/roll.ts',
    "import { defineMethod } from 'roost/plugin';\nexport default defineMethod({ handle: () => 1 });\n",
  );
  // Loaded again only when it is asked for: saving wakes nobody within this time.
  place = await startPlace({ plugins: [folder, plugins.folder], env: { ROOST_SETTLE_MS: '5000' } });
});
afterAll(async () => {
  await place[Symbol.asyncDispose]();
  await plugins[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function save(name: string, text: string): Promise<void> {
  await writeFile(join(folder, name), text);
  await chmod(join(folder, name), 0o644);
}

describe('admin.reload', () => {
  it('ADM-02 loads what was saved, and answers when it runs', async () => {
    const { node, ada } = place;
    const guest = await node.connect();
    expect(await guest.call('dice.roll')).toBe(1);
    await save(
      'dice/roll.ts',
      "import { defineMethod } from 'roost/plugin';\nexport default defineMethod({ handle: () => 2 });\n",
    );
    const { plugins } = await ada.call<{ plugins: { plugin: string; builds: number; state: string }[] }>(
      'admin.reload',
    );
    expect(plugins.find(({ plugin }) => plugin === 'dice')).toMatchObject({ builds: 2, state: 'running' });
    expect(await guest.call('dice.roll')).toBe(2);
  });

  it('ADM-02 loads a plugin anew that has not changed, also its own, and names what does not load', async () => {
    const { ada } = place;
    expect(await ada.call('admin.reload', { plugin: 'admin' })).toMatchObject({ plugins: [{ plugin: 'admin' }] });
    expect(await codeOf(ada.call('admin.reload', { plugin: 'nothing' }))).toBe('plugin.unknown');
    await save('dice/roll.ts', 'export default 7;\n');
    expect(await codeOf(ada.call('admin.reload', { plugin: 'dice' }))).toBe('plugin.not-loaded');
    const guest = await place.node.connect();
    expect(await guest.call('dice.roll')).toBe(2);
  });
});

describe('admin.run', () => {
  it('ADM-09 runs a method of a zone with params and answers its result', async () => {
    const { node, ada } = place;
    const { client: fox } = await comeIn(node, 'Fox');
    const ring = { zone: 'devtest/rules', method: 'ring', params: { seconds: 1 } };
    expect(await codeOf(fox.call('admin.run', ring))).toBe('call.forbidden');
    expect(await ada.call('admin.run', ring)).toEqual({ tick: expect.any(Number), result: null });
    await fox.call('character.create', { name: 'Foxy' });
    await fox.enter('devtest/rules');
    await fox.until(() => fox.world.rung === 1);
    expect(await codeOf(ada.call('admin.run', { ...ring, params: { seconds: 'soon' } }))).toBe('object.bad-params');
    expect(await codeOf(ada.call('admin.run', { ...ring, method: 'sing' }))).toBe('object.unknown-method');
    expect(await codeOf(ada.call('admin.run', { ...ring, zone: 'devtest/nowhere' }))).toBe('zone.unknown');
  });

  it('ADM-09 runs a method of an object, whoever owns it and however far it is', async () => {
    const { node, ada } = place;
    const guest = await node.connect();
    await guest.enter('devtest/rules', 'Watcher');
    const { id } = await guest.one('locks');
    expect(await codeOf(guest.call('object.call', { id, method: 'mine' }))).toBe('object.forbidden');
    const run = { zone: 'devtest/rules', object: id };
    expect(await ada.call('admin.run', { ...run, method: 'mine' })).toMatchObject({ result: 'owner' });
    expect(await ada.call('admin.run', { ...run, method: 'touch' })).toMatchObject({ result: 'reach' });
    const opened = await ada.call<{ result: number }>('admin.run', { ...run, method: 'open', params: { turns: 3 } });
    expect(opened.result).toBe(3);
    await guest.until(() => guest.objects.get(id)?.state.opened === 3);
    expect(await codeOf(ada.call('admin.run', { ...run, method: 'mine', object: 'f'.repeat(16) }))).toBe(
      'object.not-found',
    );
  });
});

describe('admin.announce', () => {
  it('CHT-05 reaches everyone, and needs the broadcast privilege', async () => {
    const { node, ada } = place;
    const { client: herald } = await comeIn(node, 'Herald');
    const guest = await node.connect();
    expect(await codeOf(herald.call('admin.announce', { text: 'Hear!' }))).toBe('call.forbidden');
    await ada.call('admin.grant', { name: 'Herald', privilege: 'broadcast' });
    const heard = guest.next('notice');
    await herald.call('admin.announce', { text: 'Hear,\u0007hear!\u202e' });
    expect(await heard).toEqual({ code: 'admin.announced', message: 'Hear, hear!' });
  });
});

describe('admin.log', () => {
  it('ADM-06 connections and calls are logged when somebody wants it, and not before; never what was in them', async () => {
    const { node, ada } = place;
    const isCall = ({ msg, method }: { msg: string; method?: unknown }) => msg === 'call' && method === 'host.ping';
    const guest = await node.connect();
    await guest.call('host.ping');
    expect(await ada.call('admin.log')).toEqual({ level: 'info', calls: false });
    expect(node.logs.some(isCall)).toBe(false);
    expect(await ada.call('admin.log', { calls: true })).toEqual({ level: 'info', calls: true });
    await guest.call('host.ping');
    await expect(guest.call('auth.login', { name: 'Fox', password: 'hunter2hunter2' })).rejects.toThrow();
    expect(await node.logged(isCall)).toMatchObject({ outcome: 'ok', address: '127.0.0.1', via: 'socket' });
    expect(await node.logged(({ msg, method }) => msg === 'call' && method === 'auth.login')).toMatchObject({
      outcome: 'auth.wrong',
    });
    expect(node.words).not.toContain('hunter2');
    (await node.connect()).close();
    await node.logged(({ msg }) => msg === 'session opened');
    expect(await ada.call('admin.log', { calls: false, level: 'error' })).toEqual({ level: 'error', calls: false });
    const lines = node.logs.length;
    await ada.call('admin.announce', { text: 'Quiet.' });
    expect(await ada.call('admin.log', { level: 'info' })).toEqual({ level: 'info', calls: false });
    const since = node.logs.slice(lines).filter(({ act }) => act === 'admin.announce');
    expect(since).toEqual([]);
  });

  it('ADM-07 control characters and terminal escapes of a client are neutral in the log', async () => {
    const { node, ada } = place;
    await ada.call('admin.log', { calls: true });
    const guest = await node.connect();
    const nasty = 'x\u001b[2J\u009b31m\u202eevil\u0007\r\n{"level":"info"}';
    await expect(guest.call(nasty)).rejects.toThrow();
    await expect(ada.call('admin.kick', { name: nasty.slice(0, 20) })).rejects.toThrow();
    const line = await node.logged(({ msg, method }) => msg === 'call' && String(method).startsWith('x'));
    expect(line.method).not.toMatch(control);
    expect(line.method).toContain('\\u001b[2J');
    expect(node.words).not.toMatch(control);
    await ada.call('admin.log', { calls: false });
  });
});

describe('the audit', () => {
  type Act = { who: string; method: string; target: string | null; outcome: string; params: object; at: number };
  const acts = async (params = {}) => (await place.ada.call<{ acts: Act[] }>('admin.audit', params)).acts;

  it('ADM-10 has a row for every privileged act, refused ones too: who, when, from where, to whom', async () => {
    const { node, ada } = place;
    await comeIn(node, 'Hen');
    const [last] = await acts({ limit: 1 });
    await ada.call('admin.grant', { name: 'Hen', privilege: 'vip' });
    await expect(ada.call('admin.grant', { name: 'Hen', privilege: 'nothing-such' })).rejects.toThrow();
    await ada.call('admin.mute', { name: 'Hen', seconds: 5 });
    const since = await acts({ since: (last?.at ?? 0) + 1e-3 });
    expect(since).toMatchObject([
      { who: 'Ada', method: 'admin.mute', target: 'Hen', params: { seconds: 5 }, outcome: 'ok' },
      { who: 'Ada', method: 'admin.grant', target: 'Hen', outcome: 'admin.unknown-privilege' },
      { who: 'Ada', method: 'admin.grant', params: { privilege: 'vip' }, outcome: 'ok' },
    ]);
    expect(since[0]).toMatchObject({ address: '127.0.0.1', account: expect.stringMatching(/^[0-9a-f]{16}$/) });
    const first = (await acts({ who: 'command-line' })).at(-1);
    expect(first).toMatchObject({ method: 'admin.grant', target: 'Ada', address: null, outcome: 'ok' });
    expect(await acts({ method: 'admin.mute', limit: 1 })).toHaveLength(1);
  });

  it('ADM-10 what is the operator’s alone is there too', async () => {
    const { node, ada } = place;
    const [last] = await acts({ limit: 1 });
    expect(await codeOf(ada.call('host.rollback', { plugin: 'nothing-such' }))).toBe('plugin.unknown');
    const operator = await node.connect();
    expect(await codeOf(operator.call('host.lift', { path: 'scripts/none.ts' }))).toBe('script.unknown');
    expect(await acts({ since: (last?.at ?? 0) + 1e-3 })).toMatchObject([
      { who: 'guest', method: 'host.lift', target: 'scripts/none.ts', address: '127.0.0.1', outcome: 'script.unknown' },
      { who: 'Ada', method: 'host.rollback', target: 'nothing-such', outcome: 'plugin.unknown' },
    ]);
  });

  it('ADM-10 attaching as a bot, a watcher or a server is there too, without what is secret', async () => {
    const { node, ada } = place;
    const { client: fox } = await comeIn(node, 'Noter');
    const params = { token: 'swordfish', deep: [{ password: 'x', n: 1 }] };
    const note = { method: 'zone.watch', target: 'devtest/den', params };
    expect(await codeOf(fox.call('admin.note', note))).toBe('call.forbidden');
    expect(await codeOf(ada.call('admin.note', note))).toBe('call.forbidden');
    const session = await sessionOf('Noter');
    await fox.call('as.server', { method: 'admin.note', params: { ...note, session } });
    await fox.call('as.server', { method: 'admin.note', params: { ...note, who: 'quiz', method: 'bot.attach' } });
    expect(await acts({ limit: 2 })).toMatchObject([
      { who: 'quiz', method: 'bot.attach', address: null },
      {
        ...{ who: 'Noter', method: 'zone.watch', target: 'devtest/den', address: '127.0.0.1', outcome: 'ok' },
        params: { token: '…', deep: [{ password: '…', n: 1 }] },
      },
    ]);
  });

  it('ADM-10 is read page by page, also where what was asked for is long', async () => {
    const { node, token } = place;
    const [ada, server] = [await node.connect({ token }), await node.connect()];
    await server.call('as.hold', {
      sql: `with recursive n(i) as (select 1 union all select i + 1 from n where i < 120)
        insert into audit (id, at, who, method, params, outcome)
        select 'old' || i, i, 'Ada', 'admin.run', '{"text":"' || replace(hex(zeroblob(950)), '00', 'xx') || '"}', 'ok' from n`,
    });
    await server.call('as.release');
    const ids = new Set<string>();
    for (let before = 120, more = true; more; ) {
      const page = await ada.call<{ acts: (Act & { id: string })[]; more: boolean }>('admin.audit', {
        before,
        limit: 500,
      });
      for (const { id } of page.acts) ids.add(id);
      before = page.acts.at(-1)?.at ?? 0;
      more = page.more;
    }
    expect(ids.size).toBe(120);
  });

  async function sessionOf(name: string): Promise<string> {
    const { sessions } = await place.ada.call<{ sessions: { id: string }[] }>('admin.sessions', { name });
    return sessions[0]?.id ?? '';
  }
});

describe('admin.shutdown', () => {
  it('ADM-02 is counted down for everyone, can be called off, and stops the node cleanly', {
    timeout: 120_000,
  }, async () => {
    const { node, ada, token } = place;
    const guest = await node.connect();
    const told = guest.next<{ code: string; message: string; seconds: number }>('notice');
    await ada.call('admin.shutdown', { seconds: 3_000, reason: 'New hay.' });
    expect(await told).toEqual({
      code: 'admin.shutdown',
      message: 'The server stops in 50 minutes: New hay.',
      seconds: 3_000,
    });
    // A new build of the plugin goes on with it.
    const lines = node.logs.length;
    await ada.call('admin.reload', { plugin: 'admin' });
    await node.logged(({ msg, plugin }) => msg === 'plugin loaded' && plugin === 'admin', lines);
    const off = guest.next<{ code: string }>('notice');
    await ada.call('admin.cancel-shutdown');
    expect((await off).code).toBe('admin.shutdown-cancelled');
    expect(await codeOf(ada.call('admin.cancel-shutdown'))).toBe('admin.no-shutdown');

    await guest.enter('devtest/rules', 'Last');
    const counted: number[] = [];
    guest.socket.on('notice', ({ seconds }: { seconds?: number }) => seconds !== undefined && counted.push(seconds));
    guest.socket.io.reconnection(false);
    await ada.call('admin.shutdown', { seconds: 2 });
    expect(await ended(guest)).toBe('session.closing');
    expect(counted).toEqual([2, 1]);
    // There is no such line: it has ended.
    await expect(node.logged(() => false)).rejects.toThrow();
    expect(node.words).toContain('shutdown: saving and closing');
    expect(node.words).not.toMatch(/did not stop cleanly|Not closed/);
    await node.restart();
    expect(await postAs(node, token, 'admin.audit', { method: 'admin.shutdown' })).toMatchObject({
      acts: [{ params: { seconds: 2 } }, { params: { seconds: 3_000 } }],
    });
    expect(await openAdministration(node, 'Ada')).toHaveLength(43);
  });
});
