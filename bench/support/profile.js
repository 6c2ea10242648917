/**
 * Preloaded into the node process when a benchmark is run with `--profile DIR`: its workers are started with
 * `--cpu-prof` too. They get a clean environment, so NODE_OPTIONS does not reach them.
 */
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

const { spawn } = childProcess;
const folder = process.env.BENCH_PROFILE;

childProcess.spawn = (command, args, options) => {
  const isWorker = args.some((arg) => arg.endsWith('/core/zone/worker.ts'));
  const more = isWorker
    ? [
        '--cpu-prof',
        `--cpu-prof-dir=${folder}`,
        '--cpu-prof-name',
        `worker.${Date.now()}.${process.hrtime.bigint()}.cpuprofile`,
        `--allow-fs-write=${folder}`,
      ]
    : [];
  return spawn(command, [...more, ...args], options);
};
syncBuiltinESMExports();
