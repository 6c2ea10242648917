/** Players of the turn relay in its plain format, each on one kept connection; and the same bodies for a bare server. */
import { connect } from 'node:net';
import type { Caller, GoOn } from './callers.ts';

const text = 'a line of some length, as people say it';

type Line = {
  /** @param heard  Is given the status and the body of the answer. */
  post(body: string, heard: (status: string, body: string) => void): void;
};

/** One connection; a request goes out when the answer before it is whole. */
async function openLine(url: string): Promise<Line> {
  const { hostname, port, host } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const opened = Promise.withResolvers<void>();
  let heard = '';
  let take: (status: string, body: string) => void = () => {};
  socket.setEncoding('latin1');
  socket.once('connect', opened.resolve);
  socket.once('error', opened.reject);
  socket.once('close', () => {
    throw new Error('the server closed a connection');
  });
  socket.on('data', (part: string) => {
    heard += part;
    const head = heard.indexOf('\r\n\r\n');
    const length = /content-length: (\d+)/i.exec(head === -1 ? '' : heard.slice(0, head))?.[1];
    if (length === undefined || heard.length < head + 4 + Number(length)) return;
    const [status, body] = [heard.slice(9, 12), heard.slice(head + 4)];
    heard = '';
    take(status, body);
  });
  await opened.promise;
  return {
    post(body, answered) {
      take = answered;
      socket.write(`POST /turn HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    },
  };
}

/** Players number 0 and 1 name each other, and so do 2 and 3. Resolves when its match has started. */
export async function openTurnCaller(url: string, number: number, goOn: GoOn): Promise<Caller> {
  const line = await openLine(url);
  const ask = (body: string) => new Promise<string>((done) => line.post(body, (_status, answer) => done(answer)));
  const partner = number % 2 === 0 ? number + 1 : number - 1;
  const key = dataOf(await ask(`0,Player ${number},*,Player ${partner},*`));
  const until = async (symbol: number, fits: RegExp): Promise<string> => {
    const answer = await ask(`${symbol},*,${key},*,*`);
    return fits.test(answer) ? answer : until(symbol, fits);
  };
  await until(2, /^0\/[34]\//);
  await until(3, /^0\/[56]\//);
  const [own, seat] = dataOf(await until(4, /^0\/8\//)).split('|');
  let counter = 0;
  const call = () =>
    line.post(`6,${text},${own},${seat},${counter}`, (status, answer) => {
      if (status !== '200' || !/^0\/(9|10)\//.test(answer)) throw new Error(`no answer but ${status} ${answer}`);
      counter += 1;
      if (goOn()) call();
    });
  return { call };
}

/** As much text, to a server that gives it back. */
export async function openBodyCaller(url: string, number: number, goOn: GoOn): Promise<Caller> {
  const line = await openLine(url);
  const body = `6,${text},${'k'.repeat(22)},${number % 2},${number}`;
  const call = () =>
    line.post(body, (status, answer) => {
      if (status !== '200' || answer !== body) throw new Error(`no answer but ${status} ${answer}`);
      if (goOn()) call();
    });
  return { call };
}

function dataOf(answer: string): string {
  if (!answer.startsWith('0/')) throw new Error(`no answer but ${answer}`);
  return answer.split('/')[2] ?? '';
}
