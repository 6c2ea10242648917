import { CallError } from 'roost/client';

/** Codes of the server → plain words. A code that is not here says what the server says. */
const words = new Map([
  ['call.unknown-method', 'This server cannot do that.'],
  ['call.too-fast', 'That was a bit quick. Wait a moment and try again.'],
  ['call.timeout', 'The server does not answer. Is the connection there?'],
  ['client.lost', 'The connection broke. Try again in a moment.'],
  ['client.unreachable', 'The server cannot be reached. Is the connection there?'],
  ['call.failed', 'Something broke on the server. Try again in a moment.'],
  ['call.forbidden', 'That is not for you to do.'],
  ['session.full', 'The farm is full right now. Try again in a while.'],
  ['zone.full', 'The meadow is full right now. Try again in a while.'],
  ['name.illegal', 'A name is 2 to 16 letters or digits, without blanks.'],
  ['auth.wrong', 'The name or the password is wrong.'],
  ['auth.busy', 'Many people are logging in right now. Try again in a moment.'],
  ['auth.taken', 'Somebody has this name already. Try another one.'],
  ['auth.serial-missing', 'This farm wants a key. Whoever runs it gives you one.'],
  ['auth.serial-unknown', 'There is no such key. Look at it once more, letter by letter.'],
  ['auth.serial-used', 'Somebody used this key already.'],
  ['auth.wrong-code', 'The code is wrong, used, or too old. You can have another one.'],
  ['character.taken', 'Somebody has this name, or one that looks the same. Try another one.'],
  ['friends.unknown', 'There is nobody of this name. Great and small letters count.'],
  ['friends.none', 'That is settled already.'],
  ['chat.to-yourself', 'You hear yourself without whispering.'],
  ['session.elsewhere', 'You are here already, in another window.'],
  ['name.taken', 'Somebody has this name already. Try another one.'],
]);

/** What went wrong, as a person would say it. @param here  Words for codes that mean something else at this place. */
export function inWords(error: unknown, here: Readonly<Record<string, string>> = {}): string {
  const code = codeOf(error);
  if (Object.hasOwn(here, code)) return here[code] ?? '';
  return words.get(code) ?? (error instanceof Error ? error.message : String(error));
}

/** Stable code of an error that the server answered with; `''` for any other. */
export function codeOf(error: unknown): string {
  return error instanceof CallError ? error.code : '';
}
