/** A word that a person may type, and what it is given. */
import type { Json, JsonObject } from '../contract/content.ts';
import type { Answer } from '../contract/protocol.ts';
import type { Catalogue } from './catalogue.ts';
import type { Done, ShellDoor, Terminal } from './door.ts';
import type { News } from './news.ts';
import { toPrintable } from './printable.ts';
import type { Word } from './words.ts';
import type { You } from './you.ts';

/** What was typed, without the command's own word. */
export type Typed = {
  /** The word itself, in small letters. */
  readonly word: string;
  readonly words: readonly Word[];
  /** All after the word, as it was typed. */
  readonly rest: string;
  /** The whole line; `at` of the words counts in it. */
  readonly line: string;
};

/** What commands work with. */
export interface Sitting {
  readonly door: ShellDoor;
  readonly terminal: Terminal;
  readonly catalogue: Catalogue;
  readonly news: News;
  readonly you: You;
  /** Commands by each of their words. */
  readonly commands: ReadonlyMap<string, Command>;
  /** Carries out a call, and notes what it says of who and where you are. Never rejects. */
  call(method: string, params: JsonObject): Promise<Answer>;
  /** Carries out another line, as if it had been typed. */
  run(line: string): Promise<Done>;
  /** Unix seconds. */
  now(): number;
  wait(ms: number): Promise<void>;
}

export type Command = {
  /** Its word, and others for the same. */
  readonly names: readonly [string, ...string[]];
  /** Such as `say TEXT`. */
  readonly usage: string;
  /** One sentence. */
  readonly doc: string;
  /** Heading of `help` that it stands under. */
  readonly group: string;
  /** There is a secret behind so many of its words: from there on nothing is kept in the history. */
  readonly secretAfter?: number;
  run(sitting: Sitting, typed: Typed): Done | Promise<Done>;
  /** What the last word could become. */
  complete?(sitting: Sitting, typed: Typed): readonly string[];
};

export function done(lines: readonly string[], result?: Json): Done {
  return { ok: true, lines: lines.map(toPrintable), ...(result === undefined ? {} : { result }) };
}

/** The command was not used rightly. */
export function wrong(...lines: readonly string[]): Done {
  return { ok: false, code: 'shell.wrong', lines: lines.map(toPrintable) };
}

/** What a refused call says, and what to do about it where that is known. */
export function refused({ error }: Extract<Answer, { readonly ok: false }>, ...hints: readonly string[]): Done {
  const { code, message, details } = error;
  const needs = code === 'call.forbidden' ? (details as { readonly needs?: unknown } | undefined)?.needs : undefined;
  const way = needs === undefined ? undefined : ways.get(String(needs));
  return { ok: false, code, lines: [message, ...hints, ...(way === undefined ? [] : [way])].map(toPrintable) };
}

/** To what a method wants of who calls it. */
const ways: ReadonlyMap<string, string> = new Map([
  ['player', 'Type play to come into the game.'],
  ['account', 'Type login, or register when you have no account.'],
]);

/** Lines of an answer that is there, or why it is not. */
export function tell<T>(answer: Answer, toLines: (result: T) => readonly string[]): Done {
  return answer.ok ? done(toLines(answer.result as T), answer.result) : refused(answer);
}
