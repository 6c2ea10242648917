/** The database as plugins have it, with a part of the call's trace for each transaction. */
import type { Clock, Db, Tracing } from '../contract/ports.ts';

export function traceDb(db: Db, tracing: Tracing, clock: Clock): Db {
  return {
    read: db.read,
    async transaction(work) {
      const trace = tracing.current();
      if (trace === undefined) return await db.transaction(work);
      const from = clock.now();
      const tell = (code?: string) =>
        tracing.part(trace, {
          ...{ name: 'store.commit', from, to: clock.now(), facts: {} },
          ...(code === undefined ? {} : { code }),
        });
      try {
        const result = await db.transaction(work);
        tell();
        return result;
      } catch (error) {
        tell(String((error as { code?: unknown }).code ?? 'call.failed'));
        throw error;
      }
    },
  };
}
