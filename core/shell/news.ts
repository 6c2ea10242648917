/** What comes without being asked for, as lines, and what of it was not shown yet. */
import type { Json, JsonObject } from '../contract/content.ts';
import { clip, toPrintable } from './printable.ts';
import { toHour } from './render.ts';

/** Lines that `history` can show again, and that wait to be shown. */
const mostKept = 200;
const mostWaiting = 50;
/** Of what things say by themselves so much is kept between two commands: a henhouse is never silent. */
const mostAmbient = 4;
const lineLength = 1_000;

/** A question that an object has asked: `answer` answers the last one. */
export type Question = {
  readonly id: string;
  readonly question: string;
  readonly text: string;
  readonly choices: readonly string[];
};

export class News {
  question: Question | undefined;
  /** Who whispered last, for `reply`. */
  whisperer: string | undefined;
  readonly #now: () => number;
  #kept: string[] = [];
  #waiting: { readonly line: string; readonly ambient: boolean }[] = [];
  #dropped = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Takes an event of the server by its name (`chat`, `notice`, `zone`, …), or an entry of `ev` by its own (`say`, `tell`, `ask`,
   * `emit`). @returns what is to be shown at once; nothing for what is no news to a reader, or can wait for his next command
   */
  take(event: string, data: Json): readonly string[] {
    const fields = isObject(data) ? data : { data };
    if (event === 'ask') this.question = toQuestion(fields) ?? this.question;
    if (event === 'chat' && fields.whisper === true) this.whisperer = textOf(fields.from);
    const lines = tellEvent(event, data, this.#now());
    const ambient = event === 'say' && fields.p !== 1;
    this.#add(lines, ambient);
    return ambient ? [] : lines;
  }

  /** A line for `history` alone. */
  note(line: string): void {
    this.#kept = [...this.#kept, clip(toPrintable(line), lineLength)].slice(-mostKept);
  }

  #add(lines: readonly string[], ambient: boolean): void {
    if (!ambient) this.#kept = [...this.#kept, ...lines].slice(-mostKept);
    this.#waiting.push(...lines.map((line) => ({ line, ambient })));
    if (ambient && this.#waiting.filter((one) => one.ambient).length > mostAmbient)
      this.#waiting.splice(
        this.#waiting.findIndex((one) => one.ambient),
        1,
      );
    this.#dropped += Math.max(0, this.#waiting.length - mostWaiting);
    this.#waiting = this.#waiting.slice(-mostWaiting);
  }

  /** What happened since this was asked last. */
  takeWaiting(): readonly string[] {
    const left = this.#dropped > 0 ? [`… ${this.#dropped} lines before these: \`history\` shows more`] : [];
    const lines = [...left, ...this.#waiting.map(({ line }) => line)];
    this.#waiting = [];
    this.#dropped = 0;
    return lines;
  }

  /** The last lines, oldest first. */
  last(count: number): readonly string[] {
    return this.#kept.slice(-count);
  }
}

/** An event as lines; none for pictures of the world. @param now  Unix seconds, for what does not say when it was. */
export function tellEvent(event: string, data: Json, now: number): readonly string[] {
  const fields = isObject(data) ? data : { data };
  const at = typeof fields.at === 'number' ? fields.at : now;
  return toLines(event, fields).map((line) => `[${toHour(at)}] ${clip(toPrintable(line), lineLength)}`);
}

function toLines(event: string, data: JsonObject): readonly string[] {
  switch (event) {
    case 'say':
      return [`<${textOf(data.n)}> ${textOf(data.text)}`];
    case 'tell':
      return [`${textOf(data.n)} tells you: ${textOf(data.text)}`];
    case 'ask': {
      const choices = listOf(data.choices).map((choice, index) => `${index + 1} ${choice}`);
      return [`${textOf(data.n)} asks: ${textOf(data.text)}`, `    answer with: answer ${choices.join(' | ')}`];
    }
    case 'emit':
      return [`* ${textOf(data.name)}${toDetails(data.data ?? null)}`];
    case 'chat':
      return [toChat(data)];
    case 'notice':
      return [`! ${textOf(data.message)}`];
    case 'zone':
      return toZoneLines(data);
    case 'mail':
      return [toMail(data)];
    case 'resumed':
      return [`* you are ${textOf(data.name)} in ${textOf(data.zone)} again`];
    // Pictures of the world: `look` and `map` show what there is.
    case 'snapshot':
    case 'delta':
    case 'effect':
    case 'jump':
      return [];
    case 'watch':
      return [`~ ${textOf(data.path)}: ${textOf(data.message)}`];
    default:
      return [`* ${event}${toDetails(data)}`];
  }
}

function toChat({ from, text, whisper, broadcast, greeting, room }: JsonObject): string {
  const who = textOf(from);
  if (whisper === true) return `${who} whispers: ${textOf(text)}`;
  if (broadcast === true) return `${who} to everyone: ${textOf(text)}`;
  if (greeting === true) return `${who}: ${textOf(text)}`;
  return room === undefined ? `<${who}> ${textOf(text)}` : `[${textOf(room)}] <${who}> ${textOf(text)}`;
}

/** A mail that has come, or how many there are when somebody logs in. */
function toMail({ unread, from, subject }: JsonObject): string {
  if (from === undefined) return `* you have ${textOf(unread)} unread ${unread === 1 ? 'mail' : 'mails'}: type mail`;
  return `* mail from ${textOf(from)}${subject === '' ? '' : `: ${textOf(subject)}`} (${textOf(unread)} unread: type mail)`;
}

function toZoneLines({ zone, state, code }: JsonObject): readonly string[] {
  const where = textOf(zone);
  switch (state) {
    case 'entering':
      return [`* you come into ${where}`];
    case 'moving':
      return [`* you leave ${where}`];
    case 'recovering':
      return [`* ${where} stumbles, and will be back in a moment`];
    case 'closed':
      return [`* ${where} is closed${code === undefined ? '' : ` (${textOf(code)})`}`];
    default:
      return [];
  }
}

/** `name: value, …` of an event that a plugin made up. */
function toDetails(data: Json): string {
  if (data === null) return '';
  if (!isObject(data)) return `: ${toText(data)}`;
  const parts = Object.entries(data).map(([key, value]) => `${key}: ${toText(value)}`);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function toText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function toQuestion({ i, question, text, choices }: JsonObject): Question | undefined {
  if (typeof i !== 'string' || typeof question !== 'string') return undefined;
  return { id: i, question, text: textOf(text), choices: listOf(choices) };
}

function listOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map((one) => textOf(one)) : [];
}

function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
