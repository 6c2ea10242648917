/** Saved scripts, good and broken; and a trusted one that does harm. */
import { bankFile, henFile, impFile, scriptPath, stepFile } from './game.ts';
import { expectSoon, marks, type World } from './world.ts';

/** Codes of what is told of a build that does not stay. */
const bad = new Set(['error', 'quarantine', 'back']);

async function save({ server }: World, kind: string, text: string): Promise<void> {
  await server.write('root', { [scriptPath(kind)]: text });
}

function goodOf({ files }: World, kind: string): Set<number> {
  const good = files.good.get(kind);
  if (good === undefined) throw new Error(`no script ${kind}`);
  return good;
}

/** Times that a good build is saved which the node took back. */
const triesMost = 3;

/**
 * Saves what is good, until every player sees that it runs. On a machine that stands still for a moment an honest handler takes
 * too long, and the build is taken back: that is told, and then it is saved again, as its author would.
 * @param attempt  Saves it, and gives whether it is seen everywhere.
 */
async function saveUntilSeen(world: World, path: string, attempt: () => Promise<() => boolean>) {
  const { operator } = world;
  for (let tries = 1; ; tries++) {
    const isSeen = await attempt();
    const from = operator.next;
    const isBack = () => operator.heard(from, (one) => bad.has(one.what) && one.path === path) !== undefined;
    const what = `the build ${world.files.salt} of ${path}, try ${tries}`;
    await expectSoon(world, what, () => isSeen() || (tries < triesMost && isBack()));
    if (isSeen() || tries === triesMost) return;
  }
}

/** A good build, until every player sees that it runs. */
function saveGood(world: World, kind: string, text: (salt: number) => string): Promise<void> {
  const path = scriptPath(kind);
  return saveUntilSeen(world, path, async () => {
    const salt = ++world.files.salt;
    goodOf(world, kind).add(salt);
    await world.operator.lift(path);
    await save(world, kind, text(salt));
    return () => marks(world, kind).every((mark) => mark === salt);
  });
}

export const saveHen = (world: World) => saveGood(world, 'hen', (salt) => henFile(salt));

export const saveImp = (world: World) => saveGood(world, 'imp', impFile);

export function saveBank(world: World): Promise<void> {
  const { bankVersion: version } = world.files;
  return saveGood(world, 'bank', (salt) => bankFile({ salt, version }));
}

/** Another shape of the state. */
export function migrateBank(world: World): Promise<void> {
  const version = ++world.files.bankVersion;
  return saveGood(world, 'bank', (salt) => bankFile({ salt, version, migrate: 'return old;' }));
}

/** What hens and banks import. */
export function saveHelper(world: World): Promise<void> {
  return saveUntilSeen(world, scriptPath('hen'), async () => {
    // A hen that is broken on disk does not come with it.
    await saveHen(world);
    const salt = ++world.files.salt;
    await save(world, 'lib/step', stepFile(salt));
    return () => marks(world, 'hen', 'helper').every((mark) => mark === salt);
  });
}

/** A broken build: it is told, and builds that are good run everywhere. */
async function saveBroken(world: World, kind: string, text: (salt: number) => string): Promise<void> {
  const { operator, files } = world;
  const salt = ++files.salt;
  const path = scriptPath(kind);
  await operator.lift(path);
  await expectSoon(world, 'that the operator watches', () => operator.watching);
  const [from, watch] = [operator.next, operator.watches];
  await save(world, kind, text(salt));
  // Whose connection broke meanwhile may have missed it.
  const told = () =>
    operator.heard(from, (one) => bad.has(one.what) && one.path === path) || operator.watches !== watch;
  await expectSoon(world, `that ${kind} ${salt} is broken`, () => Boolean(told()));
  const good = goodOf(world, kind);
  await expectSoon(world, `${kind} as it was before ${salt}`, () => marks(world, kind).every((mark) => good.has(mark)));
}

const throwing = (error: string) => `throw new Error('${error}');`;
const growing = 'const all: unknown[] = []; for (;;) all.push(new Array(1000).fill(1));';

export const saveHalf = (world: World) =>
  saveBroken(world, world.random.pick(['hen', 'bank']), (salt) => `export default defineObject({{{ // ${salt}`);

export const saveThrowing = (world: World) => {
  // At once, or after the trial has let it pass.
  const after = world.random.pick([0, 40]);
  return saveBroken(world, 'hen', (salt) =>
    henFile(salt, `if (self.state.ticks % 97 >= ${after}) ${throwing('The hen throws')}`),
  );
};

export const saveStillborn = (world: World) =>
  saveBroken(world, 'hen', (salt) => henFile(salt, '', throwing('Thrown in create')));

export const saveLooping = (world: World) => saveBroken(world, 'hen', (salt) => henFile(salt, 'for (;;);'));

export const saveGrowing = (world: World) => saveBroken(world, 'hen', (salt) => henFile(salt, growing));

/** A migration that throws, or one that loses everything before a tick that throws: what was there is there again. */
export function saveBadMigration(world: World): Promise<void> {
  const version = world.files.bankVersion + 1;
  const [migrate, tick] = world.random.pick([
    [throwing('Thrown in migrate'), ''],
    ['return { ...old, state: { total: 0, lanes: {}, wrong: [], mark: 0 } };', throwing('Thrown after migrate')],
  ]) as [string, string];
  return saveBroken(world, 'bank', (salt) => bankFile({ salt, version, migrate, tick }));
}

/** A build that has long been trusted hangs, grows, or throws; it is found, and a new one lifts it. */
async function doHarm(world: World, how: string): Promise<void> {
  const { operator } = world;
  const path = scriptPath('imp');
  await expectSoon(world, 'that the operator watches', () => operator.watching);
  const [from, watch] = [operator.next, operator.watches];
  let armed = await operator.arm(how);
  const told = () => {
    const message = operator.heard(from, (one) => bad.has(one.what) && one.path === path);
    return message !== undefined || operator.watches !== watch;
  };
  await expectSoon(world, `that the imp does harm (${how})`, () => {
    if (!armed && operator.ready) {
      armed = true;
      void operator.arm(how).then((done) => (armed = done));
    }
    return told();
  });
  await saveImp(world);
}

export const loopLive = (world: World) => doHarm(world, 'loop');
export const growLive = (world: World) => doHarm(world, 'bomb');
export const throwLive = (world: World) => doHarm(world, 'throw');
