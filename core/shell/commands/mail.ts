/** Mail: the methods of `plugins/mail` for somebody who types. */
import type { JsonObject } from '../../contract/content.ts';
import type { Answer } from '../../contract/protocol.ts';
import { type Command, refused, type Sitting, type Typed, tell, wrong } from '../command.ts';
import type { Done } from '../door.ts';
import { clip, pad } from '../printable.ts';
import { toTime } from '../render.ts';
import { restFrom, type Word } from '../words.ts';
import type { MailHead } from '../you.ts';

/** Mails of one list, and characters of a text and of a subject. */
const listed = 20;
const textMost = 4_000;
const subjectMost = 100;

type Listed = {
  readonly total: number;
  readonly unread: number;
  readonly mails: readonly MailHead[];
  readonly more: boolean;
};
type Mail = MailHead & { readonly text: string };

/** Of params of the methods. */
const keys: ReadonlySet<string> = new Set(['to', 'subject', 'text', 'id', 'after', 'limit', 'unread']);

type Verb = (sitting: Sitting, words: readonly Word[], line: string) => Done | Promise<Done>;

const verbs: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ['list', (sitting) => list(sitting)],
  ['older', (sitting) => list(sitting, sitting.you.mails)],
  ['read', (sitting, [which]) => read(sitting, which?.text)],
  ['delete', (sitting, [which]) => remove(sitting, which?.text)],
  ['send', (sitting, [to, first], line) => send(sitting, to?.text, undefined, restFrom(line, first))],
  ['reply', (sitting, [which, first], line) => reply(sitting, which?.text, restFrom(line, first))],
]);

export const mail: Command = {
  names: ['mail'],
  usage: 'mail [VERB …]',
  doc: 'Your mail: mail lists it; mail read 1, mail reply 1, mail delete 1, mail older; mail send NAME asks for the rest.',
  group: 'People',
  async run(sitting, { words, line }: Typed) {
    const [first, ...rest] = words;
    if (first === undefined) return await list(sitting);
    if (/^\d+$/.test(first.text)) return await read(sitting, first.text);
    const word = first.text.toLowerCase();
    const verb = verbs.get(word);
    // With `key=value` it is the method itself, and a plugin may have more of them.
    const isMethod = (await sitting.catalogue.find(`mail.${word}`)) !== undefined;
    if (isMethod && (verb === undefined || rest.some(({ key }) => key !== undefined && keys.has(key))))
      return await sitting.run(`mail.${restFrom(line, first)}`);
    if (verb === undefined) return wrong(`mail ${[...verbs.keys()].join(', mail ')}, or mail alone`);
    return await verb(sitting, rest, line);
  },
  complete: ({ you }, { words }) =>
    words.length > 1 || verbs.has(words[0]?.text ?? '') ? [...you.people] : [...verbs.keys()],
};

/** The newest, or those before the ones that were listed. */
async function list(sitting: Sitting, before: readonly MailHead[] = []): Promise<Done> {
  const after = before.at(-1)?.id;
  const answer = await call(sitting, 'list', { limit: listed, ...(after === undefined ? {} : { after }) });
  return tellOr<Listed>(answer, ({ total, unread, mails, more }) => {
    sitting.you.mails = [...before, ...mails];
    if (total === 0) return ['You have no mail. mail send NAME writes one.'];
    const names = Math.max(0, ...mails.map(({ from }) => [...from].length));
    return [
      `You have ${count(total, 'mail')}, ${unread} of them unread:`,
      ...mails.map(({ from, at, subject, read: isRead }, index) => {
        const number = String(before.length + index + 1).padStart(3);
        return `${number} ${isRead ? '   ' : 'new'} ${pad(from, names)}  ${toTime(at).slice(0, 16)}  ${subject}`.trimEnd();
      }),
      more ? 'mail older shows those before them.' : 'mail read 1, mail reply 1, mail delete 1, mail send NAME',
    ];
  });
}

async function read(sitting: Sitting, which: string | undefined): Promise<Done> {
  const found = await find(sitting, which);
  if (!('id' in found)) return found;
  const { you } = sitting;
  return tellOr<Mail>(await call(sitting, 'read', { id: found.id }), ({ from, gone, to, subject, at, text }) => {
    you.mails = you.mails.map((one) => (one.id === found.id ? { ...one, read: true } : one));
    return [
      `From:    ${from}${gone ? ' (gone: whoever has this name now is somebody else)' : ''}`,
      `To:      ${to}`,
      `Date:    ${toTime(at)} UTC`,
      `Subject: ${subject === '' ? '-' : subject}`,
      '',
      ...text.split('\n'),
    ];
  });
}

async function remove(sitting: Sitting, which: string | undefined): Promise<Done> {
  if (which === undefined) return wrong('Delete which one? mail delete 1');
  const found = await find(sitting, which);
  if (!('id' in found)) return found;
  return tellOr(await call(sitting, 'delete', { id: found.id }), () => [`The mail from ${found.from} is deleted.`]);
}

async function reply(sitting: Sitting, which: string | undefined, text: string): Promise<Done> {
  if (which === undefined) return wrong('Reply to which one? mail reply 1');
  const found = await find(sitting, which);
  if (!('id' in found)) return found;
  if (found.gone) return wrong(`${found.from} is no more.`);
  const about = /^(re:|$)/i.test(found.subject) ? found.subject : `Re: ${found.subject}`;
  return await send(sitting, found.from, clip(about, subjectMost), text);
}

/** What is not given is asked for. */
async function send(sitting: Sitting, to: string | undefined, about: string | undefined, given: string): Promise<Done> {
  const { terminal } = sitting;
  if (to === undefined) return wrong('To whom? mail send NAME, or mail send NAME TEXT');
  const subject = about ?? (given === '' ? await terminal.ask('Subject: ', false) : '');
  const text = subject === null ? null : given === '' ? await askText(sitting) : given;
  if (subject === null || text === null) return wrong('Nothing was sent. In one line: mail send NAME TEXT');
  const params = { text, ...(subject.trim() === '' ? {} : { subject }) };
  let answer = await call(sitting, 'send', { to, ...params });
  // What was typed is not lost for a slip in the name.
  while (!answer.ok && answer.error.code === 'mail.unknown' && given === '') {
    const other = await terminal.ask(`${answer.error.message}. To whom? `, false);
    if (!other?.trim()) return refused(answer, 'Nothing was sent.');
    answer = await call(sitting, 'send', { to: other.trim(), ...params });
  }
  if (!answer.ok && answer.error.code === 'character.none') return refused(answer, 'Type play, or create NAME.');
  return tellOr<{ readonly to: string }>(answer, (sent) => [`Your mail is in the box of ${sent.to}.`]);
}

/** Line by line; null when he gives up, or it is too long. */
async function askText({ terminal }: Sitting): Promise<string | null> {
  terminal.show(['Your text; a line with nothing but a dot ends it.']);
  let text = '';
  for (;;) {
    const line = await terminal.ask('| ', false);
    if (line === null || line.trim() === '.') return line === null ? null : text.trim() || null;
    text += `${line}\n`;
    if (text.length <= textMost) continue;
    terminal.show([`That is too long: a mail has at most ${textMost} characters.`]);
    return null;
  }
}

/** By its number in the last list; without one the newest that is not read. */
async function find(sitting: Sitting, which: string | undefined): Promise<MailHead | Done> {
  const { you } = sitting;
  if (which === undefined) {
    const answer = await call(sitting, 'list', { unread: true, limit: 1 });
    const [newest] = answer.ok ? (answer.result as unknown as Listed).mails : [];
    return newest ?? tellOr(answer, () => ['You have read all. mail lists them.']);
  }
  if (you.mails.length === 0) {
    const told = await list(sitting);
    if (!told.ok) return told;
  }
  const many = you.mails.length === 0 ? 'There is none.' : `There are 1 to ${you.mails.length}.`;
  return you.mails[Number(which) - 1] ?? wrong(`No mail is number ${which}. ${many}`);
}

function call(sitting: Sitting, verb: string, params: JsonObject): Promise<Answer> {
  return sitting.call(`mail.${verb}`, params);
}

function tellOr<T>(answer: Answer, toLines: (result: T) => readonly string[]): Done {
  if (answer.ok || answer.error.code !== 'call.unknown-method') return tell(answer, toLines);
  return { ...wrong('This server has no mail: no plugin with methods mail.… is loaded.'), code: 'shell.unknown' };
}

/** `1 mail`, `2 mails`. */
function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
