/** The text port of a whole node, through real TCP connections. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askNode } from '../../core/node/control.ts';
import { startTestNode, type TestNode } from '../support/node.ts';
import { freePort, TextClient } from '../support/text-client.ts';

let node: TestNode;
let port: number;

beforeAll(async () => {
  port = await freePort();
  node = await startTestNode({
    game: 'farmyard',
    env: { ROOST_TEXT_PORT: `${port}`, ROOST_TEXT_PER_ADDRESS: '30', ROOST_TEXT_MOST: '30' },
  });
}, 60_000);

afterAll(async () => {
  await node[Symbol.asyncDispose]();
});

/** Somebody at the port, greeted. */
async function connect(): Promise<TextClient> {
  const client = new TextClient(port);
  expect(await client.json()).toMatchObject({ state: 'OK', msg: 'CONNECTED Roost' });
  return client;
}

async function asHuman(): Promise<TextClient> {
  const client = await connect();
  client.type('human');
  await client.until('> ');
  return client;
}

async function asProgram(mode: string): Promise<TextClient> {
  const client = await connect();
  client.type(`MODE ${mode}`);
  await client.line();
  return client;
}

const ask = async (client: TextClient, message: unknown) => {
  client.type(JSON.stringify(message));
  return await client.answer();
};

describe('before there is a mode', () => {
  it('TXT-03 every other command is refused and the connection closed; an invalid mode too; the modes can be listed', async () => {
    for (const word of ['HELP', 'QUIT', 'say hello', '{"cmd":"HELP"}', '{"a":1}', 'null']) {
      await using client = await connect();
      client.type(word);
      expect(await client.json()).toMatchObject({
        state: 'ERROR',
        msg: 'No mode set.',
        hint: expect.stringContaining('HUMAN'),
      });
      expect(await client.closed()).toBe('');
    }
    for (const word of ['MODE FISH', 'MODE', '{"cmd":"MODE","args":"FISH"}']) {
      await using client = await connect();
      client.type(word);
      expect(await client.json()).toMatchObject({ state: 'ERROR', msg: expect.stringMatching(/^Invalid mode: /) });
      await client.closed();
    }
    await using client = await connect();
    client.type('mode list');
    expect(await client.json()).toMatchObject({ state: 'OK', modes: ['HUMAN', 'CLIENT', 'SERVER', 'RPC', 'KV'] });
    client.type('{"cmd":"mode","args":"client"}');
    expect(await client.json()).toEqual({ state: 'OK', msg: 'Mode: CLIENT' });
  });
  it('M-12 a browser is sent away without a word, and without a session', async () => {
    for (const begin of ['POST / HTTP/1.1', 'GET /index.html HTTP/1.1', 'OPTIONS * HTTP/1.1']) {
      await using client = await connect();
      client.send(`${begin}\r\nHost: localhost\r\nOrigin: http://evil.example\r\n\r\nMODE CLIENT\n{"cmd":"who"}\n`);
      expect(await client.closed()).toBe('');
    }
  });
});

describe('people', () => {
  it('TXT-01 a human chooses his mode, gets a prompt, help, readable replies and quits; words are found in any case', async () => {
    await using client = await connect();
    client.type('MODE human');
    expect(await client.until('> ')).toContain('Welcome to Roost');
    client.type('HELP');
    const help = await client.until(/\r\n> /);
    for (const word of ['register', 'say TEXT', 'quit', 'help AREA']) expect(help).toContain(word);
    client.type('HeLp Chat.Say');
    expect(await client.until('> ')).toContain('chat.say text=');
    client.type('hw 2');
    expect(await client.until('> ')).toContain('Hello, world!\r\nHello, world!');
    client.type('frobnicate');
    expect(await client.until('> ')).toContain('ERROR: Command not found.');
    client.type('mode fish');
    expect(await client.until('> ')).toContain('ERROR: Invalid mode: fish');
    client.type('QUIT');
    expect(await client.closed()).toContain('Bye.');
  });
  it('somebody with a terminal registers, enters the farm, looks around, talks with somebody at a page, and quits', async () => {
    const hare = await node.join('Hare', 'farmyard/meadow');
    await using ada = await asHuman();
    ada.send('register Ada\n');
    await ada.until('Password');
    ada.send('wolkenkuckucksheim\n');
    await ada.until('again');
    // Its terminal shows what is typed by itself: that line is written anew when it has ended.
    expect(ada.heard).toContain('\x1b[A\r\x1b[2KPassword (at least 8 characters): ***\r\n');
    ada.send('wolkenkuckucksheim\n');
    expect(await ada.until('Ada> ')).toContain('You are logged in as Ada');
    ada.send('play\n');
    await ada.until('Name of your character');
    ada.send('\n');
    expect(await ada.until('Ada@farmyard/meadow> ')).toContain('You are Ada in farmyard/meadow.');
    ada.send('look\n');
    expect(await ada.until('meadow> ')).toMatch(/Hare.* \d+ m|Hare.* here/);
    ada.send('map\n');
    expect(await ada.until('meadow> ')).toContain('@ you (Ada)');
    ada.send('go south 1\n');
    expect(await ada.until('meadow> ')).toMatch(/m gone, you are at/);
    ada.send('go south 90\n\x03');
    expect(await ada.until('meadow> ')).toContain('You stop.');
    await ada.until('meadow> ');
    ada.send('who\n');
    expect(await ada.until('meadow> ')).toMatch(/Ada[\s\S]*Hare/);
    ada.send('say hello there\n');
    await hare.until(() => hare.events.some((event) => event.ev === 'say' && event.text === 'hello there'));
    await ada.until('<Ada> hello there');
    await hare.call('chat.whisper', { to: 'Ada', text: 'psst \u001b[31mred' });
    const whisper = await ada.until('meadow> ');
    expect(whisper).not.toContain('\u001b');
    expect(await ada.until('meadow> ')).toContain('Hare whispers: psst');
    ada.send('reply quiet!\n');
    await hare.until(() => hare.messages.some(({ data }) => JSON.stringify(data).includes('quiet!')));
    await ada.until('meadow> ');
    ada.send('mail\n');
    await ada.until('meadow> ');
    ada.send('quit\n');
    await ada.closed();
    expect(ada.heard).not.toContain('wolkenkuckucksheim');
    const { people } = (await hare.call('chat.who')) as { readonly people: readonly { readonly name: string }[] };
    expect(people.map(({ name }) => name)).toEqual(['Hare']);
  }, 30_000);
  it('telnet hides what is typed as a password, and tells the size of its window', async () => {
    await using client = await asHuman();
    client.type('login Ada');
    await client.until('\xff\xfb\x01');
    // DO ECHO, WILL NAWS, and the size: 100 × 40; then single keys, one of them taken back.
    client.send(Uint8Array.from([255, 253, 1, 255, 251, 31, 255, 250, 31, 0, 100, 0, 40, 255, 240]));
    for (const key of ['w', 'x', '\x7f', 'rong']) client.send(key);
    client.send('\r\0');
    await client.until('\xff\xfc\x01');
    expect(await client.until('> ')).toContain('ERROR:');
    client.type('size');
    expect(await client.until('> ')).toContain('100 columns, 40 rows');
    // Control-C at a terminal: it shows nothing any more until its timing mark is answered, every time.
    for (let times = 0; times < 2; times++) {
      client.send(Uint8Array.from([255, 244, 255, 253, 6]));
      await client.until('\xff\xfb\x06');
    }
    client.send(Uint8Array.from([255, 246]));
    await client.until('[Yes]');
  });
  it('backspace edits, Control-C gives up, and what is no text says so', async () => {
    await using client = await asHuman();
    client.send('echo héx\x7f\x7fey\n');
    expect(await client.until('> ')).toContain('hey');
    client.send('echo one\x03echo two\n');
    await client.until('> ');
    expect(await client.until('> ')).toBe('two\r\n> ');
    client.send(Uint8Array.from([0x65, 0xc3, 0x28, 10]));
    expect(await client.until('> ')).toContain('not UTF-8');
    client.send(`echo ${'x'.repeat(5_000)}\n`);
    expect(await client.until('> ')).toContain('at most 4096 bytes');
    client.send('echo \x1b[2Jclean\n');
    expect(await client.until('> ')).toBe('clean\r\n> ');
  });
});

describe('programs', () => {
  it('TXT-02 a program chooses client mode and exchanges one JSON object per line with state and msg', async () => {
    await using client = await asProgram('CLIENT');
    expect(await ask(client, { cmd: 'hw', args: '3' })).toEqual({
      state: 'OK',
      msg: 'Hello, world!\nHello, world!\nHello, world!',
    });
    expect(await ask(client, { cmd: 'HELP' })).toMatchObject({
      state: 'OK',
      msg: expect.stringMatching(/HELP HW MODE QUIT .*SAY/),
    });
    expect(await ask(client, { cmd: 'nonsense', id: 7 })).toMatchObject({
      state: 'ERROR',
      msg: 'Command not found.',
      id: 7,
    });
    const entered = await ask(client, { cmd: 'zone.enter', args: { name: 'Robin' } });
    expect(entered).toMatchObject({ state: 'OK', result: { name: 'Robin', zone: 'farmyard/meadow' } });
    expect(await ask(client, { cmd: 'zone.who' })).toMatchObject({
      state: 'OK',
      msg: expect.stringContaining('Robin'),
    });
    expect(await ask(client, { cmd: 'say', args: 'beep' })).toMatchObject({ state: 'OK' });
    expect(await client.heardAll(/\{"state":"EVENT"[^\n]*beep[^\n]*\n/)).toContain('"event":"say"');
    expect(await ask(client, { cmd: 'chat.say', args: { text: 5 } })).toMatchObject({
      state: 'ERROR',
      code: 'call.bad-params',
    });
    expect(await ask(client, { cmd: 'exit' })).toMatchObject({ state: 'OK', msg: 'Bye.' });
    await client.closed();
  });
  it('TXT-05 bare LF, CR LF, NUL, empty lines, invalid JSON, missing fields, wrong types and lines in pieces are answered sensibly', async () => {
    await using client = await connect();
    client.send('\n\r\nMO');
    client.send('DE CLI');
    client.send('ENT\n');
    expect(await client.json()).toMatchObject({ msg: 'Mode: CLIENT' });
    client.send('\r\n\n{"cmd":"hw"}\r\n{"cmd":"hw"}\n{"cmd":"h');
    expect(await client.json()).toMatchObject({ msg: 'Hello, world!' });
    expect(await client.json()).toMatchObject({ msg: 'Hello, world!' });
    client.send('w"}\n');
    expect(await client.json()).toMatchObject({ msg: 'Hello, world!' });
    for (const [line, msg] of [
      ['not json', 'Invalid JSON.'],
      ['[1]', 'Invalid JSON.'],
      ['{}', 'No command: "cmd" is missing.'],
      ['{"cmd":5}', 'No command: "cmd" is missing.'],
      ['{"cmd":"say","args":[{}]}', '"args" is text, or an object of params.'],
      ['{"cmd":"hw","args":"many"}', 'HW wants a number: "many" is none.'],
    ] as const) {
      client.send(`${line}\n`);
      expect(await client.json()).toMatchObject({ state: 'ERROR', msg });
    }
    client.send('{"cmd":"hw"}\0');
    expect(await client.until('\0')).toBe('{"state":"OK","msg":"Hello, world!"}\0');
    client.send(Uint8Array.from([0x22, 0xff, 0xfb, 0x18, 0xc0, 10]));
    expect(await client.json()).toMatchObject({ state: 'ERROR', msg: 'The line is not UTF-8.' });
    client.send(`{"cmd":"${'x'.repeat(10_000)}"}\n{"cmd":"hw"}\n`);
    expect(await client.json()).toMatchObject({ state: 'ERROR', msg: 'A line has at most 4096 bytes.' });
    expect(await client.json()).toMatchObject({ msg: 'Hello, world!' });
  });
  it('TXT-06 keys and values can be typed by hand, one message a line', async () => {
    await using client = await connect();
    client.send('mode kv\n');
    expect(await client.line()).toBe('msg=mode&mode=KV&status=0');
    client.send('msg=zone.enter&name=Kiwi\n');
    expect(await client.until(/msg=zone\.enter[^\n]*\n/)).toMatch(/name=Kiwi.*zone=farmyard\/meadow.*status=0/);
    client.send('msg=chat.say&text=a %26 b\n');
    expect(await client.until(/msg=chat\.say[^\n]*\n/)).toMatch(/text=a %26 b.*status=0/);
    client.send('msg:host.ping,mark:7\n');
    expect(await client.until(/msg:host\.ping[^\n]*\n/)).toMatch(/mark:7,status:1,code:call\.bad-params/);
    client.send('msg=auth.login&name=Ada&password=geheim~');
    const told = await client.until(/msg=auth\.login[^\0]*\0/);
    expect(told).toMatch(/status=1.*~\0$/);
    expect(told).not.toContain('geheim');
    client.send('msg=auth.password&old=geheim&new=geheimer\n');
    expect(await client.until(/msg=auth\.password[^\n]*\n/)).toMatch(
      /^msg=auth\.password&status=1&code=call\.forbidden/,
    );
    client.send('msg=tell&to=Nobody\n');
    expect(await client.until(/msg=tell[^\n]*\n/)).toMatch(/status=1&code=shell\.wrong&error=Tell whom what/);
    client.send('a=1&a=2\0');
    expect(await client.until('~\0')).toContain('status=1');
    client.send('who\n');
    expect(await client.until(/msg=who[^\n]*\n/)).toContain('Kiwi');
    client.send('msg=register&name=Kiwi&password=geheim geheimer\n');
    expect(await client.until(/msg=register[^\n]*\n/)).toMatch(/^msg=register&name=Kiwi&text=There is an account Kiwi/);
    expect(client.heard).not.toContain('geheim');
    client.send('quit\n');
    await client.closed();
  });
  it('JSON-RPC, one request or batch a line, with notifications for what comes unasked', async () => {
    await using client = await asProgram('RPC');
    client.type('{"jsonrpc":"2.0","id":1,"method":"zone.enter","params":{"name":"Rook"}}');
    expect(await client.until(/\{"jsonrpc":"2.0","id":1[^\n]*\n/)).toContain('"zone":"farmyard/meadow"');
    client.type(
      '[{"jsonrpc":"2.0","id":2,"method":"host.ping"},{"jsonrpc":"2.0","id":3,"method":"no.such"},{"jsonrpc":"2.0","method":"chat.say","params":{"text":"caw"}}]',
    );
    expect(await client.until(/\[\{"jsonrpc"[^\n]*\n/)).toMatch(/"id":2.*"id":3.*-32601/);
    await client.heardAll(/"method":"say"[^\n]*caw/);
    client.type('nonsense');
    await client.until('-32700');
  });
});

describe('game servers', () => {
  it('TXT-04 the mode can be changed later; server mode needs a credential and offers what that may call', async () => {
    {
      await using stranger = await connect();
      stranger.type('MODE SERVER');
      expect(await stranger.json()).toMatchObject({ state: 'ERROR', code: 'call.forbidden' });
      await stranger.closed();
    }
    {
      await using guesser = await connect();
      guesser.type(`MODE SERVER ${'x'.repeat(43)}`);
      expect(await guesser.closed()).not.toContain('Mode: SERVER');
    }
    const call = async (method: string, params: object, token?: string) => {
      const response = await fetch(`${node.url}/rpc`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      });
      return ((await response.json()) as { readonly result: { readonly token: string } }).result;
    };
    const password = 'wolkenkuckucksheim';
    await askNode(node.data, 'auth.register', { name: 'Boss', password });
    await askNode(node.data, 'admin.grant', { name: 'Boss', privilege: 'admin' });
    const { token: admin } = await call('admin.login', { name: 'Boss', password });
    const { token } = await call('bot.create', { name: 'arena' }, admin);
    await using server = await asProgram('CLIENT');
    expect(await ask(server, { cmd: 'mode', args: 'server' })).toMatchObject({
      state: 'ERROR',
      code: 'call.forbidden',
    });
    expect(await ask(server, { cmd: 'mode', args: `SERVER ${token}` })).toEqual({ state: 'OK', msg: 'Mode: SERVER' });
    expect(await ask(server, { cmd: 'help' })).toMatchObject({ msg: expect.stringContaining('bot.attach') });
    expect(await ask(server, { cmd: 'bot.attach', args: { room: 'arena' } })).toMatchObject({ state: 'OK' });
    const fox = await node.join('Fox', 'farmyard/meadow');
    await fox.call('room.join', { room: 'arena' });
    await fox.call('room.say', { text: 'anybody here?' });
    await server.until(/\{"state":"EVENT"[^\n]*room-message[^\n]*anybody here\?[^\n]*\n/);
    expect(await ask(server, { cmd: 'bot.send', args: { room: 'arena', text: 'me' } })).toMatchObject({
      state: 'OK',
      result: { sent: 1 },
    });
    server.type('mode human');
    expect(await server.until('> ')).toContain('Welcome');
  });
});

describe('everything is reachable', () => {
  it('TXT-07 what a player or operator needs: friends, rooms, status, who is connected, the audit, settings of the account', async () => {
    const password = 'wolkenkuckucksheim';
    await askNode(node.data, 'auth.register', { name: 'Root', password });
    await askNode(node.data, 'admin.grant', { name: 'Root', privilege: 'admin' });
    await using client = await asHuman();
    const type = async (line: string) => {
      client.type(line);
      return await client.until(/\r\n[^\r\n]*> $/);
    };
    expect(await type(`login Root ${password}`)).toContain('logged in as Root');
    expect(await type('admin sessions')).toMatch(/via: text,[^-]*"Root"/);
    expect(await type('host stats')).toContain('sessions: ');
    expect(await type('host.plugins')).toMatch(/plugin: turn, version: \d/);
    expect(await type('admin.announce text="tea is served"')).toContain('tea is served');
    expect(await type('admin.audit limit=3')).toContain('admin.announce');
    expect(await type('admin.log level=info')).toContain('level: info');
    expect(await type('auth.change-profile firstName=Ada city="Kuckucksheim 7"')).toContain('city: Kuckucksheim 7');
    expect(await type('play Rootling')).toContain('You are Rootling');
    expect(await type('friends.list')).toContain('friends: none');
    expect(await type('room create den')).toContain('room: den');
    expect(await type('room say den anybody there')).toContain('delivered: 0');
    expect(await type('mail')).toContain('mail');
    expect(await type('history 6')).toContain('> room say den anybody there');
  });
  it('a plugin that is dropped in is usable by its name at once', async () => {
    const plugins = await mkdtemp(join(tmpdir(), 'roost-text-'));
    const other = await freePort();
    await using fresh = await startTestNode({ plugins: [plugins], env: { ROOST_TEXT_PORT: `${other}` } });
    await using client = new TextClient(other);
    client.type('human');
    await client.until('> ');
    client.type('dice roll 6');
    expect(await client.until('> ')).toContain('ERROR: Command not found.');
    await mkdir(join(plugins, 'dice'));
    await writeFile(
      join(plugins, 'dice', 'roll.ts'),
      `import { defineMethod, z } from 'roost/plugin';
/** Rolls a die. */
export default defineMethod({
  params: z.object({ sides: z.int().min(2), loud: z.boolean().optional() }),
  handle: ({ params: { sides, loud } }) => ({ eyes: sides, loud: loud ?? false }),
});
`,
    );
    await fresh.logged(({ msg, plugin }) => msg === 'plugin loaded' && plugin === 'dice');
    // What a shell knows of the methods is at most half a second old.
    let told = '';
    while (!told.includes('eyes')) {
      client.type('dice.roll sides=20 loud=yes');
      told = await client.until('> ');
    }
    expect(told).toContain('eyes: 20\r\nloud: yes');
    client.type('help dice');
    expect(await client.until('> ')).toContain('Rolls a die.');
    await rm(plugins, { recursive: true });
  }, 30_000);
});
