/** What `roost data` does to a data folder: reads beside a running node, writes only where none has the lock. */
import type { Config } from '../config.ts';
import { HostError } from '../contract/errors.ts';
import type { Log, Row } from '../contract/ports.ts';
import { createObject, type NewObject } from '../store/new-object.ts';
import { createRecord, findType, openRecords, type Records, type RecordType, typesOf } from '../store/records.ts';
import { openStore, type Store } from '../store/store.ts';
import { systemClock } from './clock.ts';
import { parseZoneId, toZoneId } from './zone-id.ts';

/** What a folder was made, or found to be. */
export type Folder = {
  readonly folder: string;
  readonly schema: number;
  /** Nodes that have ids here: name, partition, the next counter that is free. */
  readonly nodes: readonly Row[];
  /** A node has it: nothing was done. */
  readonly inUse: boolean;
};

type Values = ReadonlyMap<string, string | number | null>;

/** What the command line can do to the records of a folder. Writing needs the folder for itself. */
export interface RecordsDesk {
  /** Makes the folder, its schema, and the record of its node; does nothing where a node runs. @throws HostError `data.newer` */
  init(): Promise<Folder>;
  types(): Promise<readonly { readonly type: RecordType; readonly count: number }[]>;
  /** Reads, also where a node runs. @throws HostError `data.missing`, `config.wrong` for an unknown type */
  find(type: string, where: (type: RecordType) => Values, most: number): Promise<readonly Row[]>;
  /** Adds one record. @throws HostError `data.in-use` while a node runs, `data.missing`, `data.not-written`, `config.wrong` */
  create(type: string, make: (type: RecordType) => Values): Promise<Row>;
  /** Adds one thing to a zone. @throws as create, and `zone.malformed` */
  createObject(object: NewObject): Promise<Row>;
}

export function createRecordsDesk(config: Config, log: Log): RecordsDesk {
  async function read<T>(work: (records: Records) => Promise<T>): Promise<T> {
    const records = await openRecords(config.data);
    try {
      return await work(records);
    } finally {
      await records.close();
    }
  }

  async function write<T>(work: (store: Store) => Promise<T>): Promise<T> {
    // A slip in --data shall not make a second world.
    await read(async () => {});
    const store = await openLocked(config, log).catch(inWords);
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }

  return {
    async init() {
      const inUse = await isInUse(config, log);
      return await read(async (records) => {
        const partitions = getType(await records.types(), 'partitions');
        const nodes = await records.find(partitions, new Map(), 1_000);
        return { folder: config.data, schema: records.schema, nodes, inUse };
      });
    },
    types: () =>
      read(async (records) => {
        const types = await records.types();
        return await Promise.all(types.map(async (type) => ({ type, count: await records.count(type) })));
      }),
    find: (name, where, most) =>
      read(async (records) => {
        const type = getType(await records.types(), name);
        return await records.find(type, where(type), most);
      }),
    create: (name, make) =>
      write(async ({ db }) => {
        const type = getType(await typesOf(db), name);
        return await createRecord(db, type, make(type));
      }),
    async createObject({ zone, ...fields }) {
      const name = parseZoneId(zone);
      const object = { ...fields, zone: toZoneId(name) };
      return await write((store) => createObject(store, object, name.game, systemClock.now()));
    },
  };
}

/** Opens the folder for a moment, which makes what is missing. True when a node has it: then nothing is missing. */
async function isInUse(config: Config, log: Log): Promise<boolean> {
  try {
    const store = await openLocked(config, log);
    await store.close();
    return false;
  } catch (error) {
    if (error instanceof HostError && error.code === 'data.in-use') return true;
    throw error;
  }
}

function inWords(error: unknown): never {
  if (!(error instanceof HostError) || error.code !== 'data.in-use') throw error;
  const help = 'and keeps in memory what it has read. Stop it first: roost admin stop';
  throw new HostError('data.in-use', `${error.message}, ${help}`);
}

/** @throws HostError `config.wrong` naming those that there are */
function getType(types: readonly RecordType[], name: string): RecordType {
  const found = findType(types, name);
  if (found) return found;
  const known = types.map((type) => type.name).join(', ');
  throw new HostError('config.wrong', `there is no type "${name}"; known are ${known}`);
}

async function openLocked({ data: folder, storeBusyMs: deadlineMs, linesKept }: Config, log: Log): Promise<Store> {
  return await openStore({ folder, log, clock: systemClock, deadlineMs, linesKept });
}
