/** Speaking, and who is there. */
import type { Json } from '../../contract/content.ts';
import type { Answer } from '../../contract/protocol.ts';
import { type Command, done, refused, type Sitting, tell, wrong } from '../command.ts';
import type { Done } from '../door.ts';
import { restFrom } from '../words.ts';

const group = 'People';

const say: Command = {
  names: ['say', '"'],
  usage: 'say TEXT',
  doc: 'Says something where you stand.',
  group,
  async run(sitting, { rest }) {
    if (rest === '') return wrong('Say what?');
    const answer = await sitting.call('chat.say', { text: rest });
    return answer.ok ? done([], answer.result) : refused(answer);
  },
};

const tellOne: Command = {
  names: ['tell', 'whisper'],
  usage: 'tell NAME TEXT',
  doc: 'Whispers to somebody, wherever he is.',
  group,
  async run(sitting, { words: [who, first], line }) {
    if (who === undefined || first === undefined) return wrong('Tell whom what? tell NAME TEXT');
    return await whisper(sitting, who.text, restFrom(line, first));
  },
  complete: ({ you }) => [...you.people],
};

const reply: Command = {
  names: ['reply', 'r'],
  usage: 'reply TEXT',
  doc: 'Whispers to whoever whispered to you last.',
  group,
  async run(sitting, { rest }) {
    const { whisperer } = sitting.news;
    if (whisperer === undefined) return wrong('Nobody has whispered to you.');
    return rest === '' ? wrong(`Reply what to ${whisperer}?`) : await whisper(sitting, whisperer, rest);
  },
};

/** Names are as they are written: one that differs by small and capital letters is looked up. */
async function whisper(sitting: Sitting, to: string, text: string): Promise<Done> {
  const answer = await sitting.call('chat.whisper', { to, text });
  if (!answer.ok) return refused(answer);
  if (wasDelivered(answer)) return done([`You whisper to ${to}.`], answer.result);
  const meant = (await present(sitting)).find((name) => name !== to && name.toLowerCase() === to.toLowerCase());
  const again = meant === undefined ? undefined : await sitting.call('chat.whisper', { to: meant, text });
  if (again !== undefined && wasDelivered(again))
    return done([`You whisper to ${meant}.`], (again as { result: Json }).result);
  return { ...wrong(`${to} is not here to hear you.`), code: 'shell.offline', result: answer.result };
}

function wasDelivered(answer: Answer): boolean {
  return answer.ok && (answer.result as { readonly delivered?: boolean }).delivered === true;
}

async function present(sitting: Sitting): Promise<readonly string[]> {
  const answer = await sitting.call('chat.who', {});
  if (!answer.ok) return [];
  const names = (answer.result as unknown as Online).people.map(({ name }) => name);
  sitting.you.meet(names);
  return names;
}

const shout: Command = {
  names: ['shout', 'broadcast'],
  usage: 'shout TEXT',
  doc: 'Says something to everybody, where you may.',
  group,
  async run(sitting, { rest }) {
    if (rest === '') return wrong('Shout what?');
    return tell<{ readonly sessions: number }>(await sitting.call('chat.broadcast', { text: rest }), ({ sessions }) => [
      `${sessions} heard it.`,
    ]);
  },
};

type Here = {
  readonly zone: string;
  readonly characters: readonly { readonly name: string; readonly connected: boolean }[];
};
type Online = {
  readonly online: number;
  readonly more: boolean;
  readonly people: readonly { readonly name: string; readonly zone: string | null; readonly guest: boolean }[];
};

const who: Command = {
  names: ['who'],
  usage: 'who [all]',
  doc: 'Who is in your zone; with `all`, or outside of zones, who is online.',
  group,
  async run(sitting, { rest }) {
    if (rest !== 'all' && sitting.you.zone !== null) {
      return tell<Here>(await sitting.call('zone.who', {}), ({ zone, characters }) => {
        sitting.you.meet(characters.map(({ name }) => name));
        return [
          `In ${zone}:`,
          ...characters.map(({ name, connected }) => `  ${name}${connected ? '' : ' (connection lost)'}`),
        ];
      });
    }
    return tell<Online>(await sitting.call('chat.who', {}), ({ online, people, more }) => {
      sitting.you.meet(people.map(({ name }) => name));
      const lines = people.map(({ name, zone, guest }) => `  ${name}${guest ? ' (guest)' : ''}  ${zone ?? ''}`);
      return [`${online} online:`, ...lines, ...(more ? ['  … and more: chat.who after=NAME'] : [])];
    });
  },
};

export const talkCommands: readonly Command[] = [say, tellOne, reply, who, shout];
