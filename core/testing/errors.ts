/** What a test is told when something goes wrong in a script, or when a call is refused. */
import type { Fault } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';
import type { ScriptReport } from '../contract/link.ts';

/** Absolute path of a designer's file, when there is one on disk. */
export type Locate = (file: string) => string;

/** A script failed: the message and the first line of the stack name its file, line and column. */
export class ScriptError extends Error {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** As it was reported: object, kind, script, build, handler and what happened. Null when the file did not compile. */
  readonly report: ScriptReport | null;

  constructor(place: Fault, report: ScriptReport | null, locate: Locate) {
    const { file, line, column, message } = place;
    const where = report?.handler ? ` in ${report.script} ${report.handler}` : '';
    const place_ = line > 0 ? `${file}:${line}:${column}` : file;
    super(place_ === '' ? `${message}${where}` : `${place_}${where}: ${message}`);
    this.name = 'ScriptError';
    this.file = file;
    this.line = line;
    this.column = column;
    this.report = report;
    // The designer's line comes first: test runners show the source there.
    const at = `    at ${report?.handler || 'script'} (${locate(file)}:${line}:${Math.max(1, column)})`;
    this.stack = [`${this.name}: ${this.message}`, ...(line > 0 ? [at] : []), ...linesOfTest(this)].join('\n');
  }
}

/** A call was not answered with `ok`: `code` and `message` are what a client gets, the message begins with the code. */
export class Refused extends HostError {
  constructor(code: string, message: string, details?: unknown) {
    super(code, `${code}: ${message}`, details);
    this.name = 'Refused';
    this.stack = [`${this.name}: ${this.message}`, ...linesOfTest(this)].join('\n');
  }
}

/** The stack of an error without what is between the test and the script. */
function linesOfTest({ stack = '' }: Error): string[] {
  const own = new URL('.', import.meta.url);
  const isOwn = (line: string) => line.includes(own.href) || line.includes(own.pathname);
  return stack.split('\n').filter((line) => line.startsWith('    at ') && !isOwn(line));
}
