/** Processes of the server as the system sees them: their memory, their open files, and whether they are gone. */
import { readdirSync, readFileSync } from 'node:fs';
import { startTimeOf } from '../../core/node/worker-process.ts';

export type Kind = 'node' | 'worker';

export type Sample = {
  readonly kind: Kind;
  /** One process while it has the same zones: one more is no growth. */
  readonly life: string;
  /** Seconds since the soak began. */
  readonly atS: number;
  readonly rssMb: number;
  /** Open files, sockets and pipes. */
  readonly files: number;
};

export class Processes {
  readonly samples: Sample[] = [];
  /** Every process that the server ever started, by pid, with its start time: the pid alone may be given again. */
  readonly #seen = new Map<number, string>();
  readonly #pidOf: () => number;
  readonly #nowS: () => number;
  readonly #zonesOf: (pid: number) => number;
  readonly #timer: NodeJS.Timeout;

  /** @param zonesOf  How many zones a worker was ever given. */
  constructor(pidOf: () => number, nowS: () => number, zonesOf: (pid: number) => number) {
    this.#pidOf = pidOf;
    this.#nowS = nowS;
    this.#zonesOf = zonesOf;
    this.#timer = setInterval(() => this.look(), 500);
  }

  look(): void {
    const node = this.#pidOf();
    if (node === 0 || startTimeOf(node) === null) return;
    const atS = this.#nowS();
    this.#take('node', node, atS);
    for (const pid of childrenOf(node)) {
      if (proc(pid, 'cmdline').includes('core/zone/worker.ts')) this.#take('worker', pid, atS);
      else this.#remember(pid);
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Those of the server's processes that are alive, other than these. */
  left(except: readonly number[] = []): readonly number[] {
    return [...this.#seen].flatMap(([pid, started]) =>
      startTimeOf(pid) === started && !except.includes(pid) && !isZombie(pid) ? pid : [],
    );
  }

  /** Every descendant of the node that is alive now. */
  tree(): readonly number[] {
    const node = this.#pidOf();
    return [node, ...childrenOf(node)];
  }

  #take(kind: Kind, pid: number, atS: number): void {
    this.#remember(pid);
    const rssMb = Number(/VmRSS:\s+(\d+)/.exec(proc(pid, 'status'))?.[1] ?? 0) / 1024;
    const life = `${pid} ${this.#zonesOf(pid)}`;
    if (rssMb > 0) this.samples.push({ kind, life, atS, rssMb, files: filesOf(pid) });
  }

  #remember(pid: number): void {
    const started = startTimeOf(pid);
    if (started !== null) this.#seen.set(pid, started);
  }
}

export function filesOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch (error) {
    if (isGone(error)) return 0;
    throw error;
  }
}

function childrenOf(pid: number): readonly number[] {
  const list = proc(pid, `task/${pid}/children`).trim();
  return list === '' ? [] : list.split(' ').map(Number);
}

function isZombie(pid: number): boolean {
  return /^State:\s+Z/m.test(proc(pid, 'status'));
}

/** Reads what a process says of itself; one that has gone has nothing. */
function proc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    if (isGone(error)) return '';
    throw error;
  }
}

function isGone(error: unknown): boolean {
  const { code = '' } = error as { code?: string };
  return code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES';
}
