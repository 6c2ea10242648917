import { defineMethod, HostError, line, z } from 'roost/plugin';
import { askIfThere } from './_if-there.ts';
import { checkVoice } from './_voice.ts';
import { findByName } from './_who.ts';

const verdict = z.object({ blocked: z.boolean() });

/**
 * Whispers a line to whoever plays the character of that name, and to nobody else. Whether he is away, does not exist or
 * wants nothing of you is one and the same answer.
 * @returns `{ delivered: true }` or `{ delivered: false, reason: 'offline' }`
 */
export default defineMethod({
  allow: 'player',
  rate: { perSecond: 2, burst: 5 },
  params: z.object({ to: z.string().min(1).max(64), text: line(500) }),
  async handle({ caller, params: { to, text }, host }) {
    const { name: from, owner } = caller;
    await checkVoice(host, caller);
    const receiver = findByName(host, to);
    if (receiver === owner) throw new HostError('chat.to-yourself', 'You hear yourself without whispering');
    // Asked in either case, so that the time of the answer tells nothing.
    const answer = await askIfThere(host, 'friends.blocks', { owner: receiver ?? '', other: owner });
    const blocked = answer !== undefined && verdict.parse(answer).blocked;
    const delivered =
      receiver !== null &&
      !blocked &&
      host.send({ user: receiver }, 'chat', { from, text, at: host.clock.now(), whisper: true });
    return delivered ? { delivered } : { delivered, reason: 'offline' };
  },
});
