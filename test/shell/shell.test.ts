import { describe, expect, it } from 'vitest';
import { HostError } from '../../core/contract/errors.ts';
import { playerCommands } from '../../core/shell/commands.ts';
import { toShown } from '../../core/shell/shell.ts';
import { startShell } from './house.ts';

const entered = { zone: 'farm/yard', character: '00000000000000aa', name: 'Ada', resume: null };
const thing = (id: string, kind: string, x: number, y: number, more: object = {}) => ({
  ...{ id: id.padStart(16, '0'), kind, name: '', holder: null, x, y, speed: 3, owner: null, words: [], state: {} },
  ...more,
});
const self = thing('aa', 'farmer', 10, 10, { name: 'Ada', owner: 'guest:1' });

describe('a word that is a command', () => {
  it('means one thing: what it stands for first is not lost', () => {
    const words = playerCommands.flatMap(({ names }) => names);
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
  });
  it('is found in any case and calls its method', async () => {
    const { shell, called } = startShell({ 'chat.say': () => ({ tick: 1 }) });
    expect(await shell.run("SAY hello  there, it's me")).toMatchObject({ ok: true, lines: [] });
    expect(called).toEqual([{ method: 'chat.say', params: { text: "hello  there, it's me" } }]);
    await shell.run('"hello  there');
    await shell.run("' hi");
    expect(called.slice(1).map(({ params }) => params.text)).toEqual(['hello  there', 'hi']);
  });
  it('whispers to who is meant, though his name was typed in small letters', async () => {
    const { shell, called } = startShell({
      'chat.whisper': ({ to }) => ({ delivered: to === 'Hare' }),
      'chat.who': () => ({ online: 1, people: [{ name: 'Hare', zone: null, guest: true }], more: false }),
    });
    expect((await shell.run('tell hare hi you')).lines).toEqual(['You whisper to Hare.']);
    expect(called.at(-1)).toEqual({ method: 'chat.whisper', params: { to: 'Hare', text: 'hi you' } });
    expect(await shell.run('tell Fox hi')).toMatchObject({ ok: false, code: 'shell.offline' });
  });
  it('that nobody knows is told apart, with what is near', async () => {
    const { shell } = startShell();
    const told = await shell.run('lok');
    expect(told).toMatchObject({ ok: false, code: 'shell.unknown' });
    expect(toShown(told)).toEqual(['ERROR: Command not found.', '"lok" is no word here. Did you mean look?']);
    expect(toShown(await shell.run('\u001b[2Jxyzzy'))[1]).toContain('"xyzzy" is no word here.');
  });
  it('asks for a password, without showing it, and keeps none in the history', async () => {
    const { shell, called, asked } = startShell(
      {
        'auth.register': () => ({ account: { name: 'Ada' } }),
        'auth.login': () => ({ token: 'geheim', account: { name: 'Ada' }, until: 1 }),
      },
      ['wolkenkuckucksheim', 'wolkenkuckucksheim'],
    );
    const told = await shell.run('register Ada');
    expect(told.lines.join('\n')).toContain('You are logged in as Ada');
    expect(told.lines.join('\n')).not.toContain('geheim');
    expect(asked.map(({ secret }) => secret)).toEqual([true, true]);
    expect(called.map(({ method }) => method)).toEqual(['auth.register', 'auth.login']);
    await shell.run('login Ada wolkenkuckucksheim');
    await shell.run('auth.password wolkenkuckucksheim new=anderswo');
    await shell.run('dice.roll password=wolkenkuckucksheim sides=6');
    await shell.run('password wolkenkuckucksheim');
    for (const line of ['safe open attic anderswo', 'safe.open attic combination=anderswo']) {
      expect(shell.isSecret(line)).toBe(true);
      await shell.run(line);
    }
    const { lines } = await shell.run('history 50');
    expect(lines.join('\n')).not.toMatch(/wolkenkuckucksheim|anderswo/);
    for (const kept of ['> login Ada ***', '> password ***', '> safe open ***']) expect(lines).toContain(kept);
    expect(shell.isSecret('say nothing of it')).toBe(false);
  });
  it('takes a password with blanks in it whole', async () => {
    const { shell, called } = startShell({ 'auth.login': () => ({ account: { name: 'Ada' } }) });
    await shell.run('login Ada horse battery  staple');
    await shell.run('login Ada "horse battery"');
    expect(called.map(({ params }) => params.password)).toEqual(['horse battery  staple', 'horse battery']);
  });
  it('changes a password that is asked for, as is every secret that a method says it wants', async () => {
    const changed = { 'auth.login': () => ({ account: { name: 'Ada' } }), 'auth.password': () => ({}) };
    const { shell, called, asked } = startShell(changed, ['before', 'afterwards', 'afterwards', '1-2-3']);
    await shell.run('login Ada before');
    expect((await shell.run('password')).lines).toEqual(['Your password is changed.']);
    expect(called.at(-1)).toEqual({ method: 'auth.password', params: { old: 'before', new: 'afterwards' } });
    await shell.run('safe.open attic');
    expect(called.at(-1)?.params).toEqual({ box: 'attic', combination: '1-2-3' });
    expect(asked.map(({ secret }) => secret)).toEqual([true, true, true, true]);
  });
  it('plays with the only character, and makes one where there is none', async () => {
    const mine: string[] = [];
    const { shell, called } = startShell(
      {
        'auth.login': () => ({ account: { name: 'Ada' } }),
        'character.list': () => ({ characters: mine.map((name) => ({ name, game: 'farm' })) }),
        'character.create': ({ name }) => {
          mine.push(String(name));
          return { name: name ?? null };
        },
        'zone.enter': () => entered,
        'zone.objects': () => ({ zone: 'farm/yard', objects: [self] }),
      },
      [''],
    );
    await shell.run('login Ada secret');
    expect(shell.prompt).toBe('Ada> ');
    expect((await shell.run('play')).lines[0]).toBe('You are Ada in farm/yard.');
    expect(shell.prompt).toBe('Ada@farm/yard> ');
    expect(called.map(({ method }) => method).filter((name) => name.startsWith('character'))).toEqual([
      'character.list',
      'character.create',
    ]);
  });
});

describe('a word that is no command', () => {
  it('is the name of a method, its arguments typed as the schema says', async () => {
    const { shell, called } = startShell({
      'dice.roll': () => ({ eyes: 4 }),
      'room.say': () => null,
      'list.sum': () => 6,
    });
    expect((await shell.run('dice.roll sides=6 loud=yes note="for you"')).lines).toEqual(['eyes: 4']);
    await shell.run('dice roll 20');
    await shell.run('room.say room=5 hello to all');
    await shell.run('list.sum 1,2,3 options={"a":[1]}');
    await shell.run('DICE.ROLL sides=many');
    expect(called.map(({ params }) => params)).toEqual([
      { sides: 6, loud: true, note: 'for you' },
      { sides: 20 },
      { room: 5, text: 'hello to all' },
      { numbers: [1, 2, 3], options: { a: [1] } },
      { sides: 'many' },
    ]);
  });
  it('an answer is shown as lines, tokens in it hidden', async () => {
    const { shell } = startShell({
      'dice.roll': () => ({
        token: 'abc',
        rows: [{ name: 'A\u001b[1m', at: 1_800_000_000 }],
        none: null,
        list: [1, 2],
      }),
    });
    const { lines, result } = await shell.run('dice.roll 6');
    expect(lines).toEqual([
      'token: (hidden)',
      'rows:',
      '  name  at',
      '  A     2027-01-15 08:00:00',
      'none: -',
      'list:',
      '  1',
      '  2',
    ]);
    expect(result).toMatchObject({ token: 'abc' });
  });
  it('an error is its sentence and its code', async () => {
    const { shell } = startShell({
      'dice.roll': () => {
        throw new HostError('zone.none');
      },
    });
    expect(await shell.run('dice.roll 6')).toMatchObject({
      ...{ ok: false, code: 'zone.none', lines: ['The session is in no zone.'] },
    });
  });
  it('a prototype stays what it is, whatever the keys are called', async () => {
    const { shell, called } = startShell({ 'dice.roll': () => null });
    await shell.run('dice.roll 6 __proto__={"a":1} constructor=2');
    expect(Object.getPrototypeOf(called[0]?.params)).toBe(Object.prototype);
    expect(({} as { a?: number }).a).toBeUndefined();
  });
});

describe('help', () => {
  it('lists commands, methods, and what each takes', async () => {
    const { shell } = startShell();
    const overview = (await shell.run('help')).lines.join('\n');
    for (const word of ['say TEXT', 'go DIRECTION', 'register', 'history', 'quit', 'dice'])
      expect(overview).toContain(word);
    expect((await shell.run('help dice.roll')).lines[0]).toBe('dice.roll sides=INTEGER [loud=BOOLEAN] [note=TEXT]');
    expect((await shell.run('help chat')).lines).toHaveLength(2);
    expect((await shell.run('help say')).lines[0]).toBe('say TEXT');
    expect(await shell.run('help nonsense')).toMatchObject({ ok: false });
  });
  it('mail says that there is none, as long as there is none', async () => {
    expect((await startShell().shell.run('mail')).lines[0]).toContain('no mail');
  });
  it('mail has the numbers of the list that was seen last, page after page, whatever came since', async () => {
    const head = (id: string) => ({
      id,
      from: 'Bo',
      gone: false,
      to: 'Ada',
      subject: id,
      at: 1_790_000_000,
      read: true,
    });
    let newest = 2;
    const { shell, called } = startShell({
      'mail.list': ({ after }) => ({
        ...{ total: 3, unread: 0, more: after === undefined },
        mails: after === undefined ? [head(`new${newest}`), head('old')] : [head(`before ${after}`)],
      }),
      'mail.read': ({ id }) => ({ ...head(String(id)), text: 'one\ntwo' }),
      'mail.delete': () => ({ total: 2, unread: 0 }),
      'auth.logout': () => ({}),
    });
    expect((await shell.run('mail')).lines.slice(1)).toEqual([
      '  1     Bo  2026-09-21 14:13  new2',
      '  2     Bo  2026-09-21 14:13  old',
      'mail older shows those before them.',
    ]);
    newest = 3;
    expect((await shell.run('mail older')).lines[1]).toMatch(/^ {2}3 {5}Bo .* before old$/);
    expect((await shell.run('mail 3')).lines.slice(3)).toEqual(['Subject: before old', '', 'one', 'two']);
    await shell.run('mail delete 1');
    expect(called.at(-1)).toEqual({ method: 'mail.delete', params: { id: 'new2' } });
    expect((await shell.run('mail delete 4')).lines).toEqual(['No mail is number 4. There are 1 to 3.']);
    expect(await shell.run('mail delete')).toMatchObject({ ok: false });
    // Whoever logs in next sees no numbers of somebody else.
    await shell.run('logout');
    expect((await shell.run('mail read 1')).lines[3]).toBe('Subject: new3');
  });
});

describe('around you', () => {
  const yard = {
    'zone.enter': () => entered,
    'zone.objects': () => ({
      zone: 'farm/yard',
      objects: [
        self,
        thing('b1', 'chicken', 12, 10),
        thing('b2', 'chicken', 18, 10),
        thing('c1', 'gate', 10, 14, { name: 'Old gate' }),
        thing('d1', 'farmer', 4, 4, { name: 'Hare', owner: 'guest:2' }),
        thing('e1', 'egg', 10, 10, { holder: '00000000000000aa' }),
      ],
    }),
    'object.methods': ({ kinds }: { readonly kinds?: unknown }) => ({
      kinds: [
        {
          kind: String(kinds),
          activates: true,
          methods: [{ name: 'open', label: 'Open', allow: 'reach', params: {} }],
        },
      ],
    }),
  };

  it('look tells what stands where, people first', async () => {
    const { shell } = startShell(yard);
    await shell.run('play Ada');
    const { lines } = await shell.run('look');
    expect(lines).toEqual([
      'farm/yard: you are at 10, 10 (metres from the left and the top). You carry 1 thing: inventory.',
      '  Hare (player) 8 m north-west',
      '  chicken, 2 of them, the nearest 2 m east',
      '  Old gate (gate) 4 m south',
    ]);
    expect((await shell.run('inventory')).lines).toEqual(['  egg']);
    const { lines: gate } = await shell.run('look old');
    expect(gate[0]).toContain('Old gate (gate, 00000000000000c1), 4 m south');
    expect(gate.slice(1)).toEqual(['  use Old gate', '  use Old gate open   Open']);
    expect(await shell.run('look unicorn')).toMatchObject({ ok: false, code: 'shell.wrong' });
  });
  it('the map fits the terminal and has a legend', async () => {
    const { shell } = startShell(yard);
    await shell.run('play Ada');
    const { lines } = await shell.run('map');
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    const drawn = lines.join('\n');
    for (const sign of ['@ you (Ada)', 'P Hare', 'c chicken x2', 'g gate']) expect(drawn).toContain(sign);
    expect(lines.filter((line) => line.includes('|')).join('')).toMatch(/@.*c.*c/);
    const small = (await shell.run('map 10 30')).lines;
    expect(small.length).toBeLessThanOrEqual(12);
    expect(Math.max(...small.map((line) => line.length))).toBeLessThanOrEqual(30);
  });
  it('use calls what a thing offers when activating it does nothing', async () => {
    const { shell, called } = startShell({
      ...yard,
      'object.activate': () => ({ tick: 1, result: { results: [], text: 'nothing happened' } }),
      'object.call': () => ({ tick: 2, result: 'It creaks.' }),
    });
    await shell.run('play Ada');
    expect((await shell.run('use gate')).lines).toEqual(['It creaks.']);
    expect(called.at(-1)?.params).toEqual({ id: '00000000000000c1', method: 'open', params: {} });
    // Keys are no names of what every object has.
    expect((await shell.run('use gate open constructor=1')).lines).toEqual(['It creaks.']);
    expect(called.at(-1)?.params.params).toEqual({ constructor: 1 });
  });
  it('go walks as far as was said, and says when something is in the way', async () => {
    let x = 10;
    const { shell, keys } = startShell({
      ...yard,
      'character.move': ({ dx }) => {
        x = Math.min(13, x + Number(dx) * 3);
        return { tick: 1, object: { x, y: 10, speed: 3 } };
      },
    });
    await shell.run('play Ada');
    expect((await shell.run('go east 2')).lines).toEqual(['You walk. 2 m gone, you are at 12, 10.']);
    x = 10;
    expect((await shell.run('e 9')).lines[0]).toContain('Something is in the way. 3 m gone');
    keys.interrupt = true;
    expect((await shell.run('w 9')).lines[0]).toContain('You stop. 0 m gone');
    expect(await shell.run('go nowhere')).toMatchObject({ ok: false });
  });
});

describe('what happens', () => {
  it('is news once, and in the history after that', async () => {
    const { shell } = startShell();
    expect(shell.hear('say', { n: 'Hare', text: 'hi\u001b[2J', at: 1_800_000_000, p: 1 })).toEqual([
      '[08:00:00] <Hare> hi',
    ]);
    shell.hear('chat', { from: 'Fox', text: 'psst', whisper: true, at: 1_800_000_001 });
    shell.hear('delta', { e: 1 });
    expect(shell.news()).toEqual(['[08:00:00] <Hare> hi', '[08:00:01] Fox whispers: psst']);
    expect(shell.news()).toEqual([]);
    expect((await shell.run('history')).lines).toContain('[08:00:00] <Hare> hi');
  });
  it('a question is answered by its number', async () => {
    const { shell, called } = startShell({ 'object.answer': () => ({ tick: 1, result: null }) });
    const ask = { i: '00000000000000c1', n: 'Gate', question: 'q1', text: 'In or out?', choices: ['In', 'Out'] };
    expect(shell.hear('ask', ask).join('\n')).toContain('1 In | 2 Out');
    await shell.run('answer 2');
    expect(called[0]?.params).toEqual({ id: ask.i, question: 'q1', choice: 'Out' });
  });
  it('a word that is half typed can be completed', async () => {
    const { shell } = startShell();
    await shell.learn();
    expect(shell.complete('inv').options).toEqual(['inventory']);
    expect(shell.complete('dice.r')).toEqual({ at: 0, options: ['dice.roll'] });
    expect(shell.complete('dice.roll s')).toEqual({ at: 10, options: ['sides='] });
    shell.hear('chat', { from: 'Hare', text: 'x', whisper: true });
    expect(shell.complete('tell H').options).toEqual(['Hare']);
  });
});
