import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRoot } from '../../core/content/files.ts';
import { readWorld } from '../../core/content/world.ts';
import { temporaryRoot } from './temporary.ts';

const game = '{ "character": "player", "zones": { "den": {} } }';

describe('a root', () => {
  it('H-14 gives regular files below it, and refuses links, pipes, folders and what lies outside', () => {
    using outside = temporaryRoot({ 'secret.ts': 'secret' });
    using made = temporaryRoot({ 'scripts/hen.ts': 'hen', 'scripts/.hidden.ts': 'x', 'scripts/deep/egg.ts': 'egg' });
    symlinkSync(join(outside.folder, 'secret.ts'), join(made.folder, 'scripts/link.ts'));
    symlinkSync(outside.folder, join(made.folder, 'scripts/away'));
    execFileSync('mkfifo', [join(made.folder, 'scripts/pipe.ts')]);
    const root = openRoot(made.folder);
    const read = (path: string) => root.read(path, 100);
    expect(read('scripts/hen.ts')).toEqual({ kind: 'ok', text: 'hen' });
    expect(read('scripts/link.ts')).toEqual({ kind: 'refused', reason: 'it is a link' });
    expect(read('scripts/away/secret.ts')).toEqual({ kind: 'refused', reason: 'it lies outside of its root' });
    expect(read('scripts/pipe.ts')).toEqual({ kind: 'refused', reason: 'it is not a regular file' });
    expect(read('scripts/deep')).toEqual({ kind: 'refused', reason: 'it is not a regular file' });
    expect(read('scripts/gone.ts')).toEqual({ kind: 'missing' });
    for (const path of ['../secret.ts', '/etc/passwd', 'scripts/../../x', 'scripts/.hidden.ts', 'a\0b', '']) {
      expect(read(path)).toEqual({ kind: 'refused', reason: 'its path is malformed' });
    }
    expect(root.list('scripts')).toEqual({ files: ['hen.ts'], folders: ['deep'] });
    expect(root.list('scripts/away')).toEqual({ files: [], folders: [] });
    expect(root.list('..')).toEqual({ files: [], folders: [] });
  });

  it('H-14 refuses what is too long or no text', () => {
    using made = temporaryRoot({ long: 'x'.repeat(2049), exact: 'x'.repeat(2048), bytes: Buffer.from([0x61, 0xff]) });
    const root = openRoot(made.folder);
    expect(root.read('long', 2048)).toEqual({ kind: 'refused', reason: 'it is longer than 2 KB' });
    expect(root.read('exact', 2048).kind).toBe('ok');
    expect(root.read('bytes', 2048)).toEqual({ kind: 'refused', reason: 'it is not UTF-8 text' });
  });

  it('follows links to itself: where people put a root is theirs', () => {
    using made = temporaryRoot({ 'real/scripts/hen.ts': 'hen' });
    symlinkSync(join(made.folder, 'real'), join(made.folder, 'linked'));
    expect(openRoot(join(made.folder, 'linked')).read('scripts/hen.ts', 100).kind).toBe('ok');
  });
});

describe('a world', () => {
  it('has the scripts of each game: its own, and shared ones that it does not hide', () => {
    using made = temporaryRoot({
      'scripts/hen.ts': '',
      'scripts/fox.ts': '',
      'scripts/fox.test.ts': '',
      'scripts/types.d.ts': '',
      'scripts/_draft.ts': '',
      'scripts/lib/walk.ts': '',
      'games/farm/game.json': game,
      'games/farm/scripts/hen.ts': '',
      'games/farm/zones/den.ts': '',
      'games/farm/maps/den.tmj': '',
      'games/farm/maps/more/hut.tmj': '',
      'games/empty/game.json': game,
    });
    const world = readWorld([made.folder]);
    expect(world.faults).toEqual([]);
    expect(world.shared.map(({ name }) => name)).toEqual(['fox', 'hen']);
    const [empty, farm] = world.games;
    expect(empty?.scripts.map(({ path }) => path)).toEqual(['scripts/fox.ts', 'scripts/hen.ts']);
    expect(farm?.scripts.map(({ path }) => path)).toEqual(['scripts/fox.ts', 'games/farm/scripts/hen.ts']);
    expect(farm?.zones).toEqual([{ root: made.folder, path: 'games/farm/zones/den.ts', name: 'den', role: 'zone' }]);
    expect(farm?.maps).toEqual(['games/farm/maps/den.tmj', 'games/farm/maps/more/hut.tmj']);
  });

  it('names both when two roots bring the same script or the same game, and uses the first', () => {
    using one = temporaryRoot({ 'scripts/hen.ts': '', 'games/farm/game.json': game });
    using two = temporaryRoot({ 'scripts/hen.ts': '', 'games/farm/game.json': game, 'scripts/cow.ts': '' });
    const world = readWorld([one.folder, two.folder]);
    expect(world.faults.map(({ message }) => message)).toEqual([
      `${one.folder} and ${two.folder} both have scripts/hen.ts: the first is used`,
      `${one.folder} and ${two.folder} both have games/farm: the first is used`,
    ]);
    expect(world.games.map(({ root }) => root)).toEqual([one.folder]);
    expect(world.games[0]?.scripts.map(({ name, root }) => [name, root])).toEqual([
      ['cow', two.folder],
      ['hen', one.folder],
    ]);
  });

  it('names what is not called as it should be, and folders without a game', () => {
    using made = temporaryRoot({ 'scripts/Hen.ts': '', 'games/Farm/game.json': game, 'games/half/notes.txt': '' });
    mkdirSync(join(made.folder, 'games/.git'));
    expect(readWorld([made.folder]).faults.map(({ file }) => file)).toEqual([
      'scripts/Hen.ts',
      'games/Farm',
      'games/half',
    ]);
    expect(readWorld([join(made.folder, 'nowhere')])).toEqual({ games: [], shared: [], faults: [] });
  });
});
