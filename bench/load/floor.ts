/** A client of the bare socket.io server of row floor: counts what comes and sends its inputs. */
import type { Counts, Fail, LoadClient, LoadOptions } from './client.ts';
import { openWire } from './socketio.ts';

export async function connectFloor(options: LoadOptions, index: number, fail: Fail): Promise<LoadClient> {
  const counts: Counts = { messages: 0, bytes: 0, last: 0, tick: 0 };
  const wire = await openWire(
    options.url,
    (text, bytes) => {
      if (!text.startsWith('["delta",')) return fail(`an event that nobody expects: ${text.slice(0, 100)}`);
      counts.messages += 1;
      counts.tick += 1;
      counts.bytes += bytes;
      counts.last = bytes;
    },
    fail,
  );
  return {
    id: String(index),
    counts,
    input: (seq, x, y) => wire.emit('input', { seq, x, y }),
    view: () => [],
    close: async () => wire.close(),
  };
}
