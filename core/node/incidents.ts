/**
 * What is left of a stop, a kill, a rollback or a quarantine: a file with the zone's last recorded steps, the report and
 * the versions, for `roost replay`. It holds what the zone's rows and programs hold, no tokens; only the node's user may
 * read it. The newest are kept.
 */
import { mkdir, readdir, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ScriptReport } from '../contract/link.ts';
import type { Clock, Log } from '../contract/ports.ts';
import { type Incident, type IncidentLimits, type IncidentWhat, incidentFormat } from '../contract/replay.ts';
import type { Recorder } from './recorder.ts';
import { parseZoneId } from './zone-id.ts';

export interface Incidents {
  /**
   * Writes a file in its own time.
   * @returns its name; null when nothing is recorded, or when the same was written a moment ago.
   */
  write(what: IncidentWhat, report: ScriptReport): string | null;
  /** Resolves when everything is written. */
  idle(): Promise<void>;
}

export type IncidentsOptions = {
  readonly folder: string;
  readonly recorder: Recorder;
  readonly limits: IncidentLimits;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
};

const mostFiles = 50;
const mostBytes = 100 * 1_048_576;
/** Seconds in which the same build in the same zone makes one file of a kind. */
const quietS = 60;

const pack = promisify(gzip);

export function createIncidents(options: IncidentsOptions): Incidents {
  const { folder, recorder, clock, log } = options;
  const written = new Map<string, number>();
  let writing: Promise<void> = Promise.resolve();

  /** Whether this is news: a script that is stopped and then rests is told once. */
  function isNews(what: IncidentWhat, { zone, script, build, tick }: ScriptReport): boolean {
    const now = clock.now();
    for (const [key, at] of written) if (now - at > quietS) written.delete(key);
    const sameTick = JSON.stringify([zone, script, build, tick]);
    const same = JSON.stringify([zone, script, build, what]);
    if (written.has(sameTick) || written.has(same)) return false;
    written.set(sameTick, now);
    written.set(same, now);
    return true;
  }

  async function save(name: string, what: IncidentWhat, report: ScriptReport, at: number): Promise<void> {
    const recording = await recorder.recording(report.zone, report.tick);
    if (!recording) {
      log.info({ zone: report.zone, incident: name }, 'nothing was recorded of the incident');
      return;
    }
    const versions = { roost: options.version, node: process.versions.node, v8: process.versions.v8 };
    const incident: Incident = {
      format: incidentFormat,
      what,
      at,
      report,
      versions,
      limits: options.limits,
      recording,
    };
    const data = await pack(JSON.stringify(incident));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(join(folder, name), data, { mode: 0o600 });
    log.info({ zone: report.zone, incident: name, bytes: data.length }, 'incident written');
    await tidy();
  }

  /** The oldest go. Names begin with the time. */
  async function tidy(): Promise<void> {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json.gz')).sort();
    let [files, bytes] = [0, 0];
    for (const name of names.reverse()) {
      files++;
      bytes += (await stat(join(folder, name))).size;
      if (files > mostFiles || bytes > mostBytes) await unlink(join(folder, name));
    }
  }

  return {
    write(what, report) {
      if (!recorder.has(report.zone) || !isNews(what, report)) return null;
      const at = clock.now();
      const name = nameOf(what, report.zone, at);
      const recorded = save(name, what, report, at);
      writing = Promise.all([writing, recorded]).then(
        () => {},
        (error: unknown) => log.warn({ incident: name, error }, 'incident not written'),
      );
      return name;
    },
    idle: () => writing,
  };
}

/** `2026-11-21T10-02-03.125Z-farmyard-meadow-kill.json.gz`. */
function nameOf(what: IncidentWhat, zone: string, at: number): string {
  const time = new Date(at * 1000).toISOString().replaceAll(':', '-');
  const { game } = parseZoneId(zone);
  const place = zone.slice(game.length + 1).replace(/[^a-z0-9-]/gi, '-');
  return `${time}-${game}-${place}-${what}.json.gz`;
}
