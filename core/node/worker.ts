/** One worker process as the node sees it: what is sent to it, what it says, and how it ends. */
import type { ToNode, ToWorker, ZoneId, ZoneStats, ZoneTally } from '../contract/link.ts';
import type { Log } from '../contract/ports.ts';
import { openPipe, type SendOutcome } from '../link/pipe.ts';
import { readLines } from './lines.ts';
import { readMessage } from './link-schema.ts';
import type { Recorder } from './recorder.ts';
import { startWorkerProcess, type WorkerSettings } from './worker-process.ts';

/** Lines of a worker's own output that are logged, per second. */
const outputLinesPerSecond = 20;

export type WorkerGone = {
  /** Why the node ended it, or how it ended by itself. */
  readonly why: string;
  /** Its last words on the blame pipe, newest last. */
  readonly blame: readonly string[];
};

export interface Worker {
  readonly id: number;
  readonly pid: number;
  /** Has it said that it is ready? */
  readonly ready: boolean;
  /** Milliseconds of punctual time since it was last heard. */
  silentMs: number;
  /** Its zones with their figures, as it said last. */
  readonly stats: { readonly zones: readonly ZoneStats[]; readonly rss: number; readonly cpu: number };
  /** Bytes on their way to it. */
  queuedBytes(): number;
  send(message: ToWorker): SendOutcome;
  /** Newest epoch of each zone that was given to it. */
  readonly given: Map<ZoneId, number>;
  /** Ends it now; `onGone` follows. The first reason stays. */
  kill(why: string): void;
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>;
}

export type WorkerOptions = {
  readonly settings: WorkerSettings;
  readonly uid: number;
  /** Program of the worker, when it is not ours. */
  readonly entry?: string;
  readonly outstandingMb: number;
  readonly log: Log;
  /** Keeps what the worker is sent, and its lines. */
  readonly recorder?: Pick<Recorder, 'sent' | 'line'>;
  readonly onReady: (worker: Worker) => void;
  /** Everything but `ready` and `stats`. */
  readonly onMessage: (worker: Worker, message: Exclude<ToNode, { type: 'ready' | 'stats' }>) => void;
  /** What zones that it was given did since the last time. */
  readonly onTallies?: (tallies: readonly ZoneTally[]) => void;
  readonly onGone: (worker: Worker, gone: WorkerGone) => void;
};

/** Why a worker is gone that somebody outside has killed, or its own watchdog, which then says so: its pipe may end first. */
export const killed = /^((closed its pipe|(truncated|failed) frame: [^;]*); )?ended by SIGKILL$/;

const megabyte = 1_048_576;
const blameMost = 20;

export function startWorker(id: number, options: WorkerOptions): Worker {
  const { log } = options;
  const { child, pid, input, output, blame, stdout, stderr } = startWorkerProcess(
    options.settings,
    options.uid,
    options.entry,
  );
  const lastWords: string[] = [];
  let why: string | null = null;
  let ready = false;
  let gone = false;
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let stats: Worker['stats'] = { zones: [], rss: 0, cpu: 0 };

  const pipe = openPipe({
    input: output,
    output: input,
    maxFrameBytes: options.settings.frameMb * megabyte,
    maxQueuedBytes: options.outstandingMb * megabyte,
    onMessage: receive,
    onEnd: (end) => worker.kill(end.kind === 'closed' ? 'closed its pipe' : `${end.kind} frame: ${end.message}`),
  });

  const worker: Worker = {
    id,
    pid,
    given: new Map(),
    ended,
    silentMs: 0,
    get ready() {
      return ready;
    },
    get stats() {
      return stats;
    },
    queuedBytes: () => pipe.queuedBytes(),
    send(message) {
      if (gone || why !== null) return 'closed';
      const outcome = pipe.send(message);
      if (outcome === 'sent') options.recorder?.sent(id, message);
      return outcome;
    },
    kill(reason) {
      why ??= reason;
      if (!gone) child.kill('SIGKILL');
    },
  };

  function receive(value: unknown): void {
    // What it says after its sentence counts for nothing.
    if (why !== null) return;
    worker.silentMs = 0;
    const read = readMessage(value);
    if ('fault' in read) {
      worker.kill(`malformed message: ${read.fault}`);
      return;
    }
    const { message } = read;
    if ((message.type === 'ready') === ready) {
      worker.kill(`message "${message.type}" out of turn`);
      return;
    }
    switch (message.type) {
      case 'ready':
        ready = true;
        options.onReady(worker);
        break;
      case 'stats':
        stats = message;
        options.onTallies?.(message.tallies.filter(({ zone }) => worker.given.has(zone)));
        break;
      default:
        options.onMessage(worker, message);
    }
  }

  function finish(how: string): void {
    if (gone) return;
    gone = true;
    pipe.close();
    options.onGone(worker, { why: why === null ? how : `${why}; ${how}`, blame: lastWords });
    end();
  }

  readLines(blame, (line) => {
    worker.silentMs = 0;
    options.recorder?.line(id, line);
    lastWords.push(line);
    if (lastWords.length > blameMost) lastWords.shift();
  });
  const say = limited(outputLinesPerSecond, (line) => log.info({ worker: id, pid, line }, 'worker says'));
  readLines(stdout, say);
  readLines(stderr, say);
  child.once('error', (error) => finish(`could not be started: ${error.message}`));
  // `close`, not `exit`: by then its last words have been read.
  child.once('close', (code, signal) => finish(signal === null ? `ended with code ${code}` : `ended by ${signal}`));
  return worker;
}

/** At most so many calls a second; what is over is dropped. */
function limited(perSecond: number, work: (line: string) => void): (line: string) => void {
  let second = 0;
  let count = 0;
  return (line) => {
    const now = Math.floor(performance.now() / 1_000);
    if (now !== second) {
      second = now;
      count = 0;
    }
    if (++count <= perSecond) work(line);
  };
}
