/** A worker that tries everything once it has dropped what it needs no more, and prints what came of it as one line of JSON. */
import '../../core/zone/worker.ts';

const { permission } = process as unknown as { readonly permission: { has(scope: string): boolean } };
while (permission.has('worker') || permission.has('addon')) await new Promise((resolve) => setTimeout(resolve, 5));

const tries: Readonly<Record<string, () => unknown>> = {
  'read a file': async () => (await import('node:fs')).readFileSync('/etc/passwd'),
  'read its own code': async () => (await import('node:fs')).readFileSync(import.meta.filename),
  'write a file': async () => (await import('node:fs')).writeFileSync('/tmp/roost-prisoner', ''),
  'open a database': async () => new (await import('node:sqlite')).DatabaseSync('/tmp/roost-prisoner.db'),
  'start a program': async () => (await import('node:child_process')).execFileSync('/bin/true'),
  'start a thread': async () => new (await import('node:worker_threads')).Worker('1', { eval: true, execArgv: [] }),
  'load an add-on': () => process.dlopen({ exports: {} }, '/lib/x86_64-linux-gnu/libc.so.6'),
  'open a debugger': async () => (await import('node:inspector')).open(0),
  'see the environment': () => {
    if (Object.keys(process.env).join() === 'TZ') throw Object.assign(new Error('nothing there'), { code: 'EMPTY' });
  },
  // What Node's permission model does not cover: docs/security.md says so.
  'open a socket': async () => {
    const server = (await import('node:net')).createServer().listen(0, '127.0.0.1');
    await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
    server.close();
  },
  'signal its parent': () => process.kill(process.ppid, 0),
};

const outcomes: Record<string, string> = {};
for (const [what, attempt] of Object.entries(tries)) {
  try {
    await attempt();
    outcomes[what] = 'done';
  } catch (error) {
    outcomes[what] = String((error as NodeJS.ErrnoException).code);
  }
}
process.stdout.write(`${JSON.stringify(outcomes)}\n`);
