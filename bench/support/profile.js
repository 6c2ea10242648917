/**
 * Preloaded into the node process and its workers when a benchmark runs with `--profile DIR`; the folder is in the
 * query of this file's URL. SIGUSR2 starts a CPU profile, the next one ends it and writes it there, so that exactly the
 * measured time is in it. A file `<role>-<pid>.pid` says that the process listens.
 */
import childProcess from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

const folder = new URL(import.meta.url).searchParams.get('folder') ?? '';
/** Processes of other kinds (the launcher, the compiler) get this file by NODE_OPTIONS too, and threads. */
const role = isMainThread ? /core\/(?:zone\/)?(main|worker)\.ts$/.exec(process.argv[1] ?? '')?.[1] : undefined;

if (role !== undefined) listen(role === 'main' ? 'node' : 'worker');
if (role === 'main') followIntoWorkers();

function listen(/** @type {string} */ name) {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: 250 });
  let count = 0;
  process.on('SIGUSR2', () => {
    count += 1;
    if (count % 2 === 1) return session.post('Profiler.start');
    session.post('Profiler.stop', (error, stopped) => {
      if (error) throw error;
      writeFileSync(join(folder, `${name}-${process.pid}-${count / 2}.cpuprofile`), JSON.stringify(stopped.profile));
    });
  });
  writeFileSync(join(folder, `${name}-${process.pid}.pid`), '');
}

/** Workers get a clean environment and strict permissions: the flags are added where they are spawned. */
function followIntoWorkers() {
  const { spawn } = childProcess;
  const own = fileURLToPath(new URL('.', import.meta.url));
  childProcess.spawn = (command, args, options) => {
    const isWorker = args.some((arg) => arg.endsWith('/core/zone/worker.ts'));
    const more = [
      '--import',
      import.meta.url,
      '--allow-inspector',
      `--allow-fs-read=${own}`,
      `--allow-fs-write=${folder}`,
    ];
    return spawn(command, [...(isWorker ? more : []), ...args], options);
  };
  syncBuiltinESMExports();
}
