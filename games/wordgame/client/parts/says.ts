/** What went wrong, in the words of this page: the farm's speak of the farm. */
import { inWords } from '/farmyard/parts/words.ts';

const words = {
  'session.full': 'So many are here that nobody more fits in. Try again in a while.',
  'zone.full': 'There is no seat free. Try again in a while.',
  'auth.serial-missing': 'Here one wants a key. Whoever runs this gives you one.',
  'match.unknown-mode': 'This game is not to be had here.',
  'match.full': 'Very many are waiting already. Try again in a while.',
  'match.too-many': 'Many are waiting from where you are already. Try again in a while.',
  'match.unknown-ticket': 'The server was started anew meanwhile. Ask once more.',
  'match.no-party': 'Your friend is not waiting any more.',
  'match.name-taken': 'Somebody here has this name. Try another one.',
};

/** @param here  Words for codes that mean something else at this place. */
export function tell(error: unknown, here: Readonly<Record<string, string>> = {}): string {
  return inWords(error, { ...words, ...here });
}
