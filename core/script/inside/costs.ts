/** Time spent by kind, handler and object, and the words that tell the watchdog whose handler runs. */
import type { Costs, TickIn } from '../../contract/driver.ts';
import { here, type Obj } from './here.ts';
import type { Handler } from './script.ts';

export interface Kept {
  /** A handler begins: time is charged to its kind from here on. */
  enter(object: Obj, handler: Handler): void;
  /** A handler goes on that another one interrupted. */
  resume(object: Obj, handler: Handler): void;
  /** What comes now is no handler's. */
  leave(): void;
  /** Something runs that is no handler in a tick: `handler` is a number of its own, `slot` -1 when it is nobody's. */
  mark(slot: number, handler: number): void;
  /** What comes is for this one of the tick's calls and inputs; -1: for none of them. */
  serve(asked: number): void;
  /** A handler left so many bytes to be told outside. */
  weigh(object: Obj, handler: Handler, bytes: number): void;
  /** Where much is to be told outside, the time that it takes is the work of who left most of it. */
  tell(): void;
  /** Statements of traced programs say by it where they are (core/script/trace.ts). */
  readonly line: (number: number) => void;
  /** What is timed in this tick, beside kinds. */
  measure(wanted: TickIn['measure']): void;
  /** The tick is over. */
  take(): Costs;
}

/** What the sandbox gives the runtime, and the runtime never hands on. */
export type Host = {
  /** Milliseconds; 0.8 µs a reading. */
  readonly clock: () => number;
  /**
   * Words for the watchdog: object slot, handler number, count of handlers, statement, call or input; of the kind that used
   * most of the tick until another one ran its last slot, handler and call, and milliseconds; milliseconds of other kinds.
   */
  readonly blame: Int32Array | null;
  /** Careful mode: told before each handler. */
  readonly onHandler: ((slot: number, handler: number) => void) | null;
};

/** In place of an object's slot: what is told is a statement. */
const lineSlot = -3;

type Sum = { ms: number; calls: number };

/** In the words: nobody's handler runs. */
const nobody = -1;
/** Bytes of a tick from which somebody answers for the time that it takes to tell them. */
const heavyBytes = 2 * 1024 * 1024;

/** The clock is read only where the kind changes, unless more is wanted. */
export function keepCosts({ clock, blame, onHandler }: Host): Kept {
  const kinds = new Map<string, Sum>();
  const handlers = new Map<number, Sum>();
  const objects = new Map<string, Sum>();
  /** Handlers are timed each; of the objects those whose slot, divided by `of`, leaves `part`. */
  let each = false;
  let part = -1;
  let of = 1;
  /** What the time since `since` is charged to. */
  let ofKind: Sum | null = null;
  let ofHandler: Sum | null = null;
  let ofObject: Sum | null = null;
  let kind: string | null = null;
  let since = 0;
  /** Milliseconds of all kinds in this tick, and of the one that used most. */
  let charged = 0;
  let most = 0;
  /** The call or input that the kind served when it began to run. */
  let asked = nobody;
  /** What handlers left to be told in this tick, by their numbers. */
  const weights = new Map<number, { slot: number; bytes: number }>();
  let weight = 0;
  /** Statements of this tick that were told. */
  const lines = new Set<number>();

  function charge(): void {
    const now = clock();
    const ms = now - since;
    since = now;
    if (ofKind) {
      ofKind.ms += ms;
      charged += ms;
    }
    if (ofHandler) ofHandler.ms += ms;
    if (ofObject) ofObject.ms += ms;
    ofHandler = null;
    ofObject = null;
  }

  /** Whoever ran did so until now: the words still say who that was. */
  function end(): void {
    charge();
    if (!blame || !ofKind || ofKind.ms <= most) return;
    most = ofKind.ms;
    blame[5] = blame[0] ?? nobody;
    blame[6] = blame[1] ?? nobody;
    blame[7] = asked;
    blame[8] = most;
  }

  function begin(object: Obj, handler: Handler, calls: number): void {
    const isOther = object.kind !== kind;
    if (isOther) end();
    mark(object.slot, handler.number);
    const alone = object.limited || object.slot % of === part;
    if (alone || ofObject !== null || each || isOther) {
      if (isOther) {
        ofKind = sumOf(kinds, object.kind);
        if (blame) {
          asked = blame[4] ?? nobody;
          blame[9] = charged - ofKind.ms;
        }
      } else charge();
      kind = object.kind;
      if (each) {
        ofHandler = sumOf(handlers, handler.number);
        ofHandler.calls += calls;
      }
      if (alone) ofObject = sumOf(objects, object.id);
    }
    if (ofKind) ofKind.calls += calls;
  }

  function mark(slot: number, handler: number): void {
    if (blame) {
      blame[0] = slot;
      blame[1] = handler;
      blame[2] = here.turns;
    }
    if (onHandler) onHandler(slot, handler);
  }

  function leave(): void {
    if (kind === null) return;
    end();
    mark(nobody, nobody);
    kind = null;
    ofKind = null;
  }

  return {
    enter: (object, handler) => begin(object, handler, 1),
    resume: (object, handler) => begin(object, handler, 0),
    leave,
    mark,
    serve(asked) {
      if (blame) blame[4] = asked;
    },
    weigh(object, handler, bytes) {
      const known = weights.get(handler.number);
      weights.set(handler.number, { slot: object.slot, bytes: (known?.bytes ?? 0) + bytes });
      weight += bytes;
    },
    tell() {
      const [most] = [...weights].sort(([, a], [, b]) => b.bytes - a.bytes);
      if (weight > heavyBytes && most) mark(most[1].slot, most[0]);
      weights.clear();
      weight = 0;
    },
    line(number) {
      if (blame) blame[3] = number;
      if (!onHandler || lines.has(number)) return;
      lines.add(number);
      onHandler(lineSlot, number);
    },
    measure(wanted) {
      lines.clear();
      each = wanted.handlers;
      part = wanted.part;
      of = wanted.of;
    },
    take() {
      leave();
      const costs: Costs = {
        kinds: [...kinds].map(([name, { ms, calls }]) => ({ kind: name, ms, calls })),
        handlers: [...handlers].map(([handler, { ms, calls }]) => ({ handler, ms, calls })),
        objects: [...objects].map(([id, { ms }]) => ({ id, ms })),
      };
      kinds.clear();
      handlers.clear();
      objects.clear();
      charged = 0;
      most = 0;
      if (blame) blame[8] = 0;
      return costs;
    },
  };
}

function sumOf<K>(sums: Map<K, Sum>, of: K): Sum {
  let sum = sums.get(of);
  if (!sum) {
    sum = { ms: 0, calls: 0 };
    sums.set(of, sum);
  }
  return sum;
}
