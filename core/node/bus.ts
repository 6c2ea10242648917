/** The bus within one process: listeners are called at once, in order of subscription. */
import type { Bus } from '../contract/bus.ts';
import type { Json } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';
import type { Log } from '../contract/ports.ts';

type Listener = (data: unknown, subject: string) => void;
type Responder = (data: Json) => Promise<unknown>;

/** A listener that throws is logged; the others hear all the same. */
export function createBus(log: Log): Bus {
  const exact = new Map<string, Set<Listener>>();
  const below = new Map<string, Set<Listener>>();
  const responders = new Map<string, Responder>();

  function call(listeners: ReadonlySet<Listener> | undefined, data: unknown, subject: string): void {
    if (listeners === undefined) return;
    for (const listener of listeners) {
      try {
        listener(data, subject);
      } catch (error) {
        log.error({ subject, error }, 'listener failed');
      }
    }
  }

  return {
    publish(subject, data) {
      call(exact.get(subject), data, subject);
      for (let dot = subject.lastIndexOf('.'); dot > 0; dot = subject.lastIndexOf('.', dot - 1)) {
        call(below.get(subject.slice(0, dot)), data, subject);
      }
    },
    subscribe(subject, listener) {
      const [table, key] = subject.endsWith('.>') ? [below, subject.slice(0, -2)] : [exact, subject];
      const listeners = table.get(key) ?? new Set();
      // An entry of its own: the same function may listen twice.
      const entry: Listener = (data, at) => listener(data, at);
      table.set(key, listeners.add(entry));
      return () => {
        listeners.delete(entry);
        if (listeners.size === 0 && table.get(key) === listeners) table.delete(key);
      };
    },
    async request(subject, data, timeoutMs) {
      const responder = responders.get(subject);
      if (!responder) throw new HostError('call.timeout', `Nobody answers "${subject}"`);
      return await within(responder(data), timeoutMs, subject);
    },
    respond(subject, responder) {
      if (responders.has(subject)) throw new Error(`"${subject}" has a responder already`);
      responders.set(subject, responder);
      return () => {
        if (responders.get(subject) === responder) responders.delete(subject);
      };
    },
  };
}

async function within<T>(work: Promise<T>, timeoutMs: number, subject: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new HostError('call.timeout', `No answer from "${subject}" within ${timeoutMs} ms`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
