/** What callbacks are given to act with. */
import { CallError, type Client } from '../client/client.ts';
import type { JsonObject } from '../contract/content.ts';
import type { Bot, BotDefinition, Member } from './definition.ts';

export function toBot({ room }: BotDefinition, client: Client): Bot {
  const call: Bot['call'] = async (method, params = {}) => {
    // Else it would be sent with the next connection, before the bot is attached again.
    if (!client.stats.connected) throw new CallError('call.timeout', 'Not sent: the bot has lost its connection');
    return client.call(method, params);
  };
  const own = (): { room: string } => {
    if (room === undefined) throw new TypeError('This bot has no room');
    return { room };
  };
  return {
    room: room ?? null,
    client,
    call,
    async send(what, to) {
      const content: JsonObject = typeof what === 'string' ? { text: what } : { data: what };
      await call('bot.send', { ...own(), ...content, ...(to === undefined ? {} : { to: to.session }) });
    },
    async members() {
      const { members } = (await call('bot.members', own())) as { readonly members: readonly Member[] };
      return members;
    },
  };
}
