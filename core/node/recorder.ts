/**
 * The last half minute of every zone, so that what goes wrong can be run again. The node knows what it has sent; a line
 * of the worker before each operation says what of it was used, so the recording is whole also when the worker has died
 * in that very operation. Bounded for each zone and for all; what is too much goes, the oldest first.
 */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Program } from '../contract/content.ts';
import type {
  IdBlock,
  InboxItem,
  Recorded,
  RecordLine,
  ToNode,
  ToWorker,
  ZoneContent,
  ZoneId,
} from '../contract/link.ts';
import type { Base, Recording } from '../contract/replay.ts';

type Load = Extract<ToWorker, { type: 'load' }>;
type Checkpoint = Extract<ToNode, { type: 'checkpoint' }>;

export interface Recorder {
  /** A message is on its way to a worker. */
  sent(worker: number, message: ToWorker): void;
  /** A line of a worker's blame pipe. */
  line(worker: number, line: string): void;
  /** A checkpoint of a zone that this worker has. */
  checkpoint(worker: number, message: Checkpoint): void;
  /** The newest recording of the zone that has this tick in it, or is the newest; null when there is none. */
  recording(zone: ZoneId, tick: number): Promise<Recording | null>;
  /** Whether anything is known of the zone. */
  has(zone: ZoneId): boolean;
  /** Bytes held. */
  bytes(): number;
}

export type RecorderBounds = { readonly zoneBytes: number; readonly totalBytes: number };

const megabyte = 1_048_576;
const usual: RecorderBounds = { zoneBytes: 4 * megabyte, totalBytes: 64 * megabyte };
/** Milliseconds that a recording waits for the lines of its last tick: they come by another pipe than reports. */
const linesMs = 500;
/** Programs beside those that run that a recording may need. */
const formerPrograms = 64;
/** Lives of one zone that are kept: the one that runs, and the one before. */
const lives = 2;

/** Something in its order, with how much there is up to and with it. */
type Piece = { readonly upTo: number; readonly text: string };

type Track = {
  readonly worker: number;
  readonly zone: ZoneId;
  readonly epoch: number;
  readonly safe: boolean;
  readonly contents: ZoneContent[];
  readonly programs: Map<string, Program>;
  /** Oldest first; the first may still be being packed. None: nothing can be replayed until the next checkpoint. */
  bases: {
    readonly kind: Base['kind'];
    readonly number: number;
    data: string | null;
    readonly packed: Promise<void>;
  }[];
  ops: Piece[];
  items: Piece[];
  ids: Piece[];
  itemCount: number;
  next: number;
  lastTick: number;
  bytes: number;
  readonly waiting: Set<() => void>;
};

const pack = promisify(gzip);

export function createRecorder(bounds: RecorderBounds = usual): Recorder {
  /** By zone, the newest life last. */
  const tracks = new Map<ZoneId, Track[]>();
  let total = 0;

  const find = (worker: number, zone: ZoneId, epoch: number) =>
    tracks.get(zone)?.find((track) => track.worker === worker && track.epoch === epoch);

  function begin(worker: number, load: Load): void {
    const { zone, epoch, content, programs, former, saved, ids, reason, seed, caution } = load;
    // A copy on trial is nobody's zone.
    if (caution === 'trial') return;
    const track: Track = {
      ...{ worker, zone, epoch, safe: caution === 'safe', contents: [content], programs: new Map(), bases: [] },
      ...{ ops: [], items: [], ids: [], itemCount: 0, next: 0, lastTick: 0, bytes: 0, waiting: new Set() },
    };
    giveTo(track, [...former, ...programs]);
    const packed = pack(JSON.stringify({ saved, ids, reason, seed }), { level: 3 }).then((data) => {
      base.data = data.toString('base64');
      grow(track, base.data.length);
    });
    const base: Track['bases'][number] = { kind: 'load', number: 0, data: null, packed };
    track.bases.push(base);
    tracks.set(zone, [...(tracks.get(zone) ?? []), track]);
    for (const old of (tracks.get(zone) ?? []).slice(0, -lives)) forget(old);
  }

  function weigh(track: Track, bytes: number): void {
    if (!tracks.get(track.zone)?.includes(track)) return;
    total += bytes - track.bytes;
    track.bytes = bytes;
  }

  function grow(track: Track, bytes: number): void {
    weigh(track, track.bytes + bytes);
    if (track.bytes > bounds.zoneBytes) shrink(track);
    while (total > bounds.totalBytes) if (!giveUp()) break;
  }

  /** Something of the biggest recording, lives that are over first. False when nothing is left to give. */
  function giveUp(): boolean {
    const all = [...tracks.values()].flatMap((list) => list.map((track, i) => ({ track, over: i < list.length - 1 })));
    const [first] = all
      .filter(({ track }) => track.bytes > 0)
      .sort((a, b) => Number(b.over) - Number(a.over) || b.track.bytes - a.track.bytes);
    if (!first) return false;
    if (first.over) forget(first.track);
    else shrink(first.track);
    return true;
  }

  function forget(track: Track): void {
    weigh(track, 0);
    const rest = (tracks.get(track.zone) ?? []).filter((other) => other !== track);
    if (rest.length > 0) tracks.set(track.zone, rest);
    else tracks.delete(track.zone);
  }

  /** The older half goes; all of it when there is but one place to begin. */
  function shrink(track: Track): void {
    track.bases.shift();
    trim(track);
  }

  /** Lets go of what the oldest place to begin does not need. */
  function trim(track: Track): void {
    const [base] = track.bases;
    const from = base?.number ?? track.next;
    const used = usedBefore(track, from);
    track.ops = track.ops.filter(({ upTo }) => upTo >= from);
    track.items = track.items.filter(({ upTo }) => upTo > used);
    const pieces = [...track.ops, ...track.items].reduce((sum, { text }) => sum + text.length, 0);
    weigh(
      track,
      track.bases.reduce((sum, { data }) => sum + (data?.length ?? 0), pieces),
    );
  }

  /** How many items were taken when the operation with that number came, as the last step before it said. */
  function usedBefore(track: Track, number: number): number {
    for (const { upTo, text } of track.ops.toReversed()) {
      if (upTo >= number) continue;
      const { at } = JSON.parse(text) as Recorded;
      if (at) return at[2];
    }
    return 0;
  }

  function countOf(piece: Piece): number {
    return (JSON.parse(piece.text) as readonly unknown[]).length;
  }

  function add(track: Track, [, number, what]: RecordLine): void {
    if (number !== track.next) {
      // A line was lost, the node did not read in time: what comes now does not follow from what was.
      track.bases = [];
      trim(track);
    }
    track.next = number + 1;
    if (what.at) track.lastTick = what.at[0];
    if (track.bases.length > 0 || what.op === 'checkpoint') {
      const text = JSON.stringify(what);
      track.ops.push({ upTo: number, text });
      grow(track, text.length);
    }
    for (const wake of track.waiting) wake();
  }

  async function toRecording(track: Track): Promise<Recording | null> {
    await track.bases[0]?.packed;
    const [base] = track.bases;
    if (!base || base.data === null) return null;
    const [first] = track.items;
    return {
      ...{ zone: track.zone, epoch: track.epoch, safe: track.safe },
      base: { kind: base.kind, number: base.number, data: base.data },
      ops: track.ops.filter(({ upTo }) => upTo >= base.number).map(({ text }) => JSON.parse(text) as Recorded),
      items: {
        before: first ? first.upTo - countOf(first) : track.itemCount,
        list: track.items.flatMap(({ text }) => JSON.parse(text) as InboxItem[]),
      },
      ids: track.ids.flatMap(({ text }) => JSON.parse(text) as IdBlock),
      contents: track.contents,
      programs: [...track.programs.values()],
    };
  }

  return {
    sent(worker, message) {
      if (message.type === 'load') return begin(worker, message);
      if (message.type === 'stats' || message.type === 'ahead') return;
      const track = find(worker, message.zone, message.epoch);
      if (!track) return;
      switch (message.type) {
        case 'items': {
          const text = JSON.stringify(message.items);
          track.itemCount += message.items.length;
          track.items.push({ upTo: track.itemCount, text });
          grow(track, text.length);
          break;
        }
        case 'ids':
          track.ids.push({ upTo: track.ids.length + 1, text: JSON.stringify(message.block) });
          break;
        case 'programs':
          giveTo(track, message.programs);
          break;
        case 'content':
          track.contents.push(message.content);
          break;
        case 'close':
          forget(track);
          break;
        case 'save':
        case 'sleep':
        case 'wake':
          break;
      }
    },
    line(worker, line) {
      if (!line.includes('"record":')) return;
      const said = readLine(line);
      const track = said && find(worker, said.zone, said.record[0]);
      if (track) add(track, said.record);
    },
    checkpoint(worker, { zone, epoch, number, data }) {
      const track = find(worker, zone, epoch);
      if (!track?.ops.some(({ upTo }) => upTo === number)) return;
      const base = { kind: 'checkpoint' as const, number, data, packed: Promise.resolve() };
      track.bases = [...track.bases, base].sort((a, b) => a.number - b.number).slice(-2);
      trim(track);
      grow(track, 0);
    },
    async recording(zone, tick) {
      const all = tracks.get(zone) ?? [];
      const track = all.findLast(({ lastTick }) => lastTick >= tick) ?? all.at(-1);
      if (!track) return null;
      if (track.lastTick < tick) await nextLines(track, tick);
      return await toRecording(track);
    },
    has: (zone) => tracks.has(zone),
    bytes: () => total,
  };
}

/** Those given last are kept, with as many before as half a minute of saving may need. */
function giveTo(track: Track, programs: readonly Program[]): void {
  for (const program of programs) {
    track.programs.delete(program.build);
    track.programs.set(program.build, program);
  }
  for (const build of track.programs.keys()) {
    if (track.programs.size <= programs.length + formerPrograms) break;
    track.programs.delete(build);
  }
}

/** Resolves when the line of the tick is here, or is not to be expected any more. */
async function nextLines(track: Track, tick: number): Promise<void> {
  const here = Promise.withResolvers<void>();
  const look = () => {
    if (track.lastTick >= tick) here.resolve();
  };
  track.waiting.add(look);
  const timer = setTimeout(here.resolve, linesMs);
  await here.promise;
  clearTimeout(timer);
  track.waiting.delete(look);
}

/** A worker's line is a claim: what it says is looked at when a replay needs it, by the replay. */
function readLine(line: string): { readonly zone: ZoneId; readonly record: RecordLine } | null {
  try {
    const { zone, record } = JSON.parse(line) as { zone?: unknown; record?: unknown };
    if (typeof zone !== 'string' || !Array.isArray(record) || record.length !== 3) return null;
    const [epoch, number, what] = record as unknown[];
    if (!Number.isSafeInteger(epoch) || !Number.isSafeInteger(number) || typeof what !== 'object' || what === null)
      return null;
    return { zone, record: record as unknown as RecordLine };
  } catch {
    // The last line of a process that was ended may be cut off.
    return null;
  }
}
