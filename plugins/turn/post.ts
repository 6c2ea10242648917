import { defineMethod, z } from 'roost/plugin';
import { ask } from './_desk.ts';
import { type Request, readRequest, writeOutcome } from './_plain.ts';
import type { Relay } from './_relay.ts';
import type { From, Outcome } from './_rules.ts';
import { registerCost } from './_spam.ts';

/**
 * Answers a request in the format of the older turn server.
 * @returns the answer, as text
 */
export default defineMethod({
  allow: 'server',
  params: z.object({ body: z.string(), address: z.string(), free: z.boolean() }),
  handle({ params: { body, address, free }, host }) {
    const request = readRequest(body);
    const from: From = { address, free, watcher: null };
    const cost = request.kind === 'register' ? registerCost : 1;
    const answer = ask(host, from, cost, (relay, nowS) =>
      request.kind === 'wrong' ? request.answer : carryOut(relay, request, from, nowS),
    );
    return typeof answer === 'string' ? answer : writeOutcome(answer);
  },
});

function carryOut(relay: Relay, request: Exclude<Request, { kind: 'wrong' }>, from: From, nowS: number): Outcome {
  switch (request.kind) {
    case 'register':
      return relay.register(request.registration, from, nowS);
    case 'unregister':
      return relay.unregister(request.key, nowS);
    case 'pair':
      return relay.pair(request.key, from, nowS);
    case 'load':
      return relay.load(request.key, from, nowS);
    case 'ready':
      return relay.ready(request.key, from, nowS);
    case 'quit':
      return relay.quit(request.key, request.seat, request.text, nowS);
    case 'update':
      return relay.update(request.key, request.update, from, nowS);
  }
}
