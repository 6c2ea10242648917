/**
 * Tells the node what happens to a zone, so that it can put the recording together also when this process dies in that
 * very moment: a short line before each operation. The node knows what it has sent, so a line says only how much of it
 * the zone had taken. Checkpoints go the long way, packed while the zone goes on.
 */
import { Readable } from 'node:stream';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import type { Program } from '../contract/content.ts';
import type { Recorded, RecordLine, ToNode, ZoneId } from '../contract/link.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { OnRecord, Op } from './recording.ts';

export type RecorderOptions = {
  readonly zone: ZoneId;
  readonly epoch: number;
  /** Writes one line to the node. It never waits. */
  readonly line: (tick: number, record: RecordLine) => void;
  readonly send: (message: ToNode) => void;
  /** Bytes of the longest checkpoint that is sent. */
  readonly mostBytes: number;
};

type Programs = NonNullable<Recorded['programs']>;

/** Characters of the longest line that the pipe takes in one piece and the node reads. */
const longestLine = 3_800;
/** Characters of why a program rests. */
const longestWhy = 200;
/** Rows that are made text before others have their turn. */
const rowsAtOnce = 200;

export function createRecorder(options: RecorderOptions): OnRecord {
  const { zone, epoch, send } = options;
  let number = 0;
  /** Of all that the node has sent: items, blocks of ids, and contents that the zone has taken. */
  let items = 0;
  let ids = 0;
  let contents = 0;
  let programs: Programs = [];

  function tell(tick: number, what: Recorded): void {
    const record: RecordLine = [epoch, number++, what];
    // The node sees by the number that one is missing, and begins anew with the next checkpoint.
    if (JSON.stringify(record).length <= longestLine) options.line(tick, record);
  }

  async function sendCheckpoint(at: number, checkpoint: Checkpoint, taken: Taken): Promise<void> {
    const data = await pack(checkpoint, taken);
    if (data.length <= options.mostBytes) send({ type: 'checkpoint', zone, epoch, number: at, data });
  }

  return (op: Op) => {
    switch (op.op) {
      case 'step': {
        const { tick, time, throttles, settled } = op.step;
        items += op.step.items.length;
        ids += op.step.ids.length;
        tell(tick, {
          op: 'step',
          at: [tick, time, items, ids],
          ...(op.sum === undefined ? {} : { sum: op.sum }),
          ...(throttles.length > 0 ? { throttles } : {}),
          ...(settled ? { settled } : {}),
        });
        break;
      }
      case 'begin':
        programs = op.programs.map(toReference);
        tell(0, { op: 'begin', programs });
        break;
      case 'rebuild':
        programs = op.programs.map(toReference);
        tell(0, { op: 'rebuild', programs, ...(op.barring ? { barring: op.barring } : {}) });
        break;
      case 'swap':
        programs = op.programs.map(toReference);
        tell(0, { op: 'swap', programs, proving: op.proving });
        break;
      case 'content':
        contents++;
        tell(0, { op: 'content', contents });
        break;
      case 'unblamed':
      case 'recycle':
        tell(0, { op: op.op });
        break;
      case 'checkpoint':
        tell(0, { op: 'checkpoint' });
        void sendCheckpoint(number - 1, op.checkpoint, { items, ids, contents, programs });
        break;
    }
  };
}

/** How much of what the node has sent a checkpoint has in it. */
type Taken = { readonly items: number; readonly ids: number; readonly contents: number; readonly programs: Programs };

function toReference({ build, resting }: Program): string | readonly [build: string, why: string] {
  return resting === undefined ? build : [build, resting.slice(0, longestWhy)];
}

/** JSON of the checkpoint, compressed, in base64. Rows never change, so there is time: the zone ticks on meanwhile. */
async function pack(checkpoint: Checkpoint, taken: Taken): Promise<string> {
  const { objects, mind, ...rest } = checkpoint;
  async function* text(): AsyncGenerator<string> {
    yield `{"taken":${JSON.stringify(taken)},"checkpoint":{"objects":[`;
    for (let from = 0; from < objects.length; from += rowsAtOnce) {
      const rows = JSON.stringify(objects.slice(from, from + rowsAtOnce));
      yield (from === 0 ? '' : ',') + rows.slice(1, -1);
      await turnOfTheLoop();
    }
    yield `],"mind":${JSON.stringify(mind)},${JSON.stringify(rest).slice(1)}}`;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of Readable.from(text()).pipe(createGzip({ level: 3 }))) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('base64');
}
