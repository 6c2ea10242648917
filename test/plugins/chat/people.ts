/** People with characters who chat. */
import type { ChatMessage } from '../../../core/contract/protocol.ts';
import type { TestClient } from '../../support/client.ts';
import type { TestNode } from '../../support/node.ts';
import { makeAccount } from '../auth/people.ts';

export type Player = { readonly client: TestClient; readonly token: string };

/** Registers an account with one character of the same name, and brings it into a zone. */
export async function comeAs(node: TestNode, name: string, zone: string): Promise<Player> {
  const { token } = await makeAccount(node, name);
  const client = await node.connect({ token });
  await client.call('character.create', { name });
  await client.call('character.choose', { name });
  await client.enter(zone);
  return { client, token };
}

/** Messages of chat that a client got so far, those of a kind. */
export function chats(client: TestClient, fits: (message: ChatMessage) => boolean = () => true): ChatMessage[] {
  return client.messages
    .filter(({ event }) => event === 'chat')
    .map(({ data }) => data as ChatMessage)
    .filter(fits);
}

/** Whatever was on its way to a client before this has arrived when it resolves. */
export async function settled(client: TestClient): Promise<void> {
  await client.call('host.ping');
}
