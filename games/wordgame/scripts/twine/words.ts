/**
 * The words there are. They lie sorted in texts, each length by itself, so that one is found by halving: nothing is
 * built when a table opens, and nothing is kept but the texts.
 */
import * as eight from './words/eight.ts';
import * as five from './words/five.ts';
import * as four from './words/four.ts';
import * as nine from './words/nine.ts';
import * as seven from './words/seven.ts';
import * as six from './words/six.ts';
import * as three from './words/three.ts';

const shortest = 3;
const shelves = [three, four, five, six, seven, eight, nine];

/** Whether the game knows a word of small letters. */
export function isWord(word: string): boolean {
  const shelf = shelves[word.length - shortest];
  return shelf !== undefined && [shelf.common, shelf.rare].some((text) => isIn(text, word));
}

/** Common words of a length, at most so many, that begin with these letters, in order. */
export function commonWith(prefix: string, length: number, most: number): string[] {
  const text = shelves[length - shortest]?.common ?? '';
  const found: string[] = [];
  for (let at = placeOf(text, prefix, length); found.length < most; at++) {
    const word = wordAt(text, at, length);
    if (word === '' || !word.startsWith(prefix)) break;
    found.push(word);
  }
  return found;
}

function isIn(text: string, word: string): boolean {
  return wordAt(text, placeOf(text, word, word.length), word.length) === word;
}

/** Place of the first word that is not before `wanted`. */
function placeOf(text: string, wanted: string, length: number): number {
  let [low, high] = [0, countOf(text, length)];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (wordAt(text, middle, length) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** One character stands after each word but the last. */
function countOf(text: string, length: number): number {
  return Math.floor((text.length + 1) / (length + 1));
}

function wordAt(text: string, place: number, length: number): string {
  return text.slice(place * (length + 1), place * (length + 1) + length);
}
