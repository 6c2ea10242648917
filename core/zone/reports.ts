/** Reports of a zone's scripts on their way to the node: the same one is told at once and then counted. */
import type { ScriptReport } from '../contract/link.ts';
import { cleanText, valueLimits } from './check.ts';
import { isId } from './ids.ts';

export interface Reports {
  add(report: ScriptReport): void;
  /** Those to send now: new ones, and counts of repeated ones every few seconds. */
  take(time: number): readonly ScriptReport[];
  waiting(): boolean;
}

/** Seconds between two reports of the same. */
const every = 5;
/** Different reports kept at once; a zone that has more to say is broken anyway. Of what is no failure half as many, beside which failures are told. */
const most = 200;
const mostIdle = 100;

type Entry = { report: ScriptReport; count: number; told: number };

export function createReports(): Reports {
  const entries = new Map<string, Entry>();
  let fresh = false;

  return {
    add(claim) {
      const report = toReport(claim);
      const { object, script, build, handler, line, what, message } = report;
      // A log line is told each time; the runtime has its own bound on them.
      const key = JSON.stringify([what === 'log' ? object : null, script, build, handler, line, what, message]);
      const entry = entries.get(key);
      if (entry) {
        entry.report = report;
        entry.count += report.count;
      } else if (entries.size < (what === 'log' || what === 'refused' ? mostIdle : most)) {
        entries.set(key, { report, count: report.count, told: Number.NEGATIVE_INFINITY });
        fresh = true;
      }
    },
    take(time) {
      const due: ScriptReport[] = [];
      for (const [key, entry] of entries) {
        if (time - entry.told < every) continue;
        if (entry.count === 0) {
          entries.delete(key);
          continue;
        }
        due.push({ ...entry.report, count: entry.count });
        entry.count = 0;
        entry.told = time;
      }
      fresh = false;
      return due;
    },
    waiting: () => fresh,
  };
}

/** Reports come out of the isolate: texts get their bounds, numbers are numbers. */
export function toReport(report: ScriptReport): ScriptReport {
  const whole = (value: number) => (Number.isSafeInteger(value) && value >= 0 ? value : 0);
  return {
    zone: report.zone,
    tick: whole(report.tick),
    object: isId(report.object) ? report.object : null,
    kind: report.kind === null ? null : cleanText(report.kind, valueLimits.name),
    script: cleanText(report.script, 200),
    build: cleanText(report.build, 64),
    handler: cleanText(report.handler, 200),
    file: cleanText(report.file, 400),
    line: whole(report.line),
    column: whole(report.column),
    message: cleanText(report.message, 1_000),
    what: whats.includes(report.what) ? report.what : 'throw',
    count: Math.max(1, whole(report.count)),
  };
}

const whats = ['throw', 'refused', 'suspended', 'stopped', 'load', 'log', 'slow'];
