/** Clients that do not behave: they stop reading, vanish, or send what is no message. */
import { connect } from 'node:net';
import { frame, openPoll, openRaw, type RawSocket } from '../gateway/raw.ts';
import { zoneNames } from './game.ts';
import type { Random } from './random.ts';
import type { Server } from './server.ts';
import { sleep } from './wait.ts';

/** A connection that the server ends, or does not take just now, is an outcome here. */
const openMs = 5_000;

async function open(server: Server): Promise<RawSocket | undefined> {
  try {
    return await Promise.race([openRaw(server.port), sleep(openMs, undefined, { ref: false })]);
  } catch {
    return undefined;
  }
}

const enter = (random: Random) =>
  `420["zone.enter",${JSON.stringify({ zone: `soak/${random.pick(zoneNames)}`, name: `Gone${random.below(1e6)}` })}]`;

/** Enters, asks for much, and reads nothing for a while; then reads on, or is gone. */
export async function readSlowly(server: Server, random: Random): Promise<void> {
  const raw = await open(server);
  if (raw === undefined) return;
  raw.tcp.write(frame(enter(random)));
  raw.tcp.pause();
  for (
    const until = performance.now() + random.between(3000, 8000);
    performance.now() < until && !raw.tcp.destroyed;
  ) {
    raw.tcp.write(frame(`421["host.info",{}]`));
    await sleep(100);
  }
  raw.tcp.resume();
  await sleep(200);
  raw.tcp.destroy();
}

/** Enters and is gone: with a goodbye, without one, or silent for ever. */
export async function vanish(server: Server, random: Random): Promise<void> {
  const raw = await open(server);
  if (raw === undefined) return;
  raw.tcp.write(frame(enter(random)));
  const way = random.below(4);
  if (way > 0) await Promise.race([raw.until(/^430/), raw.closed, sleep(2000, undefined, { ref: false })]);
  if (way === 1) raw.tcp.end();
  else if (way === 2) raw.tcp.resetAndDestroy();
  else if (way === 3) {
    raw.tcp.pause();
    // Nobody answers the heartbeat: the server gives it up after 10 s.
    setTimeout(() => raw.tcp.destroy(), 20_000).unref();
  } else raw.tcp.destroy();
}

const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** Texts of frames; after some of them the connection is over. */
const frames: readonly string[] = [
  '4',
  '9',
  '42[',
  '42["connect",{}]',
  '42["newListener"]',
  '42["__proto__",{}]',
  '42[null]',
  '42[{},{}]',
  '450-["x",{"_placeholder":true,"num":0}]',
  '459999999999-["x"]',
  '42999999999999999999["host.info",{}]',
  '41/other,',
  '4{}',
  `42["object.call",{"id":"0000000000000000","method":"deposit","params":{"lane":"x","k":1e999}}]`,
  `42["object.call",{"id":"constructor","method":"__proto__","params":{"__proto__":{"a":1}}}]`,
  `42["object.call",${deep(100)}]`,
  `42["chat.say",{"text":${JSON.stringify('\u202e\u0000\ud800'.repeat(50))}}]`,
  '42["input",{"seq":-1}]',
  '42["input",{"seq":1,"x":1e308,"y":-1e308}]',
  '42["zone.enter",{"zone":"soak/../../etc"}]',
  '42["zone.enter",{"zone":"soak/z0#99"}]',
  '42["host.rollback",{"plugin":"zone"}]',
  `42["tally.add",{"lane":"'); drop table objects; --","k":1}]`,
  `42["host.info",{"text":"${'x'.repeat(20_000)}"}]`,
  '\u0000',
  '42["\ud800",{}]',
];

/** Bytes of a request that is none. */
const requests: readonly string[] = [
  'GET / HTTP/1.1\r\n\r\n',
  'GET /socket.io/?EIO=3&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
  'POST /rpc HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 999999\r\n\r\n{',
  'GET /docs/api/openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: 1\r\nAuthorization: Bearer x\r\n\r\n',
  `GET /${'../'.repeat(200)}etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`,
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
];

const bodies: readonly string[] = [
  '',
  '{',
  '[]',
  'null',
  '{"jsonrpc":"2.0","id":1,"method":"zone.enter","params":[]}',
  `[${Array.from({ length: 60 }, () => '{"jsonrpc":"2.0","id":1,"method":"host.info"}').join(',')}]`,
  `{"jsonrpc":"2.0","id":1,"method":"host.info","params":${deep(200)}}`,
  `{"jsonrpc":"2.0","id":1,"method":"${'x'.repeat(17_000)}"}`,
];

/** Requests in the format of the older turn server, or nearly. */
const turns: readonly string[] = [
  '',
  ',,,,',
  '0,,*,*,*',
  `0,${'x'.repeat(5_000)},*,*,*`,
  '6,text,nokey,0,0',
  '6,a|b,/,\u0000,1,0,99999999999999999999',
  '7,*,*,*,*',
  '4,__proto__,constructor,*,*',
  `6,${'y'.repeat(17_000)},k,0,0`,
];

/** Lines, and what is none, for the text port. */
const lines: readonly string[] = [
  'GET / HTTP/1.1\r\n\r\n',
  'MODE FISH\r\n',
  `MODE RPC\n${'['.repeat(3_000)}\n`,
  'MODE RPC\n{"jsonrpc":"2.0","id":1,"method":"__proto__"}\n[]\n[1,2]\n',
  'MODE KV\0:::\0a\0',
  'HUMAN\n\x7f\x08\x1b[A\x00\xff\xf4\xff\xfd\x06say\n\n\ngo nowhere\nhelp help\n',
  `MODE CLIENT\r\n{"cmd":${'"x'.repeat(3_000)}\r\n`,
  `HUMAN\n${'help\n'.repeat(500)}`,
  'x'.repeat(20_000),
];

export async function sendNonsense(server: Server, random: Random): Promise<void> {
  switch (random.below(7)) {
    case 0:
      return await sendFrames(server, random);
    case 1:
      return await flood(server);
    case 2:
      return await postNonsense(server, random);
    case 3:
      return await sendBytes(server.port, requests, random);
    case 4:
      return await turnNonsense(server, random);
    case 5:
      return await sendBytes(server.textPort, random.shuffle(lines), random);
    default:
      return await pollNonsense(server, random);
  }
}

async function sendFrames(server: Server, random: Random): Promise<void> {
  const raw = await open(server);
  if (raw === undefined) return;
  raw.tcp.write(frame(enter(random)));
  for (const text of random.shuffle(frames)) raw.tcp.write(frame(text, { opcode: random.next() < 0.1 ? 2 : 1 }));
  await Promise.race([raw.closed, sleep(1000)]);
  raw.tcp.destroy();
}

/** Far over every limit, until it is thrown out. */
async function flood(server: Server): Promise<void> {
  const raw = await open(server);
  if (raw === undefined) return;
  const packet = Buffer.concat(Array.from({ length: 50 }, () => frame('42["host.ping",{}]')));
  for (const until = performance.now() + 3500; performance.now() < until && !raw.tcp.destroyed; ) {
    raw.tcp.write(packet);
    await sleep(20);
  }
  raw.tcp.destroy();
}

async function postNonsense(server: Server, random: Random): Promise<void> {
  for (const body of random.shuffle(bodies)) {
    const headers = { 'content-type': random.next() < 0.8 ? 'application/json' : 'text/plain' };
    const method = random.pick(['', '/', '/host.info', '/zone.enter', '/__proto__', `/${'x'.repeat(300)}`]);
    await attempt(() => fetch(`${server.url}/rpc${method}`, { method: 'POST', body, headers }));
  }
}

async function pollNonsense(server: Server, random: Random): Promise<void> {
  await attempt(async () => {
    const poll = await openPoll(server.url);
    await poll.post(new Array(random.pick([2, 33, 5000])).fill('42["host.ping",{}]').join('\x1e'));
  });
}

async function turnNonsense(server: Server, random: Random): Promise<void> {
  for (const body of random.shuffle(turns)) await attempt(() => fetch(`${server.url}/turn`, { method: 'POST', body }));
}

async function sendBytes(port: number, texts: readonly string[], random: Random): Promise<void> {
  for (const request of texts) {
    const tcp = connect(port, '127.0.0.1');
    const closed = new Promise<void>((resolve) => tcp.on('error', () => resolve()).on('close', () => resolve()));
    tcp.resume();
    tcp.write(request, 'latin1');
    await Promise.race([closed, sleep(random.between(20, 200))]);
    tcp.destroy();
  }
}

/** The server may refuse it, or be away: both are fine with a stranger. */
async function attempt(work: () => Promise<unknown>): Promise<void> {
  await Promise.race([work().catch(() => {}), sleep(openMs, undefined, { ref: false })]);
}
