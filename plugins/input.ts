import { defineMethod, z } from 'roost/plugin';

/**
 * Steers your character: a stream of what you press, of which the newest counts. Over socket.io it is an event without
 * an acknowledgement; `seq` goes up and comes back as `ack` of the delta whose tick used it.
 * @returns null over HTTP, nothing over socket.io
 * @throws HostError zone.none
 */
export default defineMethod({
  allow: 'player',
  rate: { perSecond: 30, burst: 60 },
  params: z.looseObject({ seq: z.int().min(0) }),
  handle({ caller, params: { seq, ...fields } }) {
    // What came as JSON is JSON; the zone checks its size and shape again.
    caller.zone.input(caller.character, seq, fields as Parameters<typeof caller.zone.input>[2]);
    return {};
  },
});
