/**
 * A worker that was taken over: it runs zones of plain objects, and sends whatever the calls it gets tell it to.
 * Runs as a process in the place of core/zone/worker.ts.
 */

import type { Frame, IdBlock, InboxItem, ObjectRow, ToWorker } from '../../core/contract/link.ts';
import { readFd, writeFd } from '../../core/link/fd.ts';
import { openPipe } from '../../core/link/pipe.ts';
import { counterOf, toId } from '../../core/store/ids.ts';
import { newRow } from '../../core/zone/new-row.ts';

type Zone = {
  readonly epoch: number;
  readonly objects: Map<string, ObjectRow>;
  ids: IdBlock;
  next: number;
  tick: number;
};

const zones = new Map<string, Zone>();
const output = writeFd(4);
const pipe = openPipe({
  input: readFd(3),
  output,
  onMessage: (message) => receive(message as ToWorker),
  onEnd: () => process.exit(0),
});

pipe.send({ type: 'ready', pid: process.pid });

function receive(message: ToWorker): void {
  if (message.type === 'stats') {
    pipe.send({ type: 'stats', zones: [], tallies: [], rss: 1, cpu: 0 });
    return;
  }
  if (message.type === 'load') {
    const objects = new Map(message.saved.objects.map((row) => [row.id, row]));
    zones.set(message.zone, {
      epoch: message.epoch,
      objects,
      ids: message.ids[0] as IdBlock,
      next: 0,
      tick: message.saved.tick,
    });
    pipe.send({ type: 'loaded', zone: message.zone, epoch: message.epoch, tick: 0, kinds: [], objects: objects.size });
    tell(message.zone, { pub: { in: [...objects.values()].map(toPublic) } });
    return;
  }
  if (message.type === 'close') {
    tell(message.zone, { keep: {}, closed: true });
    zones.delete(message.zone);
  }
  if (message.type === 'sleep') tell(message.zone, { keep: {}, asleep: true });
  if (message.type === 'items') for (const item of message.items) act(message.zone, item);
}

function act(zone: string, item: InboxItem): void {
  const one = zones.get(zone);
  if (!one) return;
  if (item.type === 'join') {
    const row = newRow(toId(1, counterOf(one.ids.first) + one.next++), 'walker', {
      ...{ name: 'Walker', owner: item.owner, x: 1, y: 1 },
    });
    one.objects.set(row.id, row);
    const outcomes = [{ call: item.call, ok: true, result: { character: row.id, made: true }, durable: false }];
    tell(zone, { pub: { in: [toPublic(row)] }, keep: { objects: [row] }, outcomes });
  }
  if (item.type === 'take')
    tell(zone, { keep: {}, taken: [{ move: item.move, objects: [one.objects.get(item.object)], timers: [] }] });
  if (item.type !== 'call') return;
  const params = item.params as { frame?: Overrides; text?: string; message?: object };
  switch (item.method) {
    case 'echo':
      tell(zone, { outcomes: [{ call: item.call, ok: true, result: item.params, durable: false }] });
      break;
    case 'frame':
      tell(zone, params.frame ?? {});
      break;
    case 'message':
      pipe.send(params.message ?? {});
      break;
    case 'bytes':
      output.write(Buffer.from(params.text ?? '', 'base64'));
      break;
    case 'loop':
      for (;;);
    case 'die':
      process.kill(process.pid, 'SIGKILL');
      break;
    case 'nothing':
      break;
  }
}

type Overrides = {
  readonly pub?: object;
  readonly keep?: object;
  readonly outcomes?: readonly unknown[];
  readonly taken?: readonly unknown[];
  readonly requests?: readonly unknown[];
  readonly asleep?: boolean;
  readonly closed?: boolean;
};

function tell(zone: string, { pub, keep, ...more }: Overrides): void {
  const one = zones.get(zone);
  if (!one) return;
  one.tick++;
  const frame = {
    type: 'frame',
    pub: {
      ...{ zone, epoch: one.epoch, tick: one.tick, time: Date.now() / 1_000, in: [], moves: [], changes: [] },
      ...{ out: [], jumps: [], events: [], world: null, own: [], acks: [], ...pub },
    },
    keep: keep
      ? {
          ...{ populated: true, state: {}, keep: {}, pending: [], objects: [], removed: [], timers: [], lines: [] },
          ...{ nextDue: null, ...keep },
        }
      : null,
    ...{ outcomes: [], requests: [], taken: [], asleep: false, closed: false, ...more },
  } as unknown as Frame;
  pipe.send(frame);
}

function toPublic(row: ObjectRow): object {
  const { shape, scripts: _scripts, own: _own, keep: _keep, tiledId: _tiledId, ...shared } = row;
  return { ...shared, slot: counterOf(row.id), body: shape };
}
