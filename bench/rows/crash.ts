import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Row } from '../row.ts';
import { readCpu } from '../support/cpu.ts';
import { pasture } from '../support/pasture.ts';
import { type RoostServer, startRoost } from '../support/roost.ts';
import { isEvent, visitAll } from '../support/visitor.ts';

const zones = 20;
const objects = 500;
/** 10,000 objects in one worker are more than its usual 512 MB: its watchdog would end it before we do. */
const flags = ['--worker-memory-mb', '1024'];
/** Until the next worker stands by. */
const pauseMs = 2_500;

export const row: Row = {
  name: 'crash',
  what: `kill -9 of a worker with ${zones} zones of ${objects} objects and a player in each: until the last has its snapshot`,
  against: 'nothing',
  figures: {
    'until all run': { unit: 'ms, the worst of the kills', target: { of: 'ours', atMost: 1_500 } },
    'until the first': { unit: 'ms' },
    cpu: { unit: 'ms CPU of all processes, kill to last snapshot' },
    'sockets dropped': { unit: 'of all kills', target: { of: 'ours', atMost: 0 } },
  },
  async run(context) {
    const roost = await startRoost(context, { files: pasture({ zones, sheep: objects }), game: 'bench', flags });
    const players = await visitAll(roost.url, zones);
    await sleep(pauseMs);
    const lasts: number[] = [];
    const firsts: number[] = [];
    const cpu: number[] = [];
    for (let kill = 0; kill < (context.quick ? 2 : 5); kill++) {
      const back = players.map((player) => player.next((text) => isEvent(text, 'snapshot')));
      const pid = await busiestWorker(roost);
      const before = readCpu(roost.pid).ms;
      const startMs = performance.now();
      process.kill(pid, 'SIGKILL');
      const times = (await Promise.all(back)).map(({ atMs }) => atMs - startMs);
      cpu.push(readCpu(roost.pid).ms - before);
      context.say(`kill ${kill + 1}: ${Math.round(Math.min(...times))} to ${Math.round(Math.max(...times))} ms`);
      firsts.push(Math.min(...times));
      lasts.push(Math.max(...times));
      await sleep(pauseMs);
    }
    // A socket that was dropped has thrown above: here all of them still answer.
    await Promise.all(players.map((player) => player.call('host.ping', {})));
    for (const player of players) player.close();
    return {
      figures: {
        'until all run': { ours: [Math.max(...lasts)] },
        'until the first': { ours: firsts },
        cpu: { ours: cpu },
        'sockets dropped': { ours: [0] },
      },
      notes: [`${lasts.length} kills; ${lasts.map((ms) => Math.round(ms)).join(', ')} ms until all run.`],
    };
  },
};

/** The one that has the zones: the other stands by. */
async function busiestWorker({ data }: RoostServer): Promise<number> {
  const list = await readFile(join(data, 'workers'), 'utf8');
  const pids = list.split('\n').flatMap((line) => (line === '' ? [] : [Number(line.split(' ')[0])]));
  const [busiest] = pids.sort((a, b) => readCpu(b).ms - readCpu(a).ms);
  if (busiest === undefined) throw new Error('there is no worker');
  return busiest;
}
