/** Wren, a partner of straw: knows common words of up to six letters, and does not think long. */
import { knotOf, scoreOf, without } from '../../client/rules.ts';
import { commonWith } from './words.ts';

export const wrenName = 'Wren';
const longestKnown = 6;
/** Words looked at for one knot and length. */
const looks = 200;
/** Of so many words that come to mind the best is said. */
const ideas = 3;

/** Words that people may play, and Wren would not say to anybody. */
const unsaid: ReadonlySet<string> = new Set(
  (
    'anal anus arse arses ass asses bitch bitchy boob boobed boobs booby bowel bowels bra bras breast bugger bum bums ' +
    'butt butts cock cocks condom crap craps cretin crotch cums damn damned damns dick dicks dumb dyked erect erotic ' +
    'eunuch fagged fart farted farts fat fatty gay gays groin groins gypsy harem harlot hell hooker horny idiot idiots ' +
    'incest kill killed lust lusts lusty lynch midget molest moron morons murder naked nipple nude nuder nudes nudest ' +
    'orgasm orgies orgy penis pimp pimps piss pissed pisses poop porn prick pricks puke puked pussy rectum scum semen ' +
    'sex sexed sexes sexier sexing sexism sexist sexual sexy shit shits shitty slave slaved slaves sod sodomy sperm ' +
    'sperms stupid suck sucked sucks thong tit tits tramp tramps turd turds ugly urine vagina vomit vomits'
  ).split(' '),
);

/** A word for the end of `last` from these letters, or null when none comes to mind. @param random  0 ≤ n < 1 */
export function think(
  last: string,
  rack: string,
  isFree: (word: string) => boolean,
  random: () => number,
): string | null {
  const possible: string[] = [];
  for (let knot = Math.min(3, last.length - 1); knot > 0; knot--) {
    const prefix = last.slice(-knot);
    for (let length = Math.max(3, knot + 1); length <= longestKnown; length++)
      for (const word of commonWith(prefix, length, looks))
        if (isFree(word) && !unsaid.has(word) && without(rack, word.slice(knot)) !== null) possible.push(word);
  }
  const points = (word: string) => scoreOf(word, knotOf(last, word));
  const came = Array.from({ length: ideas }, () => possible[Math.floor(random() * possible.length)] ?? '');
  return came.sort((a, b) => points(b) - points(a))[0] || null;
}
