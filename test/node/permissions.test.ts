import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { startWorkerProcess } from '../../core/node/worker-process.ts';

it('C-2 a worker that is nobody’s any more reads, writes, starts and loads nothing; sockets and signals are the known gap', async () => {
  const settings = {
    ...{ memoryMb: 512, isolateMb: 64, tickLimitMs: 200, watchdogMs: 20, flushMs: 250, frameMb: 16 },
    objectsPerZone: 5_000,
  };
  const worker = startWorkerProcess(settings, 0, new URL('../support/prisoner.ts', import.meta.url).pathname);
  try {
    let failed = '';
    worker.stderr.on('data', (chunk) => {
      failed += chunk;
    });
    const lines = createInterface(worker.stdout)[Symbol.asyncIterator]();
    const { value = failed } = await lines.next();
    expect(JSON.parse(String(value))).toEqual({
      'read a file': 'ERR_ACCESS_DENIED',
      'read its own code': 'ERR_ACCESS_DENIED',
      'write a file': 'ERR_ACCESS_DENIED',
      'open a database': 'ERR_UNKNOWN_BUILTIN_MODULE',
      'start a program': 'ERR_ACCESS_DENIED',
      'start a thread': 'ERR_ACCESS_DENIED',
      'load an add-on': 'ERR_ACCESS_DENIED',
      'open a debugger': 'ERR_ACCESS_DENIED',
      'see the environment': 'EMPTY',
      'open a socket': 'done',
      'signal its parent': 'done',
    });
  } finally {
    worker.child.kill('SIGKILL');
  }
});
