/** The database against what was acknowledged: nothing is missing, and nothing is there twice. */
import { join } from 'node:path';
import type { Row } from '../../core/contract/ports.ts';
import { type Connection, openConnection } from '../../core/store/connection.ts';
import { counts, gems } from './game.ts';
import type { Lane, Ledger } from './ledger.ts';
import { fusePatienceS } from './walker.ts';

type Stored = {
  readonly id: string;
  readonly zone: string;
  readonly kind: string;
  readonly name: string;
  readonly holder: string | null;
  readonly owner: string | null;
  readonly state: Readonly<Record<string, unknown>>;
};

type Books = {
  readonly objects: readonly Stored[];
  /** Greatest number and how many, by lane. */
  readonly tallies: ReadonlyMap<string, { readonly last: number; readonly count: number }>;
  readonly timers: readonly Row[];
};

/** Reads all of it as of one commit. */
async function read(data: string): Promise<Books> {
  const connection = await openConnection(join(data, 'roost.db'), ['pragma busy_timeout = 10000']);
  try {
    await connection.all('begin');
    const objects = await connection.all('select id, zone, kind, name, holder, owner, state from objects');
    const timers = await connection.all('select object, name from timers');
    const tables = await connection.all(`select name from sqlite_master where name = 'tally_rows'`);
    const rows =
      tables.length === 0
        ? []
        : await connection.all('select lane, max(k) as last, count(*) as count from tally_rows group by lane');
    await connection.all('commit');
    return {
      objects: objects.map((row) => ({ ...(row as unknown as Stored), state: JSON.parse(String(row.state)) })),
      tallies: new Map(rows.map((row) => [String(row.lane), { last: Number(row.last), count: Number(row.count) }])),
      timers,
    };
  } finally {
    await connection.close();
  }
}

/** What was promised at a moment. Whatever the database says later must have all of it. */
type Promised = {
  readonly lanes: ReadonlyMap<Lane, number>;
  readonly fuses: ReadonlyMap<string, string>;
  readonly swept: readonly string[];
};

function promised(ledger: Ledger): Promised {
  return {
    lanes: new Map([...ledger.lanes, ...ledger.tallies].map((lane) => [lane, lane.acked])),
    fuses: new Map([...ledger.fuses.values()].flatMap(({ id, swept, label }) => (id && !swept ? [[label, id]] : []))),
    swept: [...ledger.swept],
  };
}

/** Compares, and writes what is wrong into the ledger. */
export async function audit(data: string, ledger: Ledger, when: string): Promise<void> {
  const before = promised(ledger);
  const books = await read(data);
  const fault = (kind: 'loss' | 'duplicate' | 'late', text: string) => ledger.wrong(kind, `${when}: ${text}`);
  checkLanes(before, books, fault);
  checkFuses(before, ledger, books, fault);
  checkThings(ledger, books, fault);
  checkKept(ledger, books, fault);
}

/** A character of an account is one object, in play or away. */
function checkKept({ kept }: Ledger, { objects }: Books, fault: Fault): void {
  const owned = Map.groupBy(
    objects.filter(({ kind }) => kind === 'walker'),
    ({ owner }) => owner,
  );
  for (const [owner, name] of kept) {
    const found = owned.get(owner) ?? [];
    if (found.length !== 1) fault(found.length === 0 ? 'loss' : 'duplicate', `${found.length} characters ${name}`);
  }
}

type Fault = (kind: 'loss' | 'duplicate' | 'late', text: string) => void;

function checkLanes({ lanes }: Promised, { objects, tallies }: Books, fault: Fault): void {
  const banks = new Map(objects.flatMap((one) => (one.kind === 'bank' ? [[one.zone, one]] : [])));
  for (const [lane, acked] of lanes) {
    if (lane.zone === '') {
      const { last = 0, count = 0 } = tallies.get(lane.name) ?? {};
      if (count < acked || last < acked) fault('loss', `tally ${lane.name}: ${acked} acknowledged, ${count} there`);
      if (last > lane.sent) fault('duplicate', `tally ${lane.name}: ${last} there, ${lane.sent} sent`);
      continue;
    }
    const bank = banks.get(lane.zone);
    const last = Number((bank?.state.lanes as Record<string, number> | undefined)?.[lane.name] ?? 0);
    if (last < acked) fault('loss', `${lane.zone} ${lane.name}: ${acked} acknowledged, ${last} there`);
    if (last > lane.sent) fault('duplicate', `${lane.zone} ${lane.name}: ${last} there, ${lane.sent} sent`);
  }
  for (const { zone, state } of banks.values()) {
    const booked = Object.values(state.lanes as Record<string, number>).reduce((sum, k) => sum + k, 0);
    if (booked !== state.total) fault('duplicate', `${zone}: total ${state.total}, deposits ${booked}`);
    for (const wrong of state.wrong as readonly string[]) fault('duplicate', `${zone} wrote down: ${wrong}`);
  }
}

function checkFuses(before: Promised, ledger: Ledger, { objects, timers }: Books, fault: Fault): void {
  const fuses = objects.filter(({ kind }) => kind === 'fuse');
  const byId = new Map(fuses.map((fuse) => [fuse.id, fuse]));
  const labels = Map.groupBy(fuses, ({ state }) => String(state.label));
  for (const [label, all] of labels)
    if (all.length > 1) fault('duplicate', `timer ${label} is there ${all.length} times`);
  for (const { state } of fuses)
    if (Number(state.burnt) > 1) fault('duplicate', `timer ${state.label} fired ${state.burnt} times`);
  for (const [label, id] of before.fuses) {
    const fuse = byId.get(id);
    // It may have been swept since.
    const known = ledger.fuses.get(label);
    if (known === undefined || known.swept) continue;
    if (fuse === undefined) fault('loss', `timer ${label} (${id}) is not there`);
    else if (Number(fuse.state.burnt) === 0 && ledger.clock.seconds > known.dueS + fusePatienceS)
      fault('loss', `timer ${label} has not fired`);
  }
  for (const id of before.swept) if (byId.has(id)) fault('duplicate', `timer ${id} is there again after its end`);
  const armed = new Set(timers.flatMap(({ object, name }) => (name === 'burn' ? [String(object)] : [])));
  for (const { id, state } of fuses) {
    if (Number(state.burnt) === 1 && armed.has(id)) fault('duplicate', `timer ${state.label} fired and is still set`);
    if (Number(state.burnt) === 0 && !armed.has(id)) fault('loss', `timer ${state.label} is not set and has not fired`);
  }
}

function checkThings(ledger: Ledger, { objects }: Books, fault: Fault): void {
  for (const [kind, wanted] of counts) {
    // Zones are filled when they are first opened; chicks of a broken build live for a second.
    const found = objects.filter((one) => one.kind === kind).length;
    if (found > wanted && kind !== 'hen') fault('duplicate', `${found} of ${wanted} ${kind}`);
    if (found < wanted && kind !== 'pulse') fault('loss', `${found} of ${wanted} ${kind}`);
  }
  for (const name of gems) {
    const all = objects.filter((one) => one.kind === 'gem' && one.name === name);
    if (all.length !== 1) fault(all.length === 0 ? 'loss' : 'duplicate', `${all.length} gems named ${name}`);
    const known = ledger.gems.get(name);
    if (known !== undefined && all.some(({ id }) => id !== known)) fault('loss', `${name} is no longer ${known}`);
    for (const gem of all) {
      const holder = gem.holder === null ? undefined : objects.find(({ id }) => id === gem.holder);
      if (gem.holder !== null && holder === undefined)
        fault('loss', `${name} is held by ${gem.holder}, who is not there`);
      if (holder !== undefined && holder.zone !== gem.zone) fault('loss', `${name} and its holder are in two zones`);
    }
  }
}

/** Every player once, nobody else; and the file itself is whole. */
export async function auditEnd(data: string, ledger: Ledger, players: number): Promise<void> {
  const { objects } = await read(data);
  const walkers = objects.filter(({ kind }) => kind === 'walker');
  const owners = new Set(walkers.map(({ owner }) => owner));
  if (owners.size < walkers.length) ledger.wrong('duplicate', `${walkers.length} characters of ${owners.size} players`);
  if (walkers.length > players) ledger.wrong('duplicate', `${walkers.length} characters, ${players} players`);
  if (walkers.length < players) ledger.wrong('loss', `${walkers.length} characters, ${players} players`);
}

/** What SQLite says of its own file, while nobody uses it. */
export async function auditFile(data: string, ledger: Ledger): Promise<void> {
  const connection: Connection = await openConnection(join(data, 'roost.db'), []);
  const [whole] = await connection.all('pragma integrity_check');
  const broken = await connection.all('pragma foreign_key_check');
  await connection.close();
  if (whole?.integrity_check !== 'ok') ledger.wrong('loss', `integrity_check: ${whole?.integrity_check}`);
  if (broken.length > 0) ledger.wrong('loss', `${broken.length} rows refer to what is not there`);
}
