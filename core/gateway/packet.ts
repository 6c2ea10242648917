/**
 * Looks at a socket.io packet without parsing it. A packet is text: its type as one digit, for other namespaces than
 * `/` the namespace and a comma, the number that its answer carries, if it wants one, then JSON.
 * @source socket.io protocol 5, "Packet encoding"
 */
import type { Answer } from '../contract/protocol.ts';

/** Arrays and objects inside each other; the event's own array is one. */
const mostDepth = 34;

/** Undefined when the packet may be parsed, else the code of what is wrong with it. */
export function classify(data: unknown): 'call.malformed' | undefined {
  // A binary attachment: calls carry JSON.
  if (typeof data !== 'string') return 'call.malformed';
  switch (data[0]) {
    case '3': // An answer: Roost asks clients for none.
    case '5': // An event with binary attachments.
    case '6': // An answer with them.
      return 'call.malformed';
    case '2':
      return isDeep(data) ? 'call.malformed' : undefined;
    default:
      return undefined;
  }
}

/** The packet that answers `data`, encoded; undefined when it asks for no answer. */
export function cannedAnswer(data: unknown, answer: Answer): string | undefined {
  const id = typeof data === 'string' ? /^(?:2|5\d{1,4}-)(\d{1,15})\[/.exec(data.slice(0, 32))?.[1] : undefined;
  return id === undefined ? undefined : `3${id}[${JSON.stringify(answer)}]`;
}

/** Whether brackets outside of texts are nested deeper than a call may be. */
function isDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === backslash) at += 1;
      else if (code === quote) quoted = false;
    } else if (code === quote) {
      quoted = true;
    } else if (code === openBracket || code === openBrace) {
      depth += 1;
      if (depth > mostDepth) return true;
    } else if (code === closeBracket || code === closeBrace) {
      depth -= 1;
    }
  }
  return false;
}

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
