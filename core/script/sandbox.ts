/**
 * The only file that knows isolated-vm: one isolate with one zone's scripts. Strings go in, strings come out; no handle
 * of the host but a clock, the watchdog's words, the places of what moved and (in careful mode) one that hears of each handler
 * gets in, and those only into the runtime's closure.
 */
import { performance } from 'node:perf_hooks';
import ivm from 'isolated-vm';
import type { CreateSandbox, Crossing, Entered, LoadOut, SandboxFault, TickIn, TickOut } from '../contract/driver.ts';
import { bundleRuntime } from './bundle.ts';

/** Read when the file is loaded: a worker gives up its right to read files afterwards. */
const runtime = bundleRuntime();
/** What V8 keeps of having compiled it: the next isolates spare themselves that, 2 to 3 of some 15 ms. */
const compiled: { code: ivm.ExternalCopy<ArrayBuffer> | undefined } = { code: undefined };

/** Hands the runtime its clock and words, and gives back its one entrance. */
const bootstrap = 'return $0(null).boot($1, $2, $3, $4, eval)';

/** Numbers of `moved` that cross as such, those of 5,000 objects: as text they are 16 digits each. Further ones are text. */
const mostShared = 5_000 * 6;

/** Characters that one entry may give back. */
const longestOutput = 32 * 1024 * 1024;

/** Makes an empty isolate. It has no scripts before `load`. */
export const createSandbox: CreateSandbox = ({ memoryMb, tickLimitMs, loadLimitMs, blame, onHandler }) => {
  // Without onCatastrophicError V8 ends the process at once where it lost control; with it the process would sleep.
  const isolate = new ivm.Isolate({ memoryLimit: memoryMb });
  let entrance: ivm.Reference<(what: string, input: string) => string> | null = null;
  const places = new Float64Array(new SharedArrayBuffer(mostShared * Float64Array.BYTES_PER_ELEMENT));

  function open(): ivm.Reference<(what: string, input: string) => string> {
    const context = isolate.createContextSync();
    const script = compileRuntime(isolate);
    const exports = script.runSync(context, { reference: true }) as ivm.Reference;
    const clock = new ivm.Callback(() => performance.now());
    const words = blame ? new ivm.ExternalCopy(blame.buffer).copyInto() : null;
    const moved = new ivm.ExternalCopy(places.buffer).copyInto();
    const careful = onHandler ? new ivm.Callback(onHandler) : null;
    // No timeout: it runs nothing but the runtime, and a machine that stalls would leave a zone without its scripts.
    return context.evalClosureSync(bootstrap, [exports.derefInto(), clock, words, moved, careful], {
      result: { reference: true },
    }) as ivm.Reference<(what: string, input: string) => string>;
  }

  /** Lays what moved where the runtime looks for it. It only reads there, and the zone only writes. */
  function cross(input: TickIn): Crossing {
    const { moved } = input;
    const shared = Math.min(moved.length, mostShared);
    // JSON has no -0 either: a world that goes on from a file must be the same.
    for (let i = 0; i < shared; i++) places[i] = (moved[i] as number) + 0;
    return { ...input, moved: moved.slice(shared), shared };
  }

  function cpuMs(): number {
    return isolate.isDisposed ? 0 : Number(isolate.cpuTime) / 1e6;
  }

  function dispose(): void {
    entrance = null;
    if (!isolate.isDisposed) isolate.dispose();
  }

  function enter<T>(
    what: 'load' | 'tick' | 'mind',
    input: unknown,
    timeout: number,
    read: (text: string) => T,
  ): Entered<T> {
    let fault: SandboxFault;
    const before = cpuMs();
    try {
      if (isolate.isDisposed)
        return { kind: 'fault', fault: { kind: 'disposed', message: 'the isolate was disposed' }, cpuMs: 0 };
      entrance ??= open();
      const out: unknown = entrance.applySync(undefined, [what, JSON.stringify(input)], { timeout });
      if (typeof out === 'string' && out.length <= longestOutput && !out.startsWith('!')) {
        return { kind: 'ok', out: read(out), cpuMs: cpuMs() - before };
      }
      fault = { kind: 'broken', message: typeof out === 'string' ? out.slice(1, 1_000) : 'no text came back' };
    } catch (error) {
      fault = classify(error);
    }
    const spent = cpuMs() - before;
    dispose();
    return { kind: 'fault', fault, cpuMs: spent };
  }

  return {
    boot() {
      try {
        entrance ??= open();
        return true;
      } catch {
        // Why is heard by whoever makes the next one in its place.
        dispose();
        return false;
      }
    },
    load: (input) => enter<LoadOut>('load', input, loadLimitMs, JSON.parse),
    tick: (input, limitMs = tickLimitMs) => enter<TickOut>('tick', cross(input), limitMs, JSON.parse),
    mind: () => enter<string>('mind', null, loadLimitMs, (text) => text),
    heap: () => (isolate.isDisposed ? 0 : isolate.getHeapStatisticsSync().used_heap_size),
    dispose,
  };
};

function compileRuntime(isolate: ivm.Isolate): ivm.Script {
  const filename = 'roost:runtime';
  if (compiled.code) return isolate.compileScriptSync(runtime, { filename, cachedData: compiled.code });
  const script: ivm.Script & { readonly cachedData?: ivm.ExternalCopy<ArrayBuffer> } = isolate.compileScriptSync(
    runtime,
    { filename, produceCachedData: true },
  );
  compiled.code = script.cachedData;
  return script;
}

/**
 * Which fault an error of isolated-vm is: its text is all there is to tell them apart.
 * @source isolated-vm 7.0.1, src/isolate/run_with_timeout.h and src/isolate/environment.cc; test/script/faults.test.ts
 */
export function classify(error: unknown): SandboxFault {
  const message = error instanceof Error ? error.message.slice(0, 1_000) : 'an unknown fault';
  if (message.startsWith('Script execution timed out')) return { kind: 'timeout', message };
  if (/memory limit|Array buffer allocation failed|out of memory/i.test(message)) return { kind: 'memory', message };
  if (/disposed/i.test(message)) return { kind: 'disposed', message };
  return { kind: 'broken', message };
}
