/** Ids that this zone may give: 16 hex digits, a partition (4) and a counter (12), in blocks from the node. */
import type { IdBlock, ObjectId } from '../../contract/link.ts';

export interface Ids {
  add(blocks: readonly IdBlock[]): void;
  /** The next id; null when the blocks are used up and the node has not sent a new one yet. */
  next(): ObjectId | null;
  /** The one that `next` gave last, of those that are not back, was given to nobody after all. */
  back(id: ObjectId): void;
  save(): SavedIds;
  /** Instead of the blocks it has. */
  restore(saved: SavedIds): void;
}

export type SavedIds = readonly { readonly partition: string; readonly counter: number; readonly end: number }[];

export function createIds(): Ids {
  const blocks: { partition: string; counter: number; end: number }[] = [];
  return {
    add(more) {
      for (const { first, count } of more) {
        const counter = Number.parseInt(first.slice(4), 16);
        blocks.push({ partition: first.slice(0, 4), counter, end: counter + count });
      }
    },
    back(id) {
      const partition = id.slice(0, 4);
      const counter = Number.parseInt(id.slice(4), 16);
      const [block] = blocks;
      if (block?.partition === partition && block.counter === counter + 1) block.counter = counter;
      else blocks.unshift({ partition, counter, end: counter + 1 });
    },
    save: () => blocks.map((block) => ({ ...block })),
    restore(saved) {
      blocks.length = 0;
      for (const block of saved) blocks.push({ ...block });
    },
    next() {
      let block = blocks[0];
      while (block && block.counter >= block.end) {
        blocks.shift();
        block = blocks[0];
      }
      return block ? block.partition + (block.counter++).toString(16).padStart(12, '0') : null;
    },
  };
}
