/** Where object ids come from: 65,536 partitions with counters of 48 bits, handed out in blocks. */
import { HostError } from '../contract/errors.ts';
import type { IdBlock } from '../contract/link.ts';
import type { Writer } from './writer.ts';

/** Ids of one block. */
export const blockSize = 1_024;
const counters = 2 ** 48;
const partitions = 65_536;

/** `partition` and `counter` as 16 hex digits. */
export function toId(partition: number, counter: number): string {
  return partition.toString(16).padStart(4, '0') + counter.toString(16).padStart(12, '0');
}

/** The counter of an id: a safe integer, while the whole id is not. */
export function counterOf(id: string): number {
  return Number.parseInt(id.slice(4), 16);
}

/** The partition of this node: allotted once, kept in the database under the node's name. Partition 0 is nobody's. */
export async function allotPartition(writer: Writer, node: string): Promise<number> {
  return await writer.transaction(async (trx) => {
    const [mine] = await trx.run('select partition_number from partitions where node = ?', [node]);
    if (mine) return Number(mine.partition_number);
    const [last] = await trx.run('select max(partition_number) as last from partitions');
    const partition = Number(last?.last ?? 0) + 1;
    if (partition >= partitions) throw new HostError('store.failed', 'All partitions are allotted');
    await trx.run('insert into partitions (partition_number, node, next) values (?, ?, 1)', [partition, node]);
    return partition;
  });
}

/** Takes blocks of ids. They are on disk as taken before anybody may use them: a crash skips ids, none comes twice. */
export async function takeBlock(writer: Writer, partition: number, blocks = 1): Promise<IdBlock> {
  const count = blocks * blockSize;
  const next = await writer.transaction(async (trx) => {
    const [row] = await trx.run('update partitions set next = next + ? where partition_number = ? returning next', [
      count,
      partition,
    ]);
    return Number(row?.next);
  });
  if (!(next <= counters)) throw new HostError('store.failed', `Partition ${partition} has no ids left`);
  return { first: toId(partition, next - count), count };
}
