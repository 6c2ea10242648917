/**
 * What is kept of a zone so that it can be run again, and what becomes of that: the file of an incident, and the
 * messages between `roost replay` and the process that runs one.
 */
import type { Program } from './content.ts';
import type {
  HandlerNames,
  IdBlock,
  InboxItem,
  ObjectId,
  Recorded,
  ScriptReport,
  ZoneContent,
  ZoneId,
} from './link.ts';

/** Where a replay begins: the load of the zone, or a checkpoint. `data` is gzipped JSON in base64. */
export type Base = { readonly kind: 'load' | 'checkpoint'; readonly number: number; readonly data: string };

/** The last steps of a zone. */
export type Recording = {
  readonly zone: ZoneId;
  readonly epoch: number;
  /** It ran without physics. */
  readonly safe: boolean;
  readonly base: Base;
  /** Operations from `base.number` on. */
  readonly ops: readonly Recorded[];
  /** Everything the node had sent that is still needed, and how much was sent before. */
  readonly items: { readonly before: number; readonly list: readonly InboxItem[] };
  readonly ids: readonly IdBlock[];
  readonly contents: readonly ZoneContent[];
  readonly programs: readonly Program[];
};

/** What happened: an entry was stopped, a worker died of it, a build went back, a script rests. */
export type IncidentWhat = 'stop' | 'kill' | 'rollback' | 'quarantine';

/** Limits of the worker then, for a replay has to have them too. */
export type IncidentLimits = {
  readonly memoryMb: number;
  readonly isolateMb: number;
  readonly tickLimitMs: number;
  readonly objectsPerZone: number;
};

/** Goes up when what is recorded can't be replayed by versions before or after: a checkpoint has other parts. */
export const incidentFormat = 4;

/** An incident's file, gunzipped. */
export type Incident = {
  readonly format: typeof incidentFormat;
  readonly what: IncidentWhat;
  /** Unix seconds. */
  readonly at: number;
  readonly report: ScriptReport;
  readonly versions: { readonly roost: string; readonly node: string; readonly v8: string };
  readonly limits: IncidentLimits;
  readonly recording: Recording;
};

/** A place in a designer's file. Lines and columns start at 1. */
export type Place = { readonly file: string; readonly line: number; readonly column: number };

/** What the process of a replay is told. `trace`: programs say at each statement where they are. */
export type ReplayJob = {
  readonly recording: Recording;
  /** What went wrong then. */
  readonly report: ScriptReport;
  /** Programs to run in place of those of the same role and name. */
  readonly instead: readonly Program[];
  readonly trace: boolean;
};

/** What became of it. */
export type Replayed = {
  readonly steps: number;
  readonly tick: number;
  /** The first tick before which the world was another than then, or null. */
  readonly differs: number | null;
  readonly hash: string;
  /** What broke, in its tick; null when it ran through. */
  readonly broke: ScriptReport | null;
};

/** What the process answers, before it runs anything and when it is done. */
export type ReplayAnswer =
  /** Those of the statement numbers in its lines. */
  | { readonly type: 'places'; readonly places: readonly Place[] }
  /** The step that matters begins: what the numbers in lines stand for from now on. */
  | {
      readonly type: 'moment';
      readonly tick: number;
      readonly handlers: HandlerNames;
      readonly objects: readonly (readonly [slot: number, id: ObjectId, kind: string])[];
    }
  /** `line`: the statement that ran last; null unless traced. */
  | { readonly type: 'done'; readonly replayed: Replayed; readonly line: number | null }
  | { readonly type: 'failed'; readonly message: string };
