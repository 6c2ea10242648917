/** The log: one JSON line each on standard error, or a line for people on a terminal. The only file that knows pino. */
import { fstatSync, writeSync } from 'node:fs';
import { pino } from 'pino';
import type { Log, LogLevel } from '../contract/ports.ts';
import { toPlain, toPlainText } from './plain.ts';
import { toTerminal } from './terminal.ts';

/** A log that keeps its lines until somebody may read them: the first line a person sees is the URL. */
export interface HeldLog extends Log {
  /** Writes what was kept, and everything from now on at once. Twice is harmless. */
  release(): void;
  /** Sets the least level of lines, when one is given. @returns what it is */
  level(level?: LogLevel): LogLevel;
}

/** Lines kept before the release; later ones push out the oldest. */
const heldMost = 1_000;

/** @param write  Takes one line with its end; standard error by default. */
export function createLog(level: LogLevel, write?: (line: string) => void): HeldLog {
  let held: string[] | null = [];
  const out = write ?? createErrorOutput();
  const sink = {
    write(line: string) {
      if (held === null) return out(line);
      held.push(line);
      if (held.length > heldMost) held.shift();
    },
  };
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    sink,
  );
  const at = (name: Exclude<LogLevel, 'silent'>) => (fields: object, text: string) => {
    if (logger.isLevelEnabled(name)) logger[name](toPlain(fields), '%s', toPlainText(text));
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    release() {
      const lines = held ?? [];
      held = null;
      for (const line of lines) out(line);
    },
    level(level) {
      if (level !== undefined) logger.level = level;
      return logger.level as LogLevel;
    },
  };
}

/** Standard error, as long as somebody reads it: an error of writing must not become a line about itself. */
function createErrorOutput(): (line: string) => void {
  if (fstatSync(process.stderr.fd).isFile()) return createFileOutput(process.stderr.fd);
  let open = true;
  process.stderr.on('error', () => {
    open = false;
  });
  return (line) => {
    if (open) process.stderr.write(process.stderr.isTTY ? toTerminal(line) : line);
  };
}

/** A file. What a full disk does not take is lost; how much that was is told as soon as there is room again. */
function createFileOutput(file: number): (line: string) => void {
  let lost = 0;
  /** A line was begun that did not come to its end. */
  let torn = false;
  return (line) => {
    const before = `${torn ? '\n' : ''}${lost > 0 ? sayLost(lost) : ''}`;
    let left = Buffer.from(before + line);
    try {
      for (let put = 0; left.length > 0; left = left.subarray(put)) {
        put = writeSync(file, left);
        torn = true;
      }
      lost = 0;
      torn = false;
    } catch {
      // There is nowhere to say it.
      lost += 1;
    }
  };
}

function sayLost(lines: number): string {
  const time = new Date().toISOString();
  return `${JSON.stringify({ level: 'warn', time, lines, msg: 'lines of the log are lost: the disk took none' })}\n`;
}
