/** Log lines for people: where a terminal reads the log, one coloured line each instead of JSON. */

const colours: ReadonlyMap<string, string> = new Map([
  ['debug', '\u001b[2m'],
  ['info', '\u001b[36m'],
  ['warn', '\u001b[33m'],
  ['error', '\u001b[31m'],
]);
const faint = '\u001b[2m';
const end = '\u001b[0m';

/**
 * `12:30:05 warn  not loaded: scripts/hen.ts:3:7: Unexpected token  build=4f1c…`: time of day (local), level, text, then
 * the fields that the text does not say already.
 * @param line  One line of the log as JSON. Its texts are harmless already.
 */
export function toTerminal(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown> & { level: string; msg: string };
  const at = new Date(String(time)).toLocaleTimeString('en-GB');
  const further = Object.entries(fields)
    .map(([key, value]) => [key, toWord(value)] as const)
    .filter(([, word]) => !msg.includes(word))
    .map(([key, word]) => ` ${key}=${word}`)
    .join('');
  // A text with line ends could pretend to be a line of its own.
  const text = msg.replaceAll('\n', ' ⏎ ');
  return `${faint}${at}${end} ${colours.get(level) ?? ''}${level.padEnd(5)}${end} ${text}${faint}${further}${end}\n`;
}

function toWord(value: unknown): string {
  if (typeof value === 'string' && !/\s/.test(value)) return value;
  return JSON.stringify(value);
}
