/** One request to a zone, from the caller to the item that its worker is handed. */
import { HostError } from '../contract/errors.ts';
import type { CallOutcome, InboxItem } from '../contract/link.ts';
import type { ZoneAnswer, ZoneAsk } from '../contract/ports.ts';

/** One request until it is answered or refused; both are harmless the second time. */
export type Ask = {
  readonly ask: ZoneAsk;
  /** Whether the caller has not heard anything yet. */
  readonly waits: boolean;
  readonly answer: (answer: ZoneAnswer) => void;
  readonly refuse: (error: HostError) => void;
  /** Tells the caller not to wait any longer; what becomes of the request is still open. */
  readonly letGo: (error: HostError) => void;
  /** Calls when the caller is let go before it has heard: what was made for it is nobody's. */
  readonly onLetGo: (left: () => void) => void;
};

export type Asked = {
  readonly ask: Ask;
  /** What the caller hears. */
  readonly answered: Promise<ZoneAnswer>;
  /** What became of it, also when the caller was let go before. */
  readonly settled: Promise<ZoneAnswer>;
};

type Called = Extract<InboxItem, { call: number }>;

/** @param deadlineMs  Then the caller is let go with `call.timeout`. */
export function createAsk(ask: ZoneAsk, deadlineMs: number): Asked {
  const heard = Promise.withResolvers<ZoneAnswer>();
  const fate = Promise.withResolvers<ZoneAnswer>();
  // Mostly only the caller listens.
  fate.promise.catch(() => {});
  let waits = true;
  let left = () => {};
  const letGo = (error: HostError) => {
    clearTimeout(timer);
    const had = waits;
    waits = false;
    heard.reject(error);
    if (had) left();
  };
  const timer = setTimeout(() => letGo(new HostError('call.timeout')), deadlineMs);
  return {
    ask: {
      ask,
      get waits() {
        return waits;
      },
      answer(answer) {
        clearTimeout(timer);
        waits = false;
        heard.resolve(answer);
        fate.resolve(answer);
      },
      refuse(error) {
        left = () => {};
        letGo(error);
        fate.reject(error);
      },
      letGo,
      onLetGo(then) {
        left = then;
      },
    },
    answered: heard.promise,
    settled: fate.promise,
  };
}

/** What became of somebody else's request, for one more who waits for it. @throws HostError `call.timeout` */
export async function within(settled: Promise<ZoneAnswer>, deadlineMs: number): Promise<ZoneAnswer> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new HostError('call.timeout')), deadlineMs);
  return await Promise.race([settled, late.promise]).finally(() => clearTimeout(timer));
}

export function toItem(ask: ZoneAsk, call: number): InboxItem {
  const item = toPlainItem(ask, call);
  return ask.trace === undefined ? item : { ...item, trace: ask.trace };
}

function toPlainItem(ask: ZoneAsk, call: number): Called {
  switch (ask.type) {
    case 'join':
      return { type: 'join', call, owner: ask.owner, name: ask.name, character: ask.character };
    case 'say':
      return { type: 'say', call, owner: ask.owner, character: ask.character, text: ask.text };
    case 'move':
      return { type: 'move', call, owner: ask.owner, character: ask.character, dx: ask.dx, dy: ask.dy };
    case 'inspect':
      return { type: 'inspect', call, object: ask.object };
    case 'call': {
      const { owner, character, object, method, params, durable } = ask;
      return { type: 'call', call, owner, character, object, method, params, durable };
    }
  }
}

/**
 * The answer waits for the commit of its tick: a durable call, and a new character, which a worker that dies a moment
 * later must not take along.
 */
export function isDurable(ask: ZoneAsk, outcome: CallOutcome): boolean {
  if (!outcome.ok) return false;
  if (ask.type === 'join') return (outcome.result as { made?: unknown } | null)?.made !== false;
  return outcome.durable || (ask.type === 'call' && ask.durable);
}
