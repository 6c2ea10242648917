/** Accounts and characters: from nobody to somebody in a world. */
import type { JsonObject } from '../../contract/content.ts';
import { lookAround } from '../around.ts';
import { type Command, done, refused, type Sitting, type Typed, tell, wrong } from '../command.ts';
import type { Done } from '../door.ts';
import { renderTable, toTime } from '../render.ts';
import { restFrom } from '../words.ts';

const group = 'You';

type Character = {
  readonly name: string;
  readonly game: string;
  readonly zone?: string | null;
  readonly online?: boolean;
};

const register: Command = {
  names: ['register'],
  usage: 'register [NAME]',
  doc: 'Makes an account and logs you in; the password is asked for.',
  group,
  secretAfter: 1,
  async run(sitting, typed) {
    const { words } = typed;
    const name = words[0]?.text ?? (await sitting.terminal.ask('Name of the account: ', false));
    if (!name) return wrong('Give a name: register NAME');
    const password = givenPassword(typed) ?? (await newPassword(sitting));
    if (typeof password !== 'string') return password;
    let answer = await sitting.call('auth.register', { name, password });
    if (!answer.ok && answer.error.code === 'auth.serial-missing') {
      const serial = await sitting.terminal.ask('Serial (the operator of this server gives them out): ', false);
      if (serial) answer = await sitting.call('auth.register', { name, password, serial });
    }
    if (!answer.ok) return refused(answer);
    return await logIn(sitting, name, password, `There is an account ${name} now.`);
  },
};

const login: Command = {
  names: ['login', 'connect'],
  usage: 'login [NAME]',
  doc: 'Logs you in to an account; the password is asked for.',
  group,
  secretAfter: 1,
  async run(sitting, typed) {
    const { words } = typed;
    const name = words[0]?.text ?? (await sitting.terminal.ask('Name of the account: ', false));
    if (!name) return wrong('Give a name: login NAME');
    const password = givenPassword(typed) ?? (await sitting.terminal.ask('Password: ', true));
    if (!password) return wrong('Without a password nobody is logged in.');
    return await logIn(sitting, name, password);
  },
};

async function logIn(sitting: Sitting, name: string, password: string, ...before: readonly string[]): Promise<Done> {
  const answer = await sitting.call('auth.login', { name, password });
  if (!answer.ok) return refused(answer);
  const { you } = sitting;
  const where = you.zone === null ? 'Type play to come into the game.' : `Your ${you.name} stands in ${you.zone}.`;
  return done([...before, `You are logged in as ${you.account ?? name}. ${where}`], answer.result);
}

/** All that stands behind the name: there may be blanks in it. */
function givenPassword({ words: [, first, ...more], line }: Typed): string | undefined {
  return more.length === 0 ? first?.text : restFrom(line, first);
}

/** Asked for twice. */
async function newPassword({ terminal }: Sitting, question = 'Password'): Promise<string | Done> {
  const password = await terminal.ask(`${question} (at least 8 characters): `, true);
  if (!password) return wrong('Without a password there is no account.');
  if ((await terminal.ask('The same again: ', true)) !== password) return wrong('These were two different passwords.');
  return password;
}

const password: Command = {
  names: ['password', 'passwd'],
  usage: 'password',
  doc: 'Changes your password; both are asked for. Every other login of yours ends.',
  group,
  secretAfter: 0,
  async run(sitting, { words }) {
    if (sitting.you.account === null) return wrong('You are not logged in: login first.');
    if (words.length > 0) return wrong('Type password alone: both passwords are asked for.');
    const old = await sitting.terminal.ask('Your password until now: ', true);
    if (!old) return wrong('Without the old password there is no new one.');
    const next = await newPassword(sitting, 'New password');
    if (typeof next !== 'string') return next;
    return tell(await sitting.call('auth.password', { old, new: next }), () => ['Your password is changed.']);
  },
};

const logout: Command = {
  names: ['logout'],
  usage: 'logout',
  doc: 'Ends your login; your character leaves the game and waits for you.',
  group,
  run: async (sitting) => tell(await sitting.call('auth.logout', {}), () => ['You are nobody again.']),
};

const characters: Command = {
  names: ['characters', 'chars'],
  usage: 'characters',
  doc: 'Lists your characters and where they are.',
  group,
  run: async (sitting) =>
    tell<{ readonly characters: readonly JsonObject[] }>(
      await sitting.call('character.list', {}),
      ({ characters: all }) =>
        all.length === 0
          ? ['You have no character yet: create NAME']
          : renderTable(
              all.map(({ name, game, zone, online, lastSeen }) => ({
                ...{ name: name ?? null, game: game ?? null, zone: zone ?? null, online: online ?? null },
                ...{ 'last seen': typeof lastSeen === 'number' ? toTime(lastSeen) : null },
              })),
              sitting.terminal.size().columns,
            ),
    ),
};

const create: Command = {
  names: ['create'],
  usage: 'create NAME [GAME]',
  doc: 'Makes a character of your account.',
  group,
  async run(sitting, { words: [name, game] }) {
    const wanted = name?.text ?? (await sitting.terminal.ask('Name of the character: ', false));
    if (!wanted) return wrong('Give it a name: create NAME');
    const params = { name: wanted, ...(game === undefined ? {} : { game: game.text }) };
    return tell(await sitting.call('character.create', params), () => [`${wanted} is yours. Type play ${wanted}`]);
  },
};

const play: Command = {
  names: ['play', 'enter'],
  usage: 'play [NAME] [ZONE]',
  doc: 'Comes into the game: with a character of your account (one is made when you have none), or as a guest.',
  group,
  async run(sitting, { words }) {
    const zone = words.find(({ text }) => text.includes('/'))?.text ?? undefined;
    const named = words.find(({ text }) => text !== zone)?.text;
    if (sitting.you.account === null) return await enter(sitting, zone, named ?? (await guestName(sitting)));
    const chosen = await chooseCharacter(sitting, named);
    return typeof chosen === 'string' ? await enter(sitting, zone, chosen) : chosen;
  },
  complete: (sitting) => [...sitting.you.people],
};

async function guestName({ terminal, you }: Sitting): Promise<string | undefined> {
  if (you.name !== null) return undefined;
  const name = await terminal.ask('Your name in the game (2 to 16 letters or digits): ', false);
  return name || undefined;
}

/** The one that is named, the only one, one that is asked for, or a new one. */
async function chooseCharacter(sitting: Sitting, named: string | undefined): Promise<string | Done> {
  const answer = await sitting.call('character.list', {});
  if (!answer.ok) return refused(answer);
  const { characters: all } = answer.result as { readonly characters: readonly Character[] };
  const same = all.find(({ name }) => name.toLowerCase() === named?.toLowerCase());
  if (same !== undefined) return same.name;
  if (named === undefined && all.length === 1) return (all[0] as Character).name;
  if (named === undefined && all.length > 1) return await pickCharacter(sitting, all);
  const account = sitting.you.account ?? '';
  const asked = named ?? (await sitting.terminal.ask(`Name of your character (empty: ${account}): `, false)) ?? account;
  const name = asked === '' ? account : asked;
  const made = await sitting.call('character.create', { name });
  return made.ok ? name : refused(made, 'Choose another: play NAME');
}

async function pickCharacter({ terminal }: Sitting, all: readonly Character[]): Promise<string | Done> {
  const list = all.map(({ name, game }, index) => `  ${index + 1}  ${name} (${game})`);
  terminal.show(list);
  const typed = await terminal.ask('Which one? (number or name) ', false);
  const found = all[Number(typed) - 1] ?? all.find(({ name }) => name.toLowerCase() === typed?.trim().toLowerCase());
  return found?.name ?? wrong('Say which one: play NAME', ...list);
}

async function enter(sitting: Sitting, zone: string | undefined, name: string | undefined): Promise<Done> {
  const answer = await sitting.call('zone.enter', {
    ...(zone === undefined ? {} : { zone }),
    ...(name === undefined ? {} : { name }),
  });
  if (!answer.ok) {
    const isAccount = answer.error.code === 'auth.account-needed';
    return refused(answer, ...(isAccount ? ['Make an account with register, or log in with login.'] : []));
  }
  const { you } = sitting;
  const around = await lookAround(sitting, { most: 12 });
  const hint = 'look, map, go north, say hello, who, use THING, help';
  return done([`You are ${you.name} in ${you.zone}.`, ...around.lines.slice(1), `Try: ${hint}`], answer.result);
}

const leave: Command = {
  names: ['leave'],
  usage: 'leave',
  doc: 'Takes your character out of the game.',
  group,
  run: async (sitting) =>
    tell<{ readonly zone: string | null }>(await sitting.call('zone.leave', {}), ({ zone }) => [
      zone === null ? 'You are in no zone.' : `You have left ${zone}. Type play to come back.`,
    ]),
};

export const accountCommands: readonly Command[] = [
  ...[register, login, play, characters, create, leave, logout, password],
];
