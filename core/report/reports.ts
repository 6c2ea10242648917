/** What went wrong in designers' files and scripts: to the log, and to those who watch. */
import type { Fault } from '../contract/content.ts';
import type { ScriptReport } from '../contract/link.ts';
import type { Clock, Log, Off, Reports } from '../contract/ports.ts';
import type { WatchMessage } from '../contract/protocol.ts';
import { toPlainText } from './plain.ts';

/** Lines a second of one script in the log; what is over is counted and told with the next. */
const linesPerSecond = 10;
/** Scripts that are counted at a time. */
const scriptsMost = 1_000;

type Count = { second: number; lines: number; dropped: number };

export function createReports(log: Log, clock: Clock): Reports {
  const listeners = new Set<(message: WatchMessage) => void>();
  const counts = new Map<string, Count>();

  function watch(message: WatchMessage): void {
    for (const listener of listeners) listener(message);
  }

  /** How many lines of this script were dropped since the last one, or null when this one is to be dropped too. */
  function admit(script: string): number | null {
    const second = Math.floor(clock.monotonicMs() / 1_000);
    if (counts.size >= scriptsMost && !counts.has(script)) counts.clear();
    const count = counts.get(script) ?? { second, lines: 0, dropped: 0 };
    counts.set(script, count);
    if (count.second !== second) {
      count.second = second;
      count.lines = 0;
    }
    if (count.lines >= linesPerSecond) {
      count.dropped++;
      return null;
    }
    count.lines++;
    const { dropped } = count;
    count.dropped = 0;
    return dropped;
  }

  return {
    script(report) {
      // Who writes much still hears of what goes wrong with it.
      const dropped = admit(report.what === 'log' ? `${report.script} log` : report.script);
      if (dropped === null) return;
      const fields = dropped > 0 ? { ...report, dropped } : report;
      if (report.what === 'log') log.info(fields, 'script says');
      else log.warn(fields, scriptText(report));
      watch(fromScript(report, clock.now()));
    },
    fault(fault, what) {
      log.warn({ what, ...fault }, `${what}: ${fault.file}:${fault.line}:${fault.column}: ${fault.message}`);
      watch(fromFault(fault, clock.now()));
    },
    watch,
    onWatch(listener): Off {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function scriptText({ what, file, line, column, message }: ScriptReport): string {
  return `script ${what}: ${file}:${line}:${column}: ${message}`;
}

function fromScript(report: ScriptReport, at: number): WatchMessage {
  return {
    what: report.what === 'log' || report.what === 'refused' || report.what === 'slow' ? report.what : 'error',
    path: report.file,
    build: report.build,
    line: report.line,
    column: report.column,
    message: toPlainText(report.message),
    zone: report.zone,
    ...(report.object === null ? {} : { object: report.object }),
    handler: report.handler,
    at,
  };
}

function fromFault(fault: Fault, at: number): WatchMessage {
  const { file, line, column, message } = fault;
  return { what: 'error', path: file, line, column, message: toPlainText(message), at };
}
