/** Verbs that change what an object is: name, look, words, body. */
import type { Look } from '../../contract/content.ts';
import { longest, textOf } from './checks.ts';
import { intend, type Obj, put } from './here.ts';
import { touchKeep } from './keep.ts';
import { isMark } from './marks.ts';
import { setBody } from './objects.ts';

const mostWords = 32;

type Fields = {
  name?: string;
  look?: Look | null;
  scale?: number;
  speed?: number;
  words?: readonly string[];
  physical?: boolean;
  angle?: number;
};

export function set(object: Obj, fields: Fields): void {
  intend({ verb: 'set', id: object.id, fields });
  for (const key of Object.keys(fields) as (keyof Fields)[]) put(object, key, fields[key] as never);
}

export function setName(object: Obj, name: unknown): void {
  set(object, { name: textOf(name, 'name', longest.name) });
}

export function addWord(object: Obj, word: unknown): void {
  const name = textOf(word, 'a word', longest.word);
  if (isMark(name)) throw new TypeError(`the word ${name} is the engine's own`);
  if (object.words.includes(name)) return;
  if (object.words.length >= mostWords) throw new RangeError(`an object has at most ${mostWords} words`);
  set(object, { words: Object.freeze([...object.words, name]) });
}

export function removeWord(object: Obj, word: unknown): void {
  if (typeof word !== 'string' || isMark(word) || !object.words.includes(word)) return;
  set(object, { words: Object.freeze(object.words.filter((other) => other !== word)) });
}

export function setSolid(object: Obj, solid: boolean, type: Obj['type']): void {
  if (object.solid === solid && object.type === type) return;
  intend({
    verb: 'set',
    id: object.id,
    fields: { ...(object.solid === solid ? {} : { solid }), ...(object.type === type ? {} : { type }) },
  });
  put(object, 'solid', solid);
  put(object, 'type', type);
  setBody(object.keep, { solid, type });
  touchKeep(object.keep);
}
