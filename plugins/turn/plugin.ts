import { definePlugin } from 'roost/plugin';
import { deskOf, secondsOf } from './_desk.ts';
import { readKept } from './_kept.ts';

/** Between two looks at who was silent for too long, in seconds. */
const sweepS = 0.5;
/** Between two words to the log of a relay that is in use. */
const tellS = 10;

export default definePlugin({
  version: '1.0.0',
  api: '1.2',
  start({ host, former }) {
    const { relay, spam } = deskOf(host);
    const kept = readKept(former);
    if (kept) relay.restore(kept);
    else if (former !== undefined)
      host.log.warn({}, 'the former build kept its matches in another form: they are lost');
    host.every(sweepS, () => {
      relay.sweep(secondsOf(host));
      spam.sweep(secondsOf(host));
    });
    host.every(tellS, () => {
      const [players, matches] = [relay.players().length, relay.matches().length];
      if (players + matches > 0) host.log.debug({ players, matches }, 'turn relay');
    });
  },
  stop: ({ host }) => deskOf(host).relay.save(),
});
