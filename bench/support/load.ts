/** The load generator (bench/load/main.ts) as its parent sees it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadAnswer, LoadAsk, LoadOptions, LoadReport, ViewCheck } from '../load/client.ts';
import type { Context } from '../row.ts';

const entry = fileURLToPath(new URL('../load/main.ts', import.meta.url));

type Said<S extends LoadAnswer['say']> = Extract<LoadAnswer, { say: S }>;

export type Load = {
  /** Counts from now on. */
  begin(): Promise<void>;
  /** Counts no more, and tells. */
  end(): Promise<LoadReport>;
  /** Compares what clients see with where everybody is. */
  check(radius: number): Promise<ViewCheck>;
  /** Lets more clients in. */
  more(clients: number): Promise<void>;
  /** All leave. */
  stop(): Promise<void>;
};

/** Resolves when all clients are in. @throws, here or in any later call, when one of them is put out or gets nonsense. */
export async function startLoad(context: Context, options: LoadOptions): Promise<Load> {
  const child = fork(entry, [JSON.stringify(options)], { execArgv: ['--max-semi-space-size=32'], stdio: 'inherit' });
  const failed = Promise.withResolvers<never>();
  // Whoever waits hears of it; when nobody does, the next one will.
  failed.promise.catch(() => undefined);
  child.on('message', (answer: LoadAnswer) => {
    if (answer.say === 'failed') failed.reject(new Error(`${options.kind} load: ${answer.why}`));
  });
  let over = false;
  child.once('exit', (code) => {
    over = true;
    failed.reject(new Error(`${options.kind} load: the generator ended (${code})`));
  });

  function hear<S extends LoadAnswer['say']>(say: S): Promise<Said<S>> {
    const heard = Promise.withResolvers<Said<S>>();
    const listen = (answer: LoadAnswer): void => {
      if (answer.say === say) heard.resolve(answer as Said<S>);
    };
    child.on('message', listen);
    return Promise.race([heard.promise, failed.promise]).finally(() => child.off('message', listen));
  }

  function ask<S extends LoadAnswer['say']>(question: LoadAsk, say: S): Promise<Said<S>> {
    const answer = hear(say);
    if (!over) child.send(question);
    return answer;
  }

  async function end(): Promise<void> {
    if (over) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  context.after(end);
  await hear('ready');
  return {
    begin: async () => void (await ask({ ask: 'begin' }, 'began')),
    end: async () => (await ask({ ask: 'end' }, 'report')).report,
    check: async (radius) => (await ask({ ask: 'check', radius }, 'checked')).check,
    more: async (clients) => void (await ask({ ask: 'more', clients }, 'ready')),
    async stop() {
      await ask({ ask: 'stop' }, 'stopped');
      await end();
    },
  };
}
