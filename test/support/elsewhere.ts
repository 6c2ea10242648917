/** Clients that come from another address of this machine: all of 127.0.0.0/8 is its own. */
import { get, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { io, type Socket } from 'socket.io-client';

/** A stock client from there, connected; it does not come back by itself. */
export async function connectFrom(url: string, localAddress: string): Promise<Socket> {
  // The transport hands it to the system; its types do not know it.
  const options = { transports: ['websocket'], forceNew: true, reconnection: false, localAddress };
  const socket = io(url, options);
  await new Promise<void>((done, failed) => {
    socket.once('connect', done);
    socket.once('connect_error', failed);
  });
  return socket;
}

/** What a new client from there is told at the door, before there is a connection. */
export async function knockFrom(url: string, localAddress: string) {
  const answered = Promise.withResolvers<IncomingMessage>();
  const handshake = `${url}/socket.io/?EIO=4&transport=polling`;
  get(handshake, { localAddress }, answered.resolve).once('error', answered.reject);
  const answer = await answered.promise;
  const { message } = (await json(answer)) as { message: string };
  return { status: answer.statusCode, message };
}
