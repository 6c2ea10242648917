/** Names of characters: which are allowed, and which look the same. */
import { HostError } from './errors.ts';

/** Scripts that a name may be written in, each alone; Japanese and Korean mix theirs. */
const scripts = [
  ['Latin'],
  ['Greek'],
  ['Cyrillic'],
  ['Han', 'Hiragana', 'Katakana'],
  ['Hangul', 'Han'],
  ['Arabic'],
  ['Armenian'],
  ['Bengali'],
  ['Devanagari'],
  ['Ethiopic'],
  ['Georgian'],
  ['Gujarati'],
  ['Gurmukhi'],
  ['Hebrew'],
  ['Kannada'],
  ['Khmer'],
  ['Lao'],
  ['Malayalam'],
  ['Myanmar'],
  ['Sinhala'],
  ['Tamil'],
  ['Telugu'],
  ['Thai'],
  ['Tibetan'],
].map((names) => new RegExp(`^[0-9${names.map((name) => `\\p{Script=${name}}`).join('')}]+$`, 'u'));

/** Letters and digits that are drawn alike, after lower case. @source Unicode Technical Standard #39, confusables */
const lookalikes = new Map(
  Object.entries({
    o: '0οоסօ',
    l: '1iіıӏιí',
    a: 'аα',
    b: 'Ьв',
    c: 'сϲ',
    e: 'еёε',
    g: 'ɡ',
    h: 'һн',
    j: 'јϳ',
    k: 'кκ',
    m: 'мϻ',
    n: 'ո',
    p: 'рρ',
    s: 'ѕ5',
    t: 'тτ',
    u: 'υս',
    v: 'νѵ',
    w: 'ԝω',
    x: 'хχ',
    y: 'уγү',
  }).flatMap(([to, from]) => [...from].map((letter) => [letter, to] as const)),
);

/** Nobody plays under these: they would pass for the house. */
const reserved = new Set(['admin', 'administrator', 'host', 'moderator', 'roost', 'server', 'system'].map(toGlance));

/**
 * The name in its normal form.
 * @throws HostError `name.illegal`: not 2 to 16 letters or digits of one script; `name.taken`: reserved.
 */
export function checkName(given: string): string {
  const name = given.length > 64 ? '' : given.normalize('NFKC').trim();
  const isLegal =
    /^[\p{L}\p{M}0-9]{2,16}$/u.test(name) && /^[\p{L}0-9]/u.test(name) && scripts.some((one) => one.test(name));
  if (!isLegal) throw new HostError('name.illegal');
  if (reserved.has(toGlance(name))) throw new HostError('name.taken');
  return name;
}

/** As `toSkeleton`, with letters that pass for one: too much to ask of two players' names, Amo and Arno. */
function toGlance(name: string): string {
  return toSkeleton(name).replaceAll('rn', 'm').replaceAll('vv', 'w');
}

/** Two names with the same skeleton cannot be told apart at a glance. */
export function toSkeleton(name: string): string {
  const base = name.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '');
  return [...base].map((letter) => lookalikes.get(letter) ?? letter).join('');
}
