/** `roost play`: the real command, with pipes and on a terminal, against real nodes. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestClient } from '../support/client.ts';
import { startTestNode, type TestNode } from '../support/node.ts';
import { Typist } from '../support/typist.ts';

const launcher = join(import.meta.dirname, '../../bin/roost.js');
const pty = join(import.meta.dirname, 'on-terminal.py');
const password = 'correct horse battery';

const typist = (...words: string[]) => new Typist(process.execPath, [launcher, 'play', ...words]);

/** Nobody has it, for now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

let node: TestNode;
beforeAll(async () => {
  node = await startTestNode({ game: 'farmyard' });
}, 60_000);
afterAll(() => node[Symbol.asyncDispose]());

const meadow = 'farmyard/meadow';

describe('roost play through pipes', { timeout: 120_000 }, () => {
  it('CLI-02 registers, logs in, makes and chooses a character, and comes into the world', async () => {
    await using ada = typist(node.url);
    await ada.until('Roost at');
    ada.type(`register Ada\n${password}\n${password}\n`);
    await ada.until('You are logged in as Ada');
    await ada.ask('create Wren', 'Wren is yours');
    await ada.ask('create Finch', 'Finch is yours');
    await ada.ask('characters', /Finch[^\n]*\n.*Wren|Wren[^\n]*\n.*Finch/);
    ada.type('play\n');
    await ada.until('Which one?');
    await ada.ask('Finch', `You are Finch in ${meadow}.`);
    ada.type('quit\n');
    expect(await ada.gone).toBe(0);
    expect(ada.text).not.toContain(password);

    await using again = typist(node.url);
    again.type(`login ada\n${password}\nplay Wren\n`);
    await again.until(`You are Wren in ${meadow}.`);
    await again.ask('login Ada\nwrong password', 'ERROR: ');
  });

  it('CLI-02 shows the map, and a thing by its id, its name, how it begins and a part of it', async () => {
    const fox = await node.join('Pete', meadow);
    const [hen, barrels] = [fox.all('chicken')[0], fox.all('barrel')];
    if (hen === undefined) expect.fail('there is no hen');
    expect(barrels.length).toBeGreaterThan(1);
    await using bob = typist(node.url);
    await bob.ask('play Bob', `You are Bob in ${meadow}.`);
    await bob.ask('refresh all', 'Yard gate (gate)');
    const [map] = await bob.ask('map', /\+-+\+\n(\|.*\|\n)+\+-+\+\n@ you \(Bob\)/);
    expect(map).toMatch(/\|.*@.*\|/);
    for (const typed of [hen.id, hen.name, hen.name.toUpperCase(), hen.name.slice(0, 4), hen.name.slice(1)])
      await bob.ask(`show ${typed}`, new RegExp(`${hen.name} \\(chicken, ${hen.id}\\)`));
    await bob.ask('show zzz', 'ERROR: You see nothing like "zzz"');
    expect(await bob.end()).toBe(0);
  });

  it('CLI-12 moves, uses things, says and whispers', async () => {
    const eve = await node.join('Eve', meadow);
    // As it stands in the browser.
    await using bob = typist(`${node.url}/farmyard/#watch=1`);
    await bob.ask('play Rob', `You are Rob in ${meadow}.`);
    await eve.until(() => eve.all('farmer').some(({ name }) => name === 'Rob'));
    await bob.ask('go north 1', /You walk\. 1 m gone|Something is in the way/);
    bob.type('say good morning\n');
    await eve.until(() => eve.events.some((event) => event.ev === 'say' && event.text === 'good morning'));
    await bob.until('<Rob> good morning');
    bob.type('whisper Eve psst\n');
    await eve.until(() =>
      eve.messages.some(({ event, data }) => event === 'chat' && (data as { text: string }).text === 'psst'),
    );
    await bob.until('You whisper to Eve.');
    await eve.call('chat.whisper', { to: 'Rob', text: 'what is it?' });
    await bob.until('Eve whispers: what is it?');
    // The nearest sign is two metres from where everybody comes in.
    await bob.ask('go sign', /You walk|You are there|Something is in the way/);
    await bob.ask('use sign', /^(?!ERROR).+$/m);
    expect(await bob.end()).toBe(0);
    await eve.until(() => !eve.all('farmer').some(({ name }) => name === 'Rob'));
  });

  it('CLI-02 calls any method by its name, and says what was wrong', async () => {
    await using bob = typist(node.url);
    await bob.ask('host.ping', /at:? +\d/);
    await bob.ask('chat.history zone=nowhere', 'ERROR: ');
    await bob.ask('dance', 'ERROR: Command not found');
    await bob.ask('help chat.whisper', /chat\.whisper to=/);
  });

  it('CLI-03 is back where it was after the node was started again', async () => {
    const port = String(await freePort());
    await using mortal = await startTestNode({ game: 'farmyard', flags: ['--port', port] });
    await using bob = typist(mortal.url);
    await bob.until('Roost at');
    bob.type(`register Bea\n${password}\n${password}\nplay Bea\n`);
    await bob.until(`You are Bea in ${meadow}.`);
    await mortal.kill('SIGKILL');
    await bob.until('! The connection is gone (transport close): trying again.');
    await mortal.start();
    await bob.until('! Connected again.');
    await bob.until(`* you are Bea in ${meadow} again`);
    await bob.ask('look', `${meadow}: you are`);
    await bob.ask('auth.me', 'Bea');
    await bob.ask('logout', 'You are nobody again.');
    await bob.ask('look', 'ERROR: ');
  });

  it('CLI-03 says in one line that nobody is there', async () => {
    await using bob = typist('127.0.0.1:9');
    expect(await bob.gone).toBe(1);
    expect(bob.text).toMatch(/^No node answers at http:\/\/127\.0\.0\.1:9: tried for 10 s \(.*\)\n$/);
  });
});

describe('roost play without an address', { timeout: 120_000 }, () => {
  let data: string;
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'roost-play-'));
  });
  afterAll(() => rm(data, { recursive: true, force: true, maxRetries: 5 }));

  const flags = () => ['--port', '0', '--data', data, '--workers', '1', '--game', 'farmyard'];

  it('CLI-01 starts the whole system and gives a prompt where help lists the commands; it ends what it started', async () => {
    await using bob = typist(...flags());
    const [, url = ''] = await bob.until(/Roost at (\S+), which runs as long as you are here/);
    expect((await fetch(new URL('/healthz', url))).ok).toBe(true);
    await bob.ask('help', 'Methods of the server');
    for (const command of ['register', 'login', 'play', 'look', 'map', 'go', 'use', 'say', 'tell', 'who', 'quit'])
      expect(bob.text).toContain(`\n  ${command}`);
    await bob.ask('play Bob', `You are Bob in ${meadow}.`);
    bob.type('quit\n');
    expect(await bob.gone).toBe(0);
    expect(bob.text).toContain('ending the node that was started here');
    await expect(fetch(new URL('/healthz', url))).rejects.toThrow();
  });

  it('CLI-01 leaves no node behind, however it ends', async () => {
    await using bob = typist(...flags());
    const [, url = ''] = await bob.until(/Roost at (\S+), which runs as long as you are here/);
    const eve = new TestClient(url);
    await eve.connected();
    const gone = new Promise((lost) => eve.socket.once('disconnect', lost));
    bob.kill();
    await gone;
    eve.close();
    // The next one has the folder.
    await using next = typist(...flags());
    await next.until('which runs as long as you are here');
    expect(await next.end()).toBe(0);
  });

  it('CLI-01 starts nothing where another program has the port, and says so', async () => {
    const web = createServer((_request, answer) => answer.end('hello')).listen(0, '127.0.0.1');
    await once(web, 'listening');
    const { port } = web.address() as AddressInfo;
    await using bob = typist('--port', String(port), '--data', data);
    expect(await bob.gone).toBe(1);
    web.close();
    expect(bob.text).toBe(
      `What answers at http://127.0.0.1:${port} is no Roost node: use --port to take another port\n`,
    );
  });

  it('CLI-01 joins the node that runs, and leaves it running', async () => {
    await using bob = typist('--port', String(node.port), '--data', data);
    await bob.until(`Roost at http://127.0.0.1:${node.port}\n`);
    expect(await bob.end()).toBe(0);
    expect((await fetch(new URL('/healthz', node.url))).ok).toBe(true);
  });
});

it.each([
  'ftp://example.org',
  'http://',
  '127.0.0.1:99999',
])('roost play %s says what an address is', async (address) => {
  await using bob = typist(address);
  expect(await bob.gone).toBe(1);
  expect(bob.text).toBe(`roost play wants an address such as http://127.0.0.1:3000, found ${address}\n`);
});

const hasPty = spawnSync('python3', ['-c', 'import pty']).status === 0;

/** Without what only a terminal reads. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is left out.
const plain = (text: string) => text.replaceAll(/\x1b\[[0-9;?]*[A-Za-z]/g, '');

describe.skipIf(!hasPty && process.env.CI === undefined)('roost play on a terminal', { timeout: 120_000 }, () => {
  const atTerminal = (env: Readonly<Record<string, string>> = {}) =>
    new Typist('python3', [pty, process.execPath, launcher, 'play', node.url], { TERM: 'xterm-256color', ...env });

  it('CLI-02 shows news above the line that is typed, completes names, and shows no password', async () => {
    await using bob = atTerminal();
    await bob.until('quit to leave.');
    await bob.until('> ');
    bob.type('play Ron\r');
    await bob.until(`Ron@${meadow}> `);
    // Half a line, then somebody speaks: the line is there again below.
    bob.type('say half a li');
    await bob.until('half a li');
    const eve = await node.join('Zoe', meadow);
    await eve.call('chat.whisper', { to: 'Ron', text: 'are you there?' });
    await bob.until('Zoe whispers: are you there?');
    expect(plain((await bob.until(/Ron@.*say half a li/s))[0])).toContain(`Ron@${meadow}> say half a li`);
    bob.type('ne\r');
    await eve.until(() => eve.events.some((event) => event.ev === 'say' && event.text === 'half a line'));
    await bob.until('<Ron> half a line');
    // What a hen says by herself disturbs nobody who types: it comes with the next command.
    const heard = eve.events.length;
    const ofThings = () => eve.events.slice(heard).find((event) => event.ev === 'say' && event.p !== 1);
    await eve.until(() => ofThings() !== undefined);
    const { n, text } = ofThings() as unknown as { readonly n: string; readonly text: string };
    bob.type('time\r');
    await bob.until('time\r');
    await bob.until(`<${n}> ${text}`);
    await bob.until('UTC');
    // By Tab: of a command, of a method, of who was heard.
    bob.type('who\t');
    bob.type('\x15chat.whis\t');
    await bob.until('chat.whisper ');
    bob.type('\x15tell Zo\t');
    await bob.until('tell Zoe ');
    bob.type('by tab\r');
    await bob.until('You whisper to Zoe.');
    bob.type('register Ron\r');
    await bob.until('Password');
    bob.type(`${password}\r`);
    await bob.until('The same again');
    bob.type(`${password}\r`);
    await bob.until('You are logged in as Ron');
    expect(bob.text).not.toContain(password);
    // The arrow brings the last line back, and no password.
    bob.type('\x1b[A');
    await bob.until('register Ron');
    // Ctrl-C empties the line; on an empty one it asks, then leaves.
    bob.type('\x03');
    bob.type('\x03');
    await bob.until('Once more, or `quit`, to leave.');
    bob.type('\x03');
    expect(await bob.gone).toBe(0);
  });

  it('CLI-03 does not wait for a node that nobody wants any more', async () => {
    await using bob = new Typist('python3', [pty, process.execPath, launcher, 'play', '127.0.0.1:9'], {
      TERM: 'xterm',
    });
    await bob.until('Connecting to http://127.0.0.1:9');
    bob.type('\x04');
    expect(await bob.gone).toBe(0);
    expect(bob.text).not.toContain('No node answers');
  });

  it('CLI-02 heeds NO_COLOR and the size of the terminal', async () => {
    await using coloured = atTerminal();
    await coloured.until('\x1b[1mRoost at');
    await using bob = atTerminal({ NO_COLOR: '1' });
    await bob.until('> ');
    bob.type('play Kim\r');
    await bob.until(`Kim@${meadow}> `);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
    expect(bob.text).not.toMatch(/\x1b\[[0-9;]*m/);
    const frame = async () => (await bob.until(/\+(-+)\+/))[1]?.length ?? 0;
    bob.type('map\r');
    const wide = await frame();
    await bob.until('@ you (Kim)');
    bob.type('\x1b[8;20;40t');
    bob.type('map\r');
    const narrow = await frame();
    expect(narrow).toBeLessThan(wide);
    expect(narrow).toBeLessThanOrEqual(40);
    // Ctrl-D leaves.
    bob.type('\x04');
    expect(await bob.gone).toBe(0);
    // A terminal that obeys nothing, such as that of an editor, is told nothing.
    await using pam = atTerminal({ TERM: 'dumb' });
    await pam.until('> ');
    pam.type('play Pam\r');
    await pam.until(`Pam@${meadow}> `);
    pam.type('half');
    const eve = await node.join('Una', meadow);
    await eve.call('chat.whisper', { to: 'Pam', text: 'are you there?' });
    await pam.until(/Una whispers: are you there\?\r?\n.*> half/);
    expect(pam.text).not.toContain('\x1b');
    // Of an unknown size it is a usual one.
    pam.type('\x1b[8;0;0t');
    pam.type('\x03map\r');
    expect((await pam.until(/\+(-+)\+/))[1]?.length).toBeGreaterThan(40);
    pam.type('quit\r');
    expect(await pam.gone).toBe(0);
  });
});
