/** The rules of the turn relay without a node around them, asked in the plain format; its clock stands still. */
import { readRequest, writeOutcome } from '../../plugins/turn/_plain.ts';
import { Relay } from '../../plugins/turn/_relay.ts';

/** @returns what answers one request */
export function createRelay(): (body: string) => string {
  const most = 10;
  let keys = 0;
  const rules = new Relay({
    limits: () => ({
      waiting: most,
      matches: most,
      waitingPerAddress: most,
      matchesPerAddress: most,
      silentS: 25,
      exchangeS: 30,
    }),
    newKey: () => `key${keys++}`,
    tell: () => {},
  });
  const from = { address: '', free: true, watcher: null };
  return (body) => {
    const request = readRequest(body);
    switch (request.kind) {
      case 'register':
        return writeOutcome(rules.register(request.registration, from, 0));
      case 'unregister':
        return writeOutcome(rules.unregister(request.key, 0));
      case 'pair':
      case 'load':
      case 'ready':
        return writeOutcome(rules[request.kind](request.key, from, 0));
      case 'quit':
        return writeOutcome(rules.quit(request.key, request.seat, request.text, 0));
      case 'update':
        return writeOutcome(rules.update(request.key, request.update, from, 0));
      case 'wrong':
        return request.answer;
    }
  };
}
