import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { readCpu, treeOf } from '../../bench/support/cpu.ts';

/** Starts a grandchild, which works until it has used some CPU, and says both pids. */
const program = `
  const { spawn } = require('node:child_process');
  if (process.argv[1] === 'work') {
    while (process.cpuUsage().user < 300_000);
    console.log(process.ppid + ' ' + process.pid);
    process.stdin.resume();
  } else {
    spawn(process.execPath, ['-e', process.env.PROGRAM, 'work'], { stdio: 'inherit' });
    process.stdin.resume();
  }
`;

it.runIf(process.platform === 'linux')('CPU is that of a process and of all below it', async () => {
  const child = spawn(process.execPath, ['-e', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, PROGRAM: program },
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const [parent, grandchild] = String(line).split(' ').map(Number);
  expect(parent).toBe(child.pid);
  expect(treeOf(parent as number)).toEqual([parent, grandchild]);
  const { ms, firstMs } = readCpu(parent as number);
  expect(ms - firstMs).toBeGreaterThanOrEqual(300);
  child.stdin.end();
  await once(child, 'exit');
  expect(() => readCpu(parent as number)).toThrow(`process ${parent} is gone`);
});
