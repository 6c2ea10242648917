/** The line that says who is there: which mode it wants, and with whose token. */
import { toMode } from './mode.ts';

export type Choice = {
  /** As it was typed: perhaps no mode at all, or `LIST`. */
  readonly mode: string;
  readonly token: string | undefined;
};

const modeLine = /^mode(?:\s+(\S+)(?:\s+(\S+))?)?$/i;
/** How a browser, or another program that means another port, begins. */
const foreign = /^(?:GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|TRACE|CONNECT|PRI) | HTTP\/\d/;

/** Whether a first line means another port. */
export function isForeign(line: string): boolean {
  return foreign.test(line);
}

/** `MODE NAME [TOKEN]`, in every mode. */
export function readModeLine(line: string): Choice | undefined {
  const [found, mode = '', token] = modeLine.exec(line.trim()) ?? [];
  return found === undefined ? undefined : { mode, token };
}

/** Before there is a mode, also the name of one alone, and `{"cmd":"MODE","args":"NAME [TOKEN]"}`. */
export function readChoice(line: string): Choice | undefined {
  const [mode = '', token] = line.trim().split(/\s+/);
  if (toMode(mode) !== undefined) return { mode, token };
  return readModeLine(line) ?? readModeCommand(line);
}

function readModeCommand(line: string): Choice | undefined {
  let asked: unknown;
  try {
    asked = JSON.parse(line);
  } catch {
    return undefined; // No JSON: no command at all.
  }
  const { cmd, args, token } = (asked ?? {}) as Readonly<Record<'cmd' | 'args' | 'token', unknown>>;
  if (typeof cmd !== 'string' || cmd.toUpperCase() !== 'MODE') return undefined;
  const words = Array.isArray(args)
    ? args.map(String)
    : String(args ?? '')
        .trim()
        .split(/\s+/);
  return { mode: words[0] ?? '', token: words[1] ?? (typeof token === 'string' ? token : undefined) };
}
