/**
 * The wire between a node and its workers, from a worker that was taken over: bytes, messages and last words that are
 * changed at random. The node throws nothing; what it does not believe ends that worker, and nobody else's data changes.
 */
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Frame, ObjectId, ToNode } from '../../../core/contract/link.ts';
import { createDecoder, encodeFrame } from '../../../core/link/pipe.ts';
import { nameDeath } from '../../../core/node/blame.ts';
import { readLines } from '../../../core/node/lines.ts';
import { readMessage } from '../../../core/node/link-schema.ts';
import { createRecorder } from '../../../core/node/recorder.ts';
import { readVerdict } from '../../../core/node/verdict.ts';
import type { Worker } from '../../../core/node/worker.ts';
import { hostile, mutants, mutation, runs } from '../../support/fuzz.ts';
import { type Middle, startMiddle } from '../../support/middle.ts';

const entry = fileURLToPath(new URL('../../support/liar.ts', import.meta.url));
const den = 'test/den';
const hall = 'test/hall';
const owners = { [den]: 'guest:00000000000000aa', [hall]: 'guest:00000000000000bb' } as const;

describe('bytes', () => {
  it('of any kind and in any pieces are messages, or one named fault', () => {
    const frames = fc.array(
      fc.oneof(
        hostile.map((value) => ({ value })),
        fc.constant({ type: 'ready', pid: 1 }),
      ),
      { maxLength: 4 },
    );
    const noise = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(frames, noise, fc.array(fc.nat({ max: 64 }), { minLength: 1 }), (messages, tail, cuts) => {
        const bytes = Buffer.concat([...messages.map((one) => encodeFrame(one) ?? Buffer.alloc(0)), tail]);
        const got: unknown[] = [];
        const decoder = createDecoder((message) => got.push(message), 100_000);
        let fault = null;
        for (let at = 0, n = 0; at < bytes.length && fault === null; n++) {
          const end = at + 1 + (cuts[n % cuts.length] as number);
          fault = decoder.push(bytes.subarray(at, end));
          at = end;
        }
        if (fault === null) expect(got.length).toBeGreaterThanOrEqual(messages.length);
        else expect(['too-long', 'malformed']).toContain(fault.kind);
        for (const message of got) expect(Object.keys(readMessage(message))).toHaveLength(1);
      }),
      runs(300),
    );
  });
});

describe('last words', () => {
  const word = fc.record(
    {
      zone: hostile,
      number: hostile,
      reason: hostile,
      slot: hostile,
      handler: hostile,
      ms: hostile,
      rss: hostile,
      tick: hostile,
      op: hostile,
    },
    { requiredKeys: [] },
  );
  const real = fc.constantFrom(
    { zone: den, number: 1, tick: 5 },
    { reason: 'hangs', zone: 1, slot: 0, handler: 0, ms: 500 },
    { reason: 'memory', zone: 1, slot: 0, handler: 0, rss: 1e9 },
    { zone: den, slot: 0, handler: 0 },
  );
  const lines = fc.array(
    fc.oneof(
      fc.oneof(word, mutants(real), real).map((value) => JSON.stringify(value) ?? ''),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('null', '[]', '{', '{"zone":', '"x"', '9'.repeat(400), '{}'.repeat(3_000)),
    ),
    { maxLength: 12 },
  );

  it('of any kind name a handler that there is, a zone, or nobody', () => {
    const program = {
      name: 'hen',
      role: 'object',
      path: 'scripts/hen.ts',
      build: 'b',
      code: '',
      files: [],
      handlers: [],
    } as const;
    fc.assert(
      fc.property(
        fc.constantFrom('ended by SIGKILL', 'ended with code 1', 'malformed message: x'),
        lines,
        (why, blame) => {
          const verdict = readVerdict(why, blame);
          expect(['nobody', 'zone', 'handler']).toContain(verdict.kind);
          if (verdict.kind !== 'nobody') expect(typeof verdict.zone).toBe('string');
          const death = {
            zone: den,
            tick: 1,
            why,
            blame,
            handlers: [{ script: 'hen', build: 'b', handler: 'tick' }],
            objectAt: () => null,
            kindOf: () => null,
          };
          const named = nameDeath(death, [program]);
          if (named) expect(named.report).toMatchObject({ zone: den, script: 'hen', handler: 'tick' });
        },
      ),
      runs(500),
    );
  });

  it('in any pieces are lines of a bounded length, and a recording takes no harm', async () => {
    await fc.assert(
      fc.asyncProperty(lines, fc.array(fc.nat({ max: 500 }), { minLength: 1 }), async (texts, cuts) => {
        const bytes = Buffer.from(texts.join('\n'), 'utf8');
        const chunks: Buffer[] = [];
        for (let at = 0, n = 0; at < bytes.length; n++) {
          const end = at + 1 + (cuts[n % cuts.length] as number);
          chunks.push(bytes.subarray(at, end));
          at = end;
        }
        const recorder = createRecorder();
        const stream = Readable.from(chunks, { objectMode: false });
        const got: string[] = [];
        readLines(stream, (line) => {
          got.push(line);
          recorder.line(1, line);
        });
        await new Promise((end) => stream.once('close', end));
        for (const line of got) expect(line.length).toBeLessThanOrEqual(4_096);
        expect(recorder.bytes()).toBe(0);
      }),
      runs(100),
    );
  });
});

describe('messages', () => {
  /** Joins both zones and keeps what their workers said, whole. */
  async function talk(
    middle: Middle,
  ): Promise<{ readonly said: ToNode[]; readonly worker: Worker; readonly ids: readonly ObjectId[] }> {
    const said: ToNode[] = [];
    let speaker: Worker | null = null;
    const ids: ObjectId[] = [];
    const { receive } = middle.zones;
    const listening = middle.zones as { receive: typeof receive };
    listening.receive = (worker, message) => {
      speaker = worker;
      said.push(structuredClone(message));
      receive(worker, message);
    };
    for (const zone of [den, hall] as const) {
      const { outcome } = await middle.zones.ask(zone, {
        type: 'join',
        owner: owners[zone],
        name: 'Fox',
        character: null,
      });
      if (outcome.ok) ids.push((outcome.result as { character: string }).character);
    }
    listening.receive = receive;
    return { said, worker: speaker as unknown as Worker, ids };
  }

  it('that are changed at random are believed, or end that worker; the other zone’s rows stay as they were', async () => {
    await using middle = await startMiddle({ entry });
    const { said, worker, ids } = await talk(middle);
    const [mine, theirs] = ids as [ObjectId, ObjectId];
    const frames = said.filter((message): message is Frame => message.type === 'frame' && message.pub.zone === den);
    let tick = Math.max(...frames.map(({ pub }) => pub.tick));
    const others = async () => (await middle.store.peekZone(hall))?.objects;
    const before = await others();
    expect(before).toHaveLength(1);
    const { kill } = worker;
    const verdicts = { believed: 0, unread: 0, false: 0 };
    await fc.assert(
      fc.asyncProperty(fc.nat(), mutation, async (which, change) => {
        const source = structuredClone(said[which % said.length] as ToNode);
        // A message as it could come next: it is late for none of the checks.
        if (source.type === 'frame') Object.assign(source.pub, { tick: ++tick });
        const changed = change(source);
        const read = readMessage(JSON.parse(JSON.stringify(changed) ?? 'null'));
        if ('fault' in read) {
          verdicts.unread++;
          return;
        }
        const { message } = read;
        if (message.type === 'ready' || message.type === 'stats') return;
        const kills: string[] = [];
        // It outlives its sentence: one process is enough for all runs.
        Object.assign(worker, { kill: (why: string) => kills.push(why) });
        middle.zones.receive(worker, message);
        verdicts[kills.length > 0 ? 'false' : 'believed']++;
      }),
      runs(300),
    );
    expect(await others()).toEqual(before);
    expect(mine).not.toBe(theirs);
    for (const count of Object.values(verdicts)) expect(count).toBeGreaterThan(0);
    Object.assign(worker, { kill });
  });
});
