/**
 * Small moves packed into text, for clients that ask for it: five characters each instead of a dozen. A digit is one of
 * the 91 printable ASCII characters from `#` on, without the backslash, so that it stands in JSON as it is. Two are the
 * slot, then one each `dx`, `dy` and `da`, where 45 is no move. docs/protocol.md explains it with an example.
 * Runs in browsers.
 */

const firstCode = 0x23;
const backslash = 0x5c;
const base = 91;
/** The digit of no move, and the largest move either way. */
const still = 45;

const digits = Array.from({ length: base }, (_, digit) => {
  const code = firstCode + digit;
  return String.fromCharCode(code < backslash ? code : code + 1);
});

/** The slot as its two digits; undefined when it has more. */
export function packSlot(slot: number): string | undefined {
  const high = digits[Math.floor(slot / base)];
  return high === undefined ? undefined : high + digits[slot % base];
}

/** What follows the slot; undefined when a part of it is too large. */
export function packMove(dx: number, dy: number, da: number): string | undefined {
  const [x, y, a] = [digits[dx + still], digits[dy + still], digits[da + still]];
  return x === undefined || y === undefined || a === undefined ? undefined : x + y + a;
}

/** Calls back for each move of a text. */
export function unpackMoves(text: string, move: (slot: number, dx: number, dy: number, da: number) => void): void {
  for (let at = 0; at + 4 < text.length; at += 5) {
    const slot = digitAt(text, at) * base + digitAt(text, at + 1);
    move(slot, digitAt(text, at + 2) - still, digitAt(text, at + 3) - still, digitAt(text, at + 4) - still);
  }
}

function digitAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code - firstCode - (code > backslash ? 1 : 0);
}
