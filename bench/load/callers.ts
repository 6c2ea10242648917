/** One connection that calls `bench.echo` again as soon as it is answered. What it sends is made once. */
import { connect } from 'node:net';
import { WebSocket } from 'ws';

export type Caller = {
  /** Sends one call more. */
  call(): void;
};

/** Called at each answer. @returns whether to call again */
export type GoOn = () => boolean;

const text = 'a line of some length, as people say it';

/**
 * socket.io over a bare WebSocket. Answers are matched with calls by the server alone: ids are the same each time.
 * @source engine.io protocol 4, socket.io protocol 5
 */
export async function openSocketCaller(url: string, number: number, goOn: GoOn): Promise<Caller> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
    perMessageDeflate: false,
    skipUTF8Validation: true,
  });
  const params = JSON.stringify({ number, text });
  const packet = `421["bench.echo",${params}]`;
  const wanted = `431[${JSON.stringify({ ok: true, result: JSON.parse(params) as object })}]`;
  const opened = Promise.withResolvers<void>();
  socket.on('message', (data: Buffer) => {
    const heard = data.toString('latin1');
    if (heard === wanted) {
      if (goOn()) socket.send(packet);
    } else if (heard === '2') socket.send('3');
    else if (heard.startsWith('0{')) socket.send('40');
    else if (heard.startsWith('40')) opened.resolve();
    else throw new Error(`no answer but ${heard.slice(0, 200)}`);
  });
  socket.on('error', opened.reject);
  socket.on('close', (code) => {
    throw new Error(`the server closed a connection: ${code}`);
  });
  await opened.promise;
  return { call: () => socket.send(packet) };
}

/** JSON-RPC over one kept HTTP connection; a request goes out when the answer before it is whole. */
export async function openHttpCaller(url: string, number: number, goOn: GoOn): Promise<Caller> {
  const { hostname, port, host } = new URL(url);
  const params = { number, text };
  const body = JSON.stringify({ jsonrpc: '2.0', id: number, method: 'bench.echo', params });
  const request = [
    'POST /rpc HTTP/1.1',
    `Host: ${host}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
  const wanted = JSON.stringify({ jsonrpc: '2.0', id: number, result: params });
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const opened = Promise.withResolvers<void>();
  let heard = '';
  socket.setEncoding('latin1');
  socket.once('connect', opened.resolve);
  socket.once('error', opened.reject);
  socket.once('close', () => {
    throw new Error('the server closed a connection');
  });
  socket.on('data', (part: string) => {
    heard += part;
    const head = heard.indexOf('\r\n\r\n');
    // Both servers answer with the length, and the answer is as long as what is wanted or it is another one.
    if (head === -1 || heard.length < head + 4 + wanted.length) return;
    if (!heard.startsWith('HTTP/1.1 200') || heard.slice(head + 4) !== wanted)
      throw new Error(`no answer but ${heard}`);
    heard = '';
    if (goOn()) socket.write(request);
  });
  await opened.promise;
  return { call: () => socket.write(request) };
}
