import { defineMethod, HostError, z } from 'roost/plugin';
import { checkVoice } from './_voice.ts';

/** Refuses with `chat.muted` when the session may not speak now; for plugins that hand on what people write. */
export default defineMethod({
  allow: 'server',
  params: z.object({ session: z.string().min(1).max(64) }),
  async handle({ params, host }) {
    const speaker = host.sessions.find(params.session);
    if (!speaker) throw new HostError('call.forbidden', 'The session is over');
    await checkVoice(host, speaker);
    return {};
  },
});
