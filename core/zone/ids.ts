/**
 * Object ids a zone may give, from the blocks the node leased to it: a small part for what the zone makes itself
 * (characters, map objects), the rest for its scripts' spawns. An id is given once, also when its object is gone.
 */
import type { IdBlock, ObjectId } from '../contract/link.ts';

/** Ids of every block that the zone keeps for characters and map objects. */
const ownShare = 128;
/** Below so many ids left to the scripts another block is asked for. */
const low = 256;

type Lease = { readonly partition: string; readonly from: number; readonly to: number; readonly used: Uint8Array };

export interface Ids {
  /** Adds a block; what the scripts get of it waits in `granted`. */
  add(block: IdBlock): void;
  /** An id for the zone's own use, or null when there is none left. */
  next(): ObjectId | null;
  /** Blocks for the scripts that they were not told of yet. */
  granted(): readonly IdBlock[];
  /** What the scripts have left, for an isolate that starts anew. */
  left(): readonly IdBlock[];
  /** Marks an id as given to a spawn. False when it was not leased to scripts or was given before. */
  use(id: ObjectId): boolean;
  /** Whether another block should be asked for. */
  low(): boolean;
  save(): SavedIds;
  /** Instead of the blocks it was made with. */
  restore(saved: SavedIds): void;
}

export type SavedIds = {
  readonly own: readonly { readonly partition: string; readonly next: number; readonly to: number }[];
  /** `used`: a byte for each id from `from` on, 1 when it was given, in base64. */
  readonly leases: readonly {
    readonly partition: string;
    readonly from: number;
    readonly to: number;
    readonly used: string;
  }[];
  readonly untold: readonly IdBlock[];
};

const idPattern = /^[0-9a-f]{16}$/;

/** Whether the text is an object id: 16 hex digits. */
export function isId(value: unknown): value is ObjectId {
  return typeof value === 'string' && idPattern.test(value);
}

const counterOf = (id: ObjectId) => Number.parseInt(id.slice(4), 16);
const toId = (partition: string, counter: number): ObjectId => partition + counter.toString(16).padStart(12, '0');

/** @param populate  Ids the zone needs for its map at once, taken before anything goes to the scripts. */
export function createIds(blocks: readonly IdBlock[], populate = 0): Ids {
  const own: { partition: string; next: number; to: number }[] = [];
  const leases: Lease[] = [];
  let untold: IdBlock[] = [];
  let ownLeft = 0;
  let scriptsLeft = 0;

  function add(block: IdBlock, wanted: number): void {
    const partition = block.first.slice(0, 4);
    const from = counterOf(block.first);
    const end = from + block.count;
    const kept = Math.min(block.count, Math.max(0, wanted - ownLeft));
    if (kept > 0) own.push({ partition, next: from, to: from + kept });
    ownLeft += kept;
    const rest = from + kept;
    if (rest >= end) return;
    leases.push({ partition, from: rest, to: end, used: new Uint8Array(end - rest) });
    scriptsLeft += end - rest;
    untold.push({ first: toId(partition, rest), count: end - rest });
  }

  for (const block of blocks) add(block, populate + ownShare);

  return {
    add: (block) => add(block, ownShare),
    next() {
      const block = own[0];
      if (!block) return null;
      const id = toId(block.partition, block.next++);
      if (block.next >= block.to) own.shift();
      ownLeft--;
      return id;
    },
    granted() {
      const blocks = untold;
      untold = [];
      return blocks;
    },
    left() {
      untold = [];
      return leases
        .map((lease) => {
          const first = lease.used.lastIndexOf(1) + 1;
          return { first: toId(lease.partition, lease.from + first), count: lease.used.length - first };
        })
        .filter((block) => block.count > 0);
    },
    use(id) {
      if (!isId(id)) return false;
      const counter = counterOf(id);
      const lease = leases.find((l) => l.partition === id.slice(0, 4) && counter >= l.from && counter < l.to);
      if (!lease || lease.used[counter - lease.from] === 1) return false;
      lease.used[counter - lease.from] = 1;
      // Ids are given in order: what was skipped by an undone handler will not come any more.
      const skipped = lease.used.lastIndexOf(1);
      if (skipped === lease.used.length - 1) leases.splice(leases.indexOf(lease), 1);
      scriptsLeft = leases.reduce((sum, l) => sum + l.used.length - (l.used.lastIndexOf(1) + 1), 0);
      return true;
    },
    save: () => ({
      own: own.map((block) => ({ ...block })),
      leases: leases.map((lease) => ({ ...lease, used: Buffer.from(lease.used).toString('base64') })),
      untold: [...untold],
    }),
    restore(saved) {
      own.splice(0, own.length, ...saved.own.map((block) => ({ ...block })));
      leases.length = 0;
      for (const { used, ...lease } of saved.leases)
        leases.push({ ...lease, used: new Uint8Array(Buffer.from(used, 'base64')) });
      untold = [...saved.untold];
      ownLeft = own.reduce((sum, { next, to }) => sum + to - next, 0);
      scriptsLeft = leases.reduce((sum, l) => sum + l.used.length - (l.used.lastIndexOf(1) + 1), 0);
    },
    low: () => scriptsLeft < low || ownLeft < ownShare / 4,
  };
}
