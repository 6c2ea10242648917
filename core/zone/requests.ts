/** What a zone asks of the node: ids when it runs short, moves of objects to other zones. */
import type { IdBlock, Request } from '../contract/link.ts';
import type { Ids } from './ids.ts';

export interface Requests {
  add(requests: readonly Request[]): void;
  /** Asks for ids when few are left; once, until some come. */
  needIds(): void;
  granted(blocks: readonly IdBlock[]): void;
  /** Those of one frame; more wait for the next. */
  take(): readonly Request[];
  /** Whether ids were asked for that have not come. */
  idsAsked(): boolean;
  restore(idsAsked: boolean): void;
}

const mostRequests = 200;

export function createRequests(ids: Ids): Requests {
  const waiting: Request[] = [];
  let idsAsked = false;

  return {
    add: (requests) => void waiting.push(...requests),
    needIds() {
      if (!ids.low() || idsAsked) return;
      idsAsked = true;
      waiting.push({ type: 'ids' });
    },
    granted(blocks) {
      for (const block of blocks) ids.add(block);
      if (blocks.length > 0) idsAsked = false;
    },
    take: () => waiting.splice(0, mostRequests),
    idsAsked: () => idsAsked,
    restore(asked) {
      idsAsked = asked;
    },
  };
}
