/** One player for rows that look at single events: knows what came last, and when. */
import type { Answer } from '../../core/contract/protocol.ts';
import { openWire, type Wire } from '../load/socketio.ts';

/** An event as it came: `["delta",{…}]`, and the monotonic time. */
export type Heard = { readonly text: string; readonly atMs: number };

export type Visitor = {
  /** @throws when it is refused */
  call<T>(method: string, params: object): Promise<T>;
  /** The first event from now on that fits. @throws when the connection ends before, or after half a minute */
  next(fits: (text: string) => boolean): Promise<Heard>;
  /** Told of every event; gives back its undo. */
  on(listener: (heard: Heard) => void): () => void;
  close(): void;
};

const patienceMs = 30_000;

/** Whether it is a message of that event. */
export function isEvent(text: string, event: string): boolean {
  return text.startsWith(`["${event}",`);
}

export async function openVisitor(url: string): Promise<Visitor> {
  const listeners = new Set<(heard: Heard) => void>();
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => undefined);
  const wire: Wire = await openWire(
    url,
    (text) => {
      const heard = { text, atMs: performance.now() };
      for (const listener of listeners) listener(heard);
    },
    (why) => ended.reject(new Error(why)),
  );

  function on(listener: (heard: Heard) => void): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  return {
    on,
    async call<T>(method: string, params: object): Promise<T> {
      const answer = (await Promise.race([wire.call(method, params), ended.promise])) as Answer;
      if (!answer.ok) throw new Error(`${method}: ${answer.error.code}: ${answer.error.message}`);
      return answer.result as T;
    },
    async next(fits) {
      const found = Promise.withResolvers<Heard>();
      const off = on((heard) => {
        if (fits(heard.text)) found.resolve(heard);
      });
      const timer = setTimeout(() => found.reject(new Error('what was waited for did not come')), patienceMs);
      return await Promise.race([found.promise, ended.promise]).finally(() => {
        clearTimeout(timer);
        off();
      });
    },
    close: wire.close,
  };
}

/** One visitor in each of so many zones of a pasture, each of which has sent its snapshot. */
export async function visitAll(url: string, zones: number): Promise<readonly Visitor[]> {
  return await Promise.all(
    Array.from({ length: zones }, async (_, i) => {
      const visitor = await openVisitor(url);
      await Promise.all([
        visitor.next((text) => isEvent(text, 'snapshot')),
        visitor.call('zone.enter', { zone: `bench/pasture-${i}` }),
      ]);
      return visitor;
    }),
  );
}
