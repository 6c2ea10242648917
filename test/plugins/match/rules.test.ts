/** The rules of the queue, without a node: docs/matches.md. */
import { describe, expect, it } from 'vitest';
import { cancel, leaveMatch } from '../../../plugins/match/_asks.ts';
import { accept } from '../../../plugins/match/_found.ts';
import { come, finish, go } from '../../../plugins/match/_matches.ts';
import { statusOf } from '../../../plugins/match/_status.ts';
import type { Ticket } from '../../../plugins/match/_tickets.ts';
import { modeOf, Queue } from './queue.ts';

const rule = { every: 10, grow: null, most: null, usual: null, adds: false };
const codeOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'ok';
};
const standing = ({ state, why }: Ticket) => [state, why];

describe('first come, first served', () => {
  it('the first two are a pair, then the next two', () => {
    const queue = new Queue(modeOf('duel'));
    for (const name of ['Ann', 'Bob', 'Cat', 'Dan', 'Eve']) queue.ask(name);
    queue.pass(0.25);
    expect(queue.matches).toEqual([
      ['Ann', 'Bob'],
      ['Cat', 'Dan'],
    ]);
  });

  it('nobody is put together with himself, with somebody he blocked, or with another of the same account', () => {
    const queue = new Queue(modeOf('duel'));
    queue.ask('Ann', { owner: 'guest:1', walls: ['guest:4'] });
    queue.ask('Anna', { owner: 'guest:1' });
    queue.pass(1);
    expect(queue.matches).toEqual([]);
    queue.ask('Bob', { owner: 'guest:2', account: 'B', walls: ['guest:1'] });
    queue.ask('Bert', { owner: 'guest:3', account: 'B', walls: ['guest:1'] });
    queue.ask('Cat', { owner: 'guest:4' });
    queue.pass(1);
    expect(queue.matches).toEqual([['Anna', 'Cat']]);
  });
});

describe('the same person', () => {
  it('TRN-03 is who asks again over a connection where he was somebody else before', () => {
    const queue = new Queue(modeOf('duel'));
    queue.ask('Ann', { owner: 'character:1', account: 'A', session: 's1' });
    queue.ask('Guest', { owner: 'guest:1', session: 's1' });
    queue.pass(1);
    expect(queue.matches).toEqual([]);
    queue.ask('Bob', { session: 's2' });
    queue.pass(1);
    expect(queue.matches).toEqual([['Ann', 'Bob']]);
  });
});

describe('names', () => {
  it('those who name each other are together, whoever else waits, and nobody who names nobody gets them', () => {
    const queue = new Queue(modeOf('duel'));
    const ann = queue.ask('Ann', { wants: ['bob'] });
    queue.ask('Cat');
    queue.ask('Dan', { wants: ['ann'] });
    queue.pass(1);
    expect(queue.matches).toEqual([]);
    queue.ask('Bob', { wants: ['ann'] });
    queue.ask('Eve');
    queue.pass(1);
    expect(queue.matches).toEqual([
      ['Ann', 'Bob'],
      ['Cat', 'Eve'],
    ]);
    expect(ann.state).toBe('started');
  });

  it('three who name each other do not wait for a fourth', () => {
    const queue = new Queue(modeOf('four', { most: 4 }));
    queue.ask('Ann', { wants: ['bob', 'cat'] });
    queue.ask('Bob', { wants: ['ann', 'cat'] });
    queue.pass(30);
    expect(queue.matches).toEqual([]);
    queue.ask('Cat', { wants: ['bob', 'ann'] });
    queue.pass(0.25);
    expect(queue.matches).toEqual([['Ann', 'Bob', 'Cat']]);
  });

  it('whoever names somebody has a name himself', () => {
    const queue = new Queue(modeOf('duel'));
    expect(codeOf(() => queue.ask(null, { wants: ['bob'] }))).toBe('match.name-needed');
    expect(codeOf(() => queue.ask('Ann', { wants: ['bob', 'cat'] }))).toBe('match.bad-property');
    expect(codeOf(() => queue.ask('Ann', { wants: ['ann'] }))).toBe('match.bad-property');
  });
});

describe('what players bring', () => {
  it('a window widens with waiting, and whoever has waited longer decides', () => {
    const skill = { ...rule, name: 'skill', windows: [100], grow: 10, most: 300, usual: 1000 };
    const queue = new Queue(modeOf('duel', { numbers: [skill] }));
    queue.ask('Ann', { numbers: { skill: 1000 } });
    queue.ask('Far', { numbers: { skill: 1400 } });
    queue.pass(5);
    queue.ask('Bob', { numbers: { skill: 1160 } });
    queue.pass(0);
    expect(queue.matches).toEqual([]);
    queue.pass(1);
    expect(queue.matches).toEqual([['Ann', 'Bob']]);
    queue.ask('Cat');
    queue.pass(60);
    // Cat has the usual number, and Far is farther from it than the window becomes; the two before have not come.
    expect(queue.matches).toEqual([]);
  });

  it('windows in steps, of sums', () => {
    const ping = { ...rule, name: 'ping', windows: [70, 130], every: 8, adds: true };
    const queue = new Queue(modeOf('duel', { numbers: [ping] }));
    expect(codeOf(() => queue.ask('Nobody'))).toBe('match.bad-property');
    queue.ask('Ann', { numbers: { ping: 50 } });
    queue.ask('Bob', { numbers: { ping: 70 } });
    queue.pass(7);
    expect(queue.matches).toEqual([]);
    queue.pass(1);
    expect(queue.matches).toEqual([['Ann', 'Bob']]);
    queue.ask('Cat', { numbers: { ping: 900 } });
    queue.ask('Dan', { numbers: { ping: 900 } });
    queue.pass(15);
    expect(queue.matches).toHaveLength(1);
    queue.pass(1);
    expect(queue.matches).toHaveLength(2);
  });

  it('texts are equal, where both bring one; what the mode does not have is refused, also by odd names', () => {
    const queue = new Queue(modeOf('duel', { texts: ['region', 'constructor'] }));
    queue.ask('Ann', { texts: { region: 'eu' } });
    queue.ask('Bob', { texts: { region: 'us' } });
    queue.pass(100);
    expect(queue.matches).toEqual([]);
    queue.ask('Cat');
    queue.pass(1);
    expect(queue.matches).toEqual([['Ann', 'Cat']]);
    expect(codeOf(() => queue.ask('Dan', { texts: { map: 'hill' } }))).toBe('match.bad-property');
    expect(codeOf(() => queue.ask('Dan', { numbers: { region: 1 } }))).toBe('match.bad-property');
  });
});

describe('sizes', () => {
  it('full at once, else what there is after a time, else bots after another', () => {
    const queue = new Queue(modeOf('melee', { least: 3, most: 4, patience: 10, bots: 20 }));
    for (const name of ['Ann', 'Bob', 'Cat', 'Dan', 'Eve', 'Fox', 'Gnu', 'Hen']) queue.ask(name);
    queue.pass(0.25);
    expect(queue.matches.map(({ length }) => length)).toEqual([4, 4]);
    for (const name of ['Ibis', 'Jay', 'Kit']) queue.ask(name);
    queue.pass(9);
    expect(queue.matches).toHaveLength(2);
    queue.pass(1);
    expect(queue.matches[2]).toEqual(['Ibis', 'Jay', 'Kit']);
    const lone = queue.ask('Lynx');
    queue.pass(19);
    expect(lone.state).toBe('waiting');
    queue.pass(1);
    expect(statusOf(queue.book, lone, queue.now)).toMatchObject({
      match: { seat: 0, seats: [{ name: 'Lynx', bot: false }, { name: null, bot: true }, { bot: true }] },
    });
  });

  it('a party of three and a single one, though two came between them', () => {
    const queue = new Queue(modeOf('four', { least: 4, most: 4 }));
    queue.ask('Ann');
    const bob = queue.ask('Bob', { party: 2 });
    const cat = queue.ask('Cat', { party: 3 });
    expect(bob.state).toBe('gathering');
    queue.ask('Bill', { party: bob.party ?? '' });
    queue.ask('Carl', { party: cat.party ?? '' });
    queue.ask('Cleo', { party: cat.party ?? '' });
    queue.pass(1);
    expect(queue.matches).toEqual([['Ann', 'Cat', 'Carl', 'Cleo']]);
    expect(codeOf(() => queue.ask('Late', { party: cat.party ?? '' }))).toBe('match.no-party');
    expect(codeOf(() => queue.ask('Late', { party: 'nothing' }))).toBe('match.no-party');
  });

  it('a party of those who blocked each other keeps nobody from a match', () => {
    const queue = new Queue(modeOf('four', { least: 4, most: 4 }));
    const ann = queue.ask('Ann', { party: 2, walls: ['guest:Eve'] });
    expect(codeOf(() => queue.ask('Eve', { party: ann.party ?? '' }))).toBe('match.no-party');
    const bob = queue.ask('Bob', { party: ann.party ?? '' });
    for (const name of ['Cat', 'Dan']) queue.ask(name);
    // Blocked when both were in it already.
    bob.walls = ['guest:Ann'];
    queue.pass(1);
    expect([queue.matches, ann.state]).toEqual([[], 'waiting']);
    for (const name of ['Fox', 'Gnu']) queue.ask(name);
    queue.pass(1);
    expect(queue.matches).toEqual([['Cat', 'Dan', 'Fox', 'Gnu']]);
  });
});

describe('who vanishes', () => {
  const asked = () => new Queue(modeOf('duel', { accept: 15 }));

  it('is out of the queue after 25 seconds of silence, and the next one is matched', () => {
    const queue = new Queue(modeOf('duel'));
    const ann = queue.ask('Ann');
    queue.pass(25, [ann]);
    expect(ann.state).toBe('waiting');
    queue.pass(0.25, [ann]);
    expect(standing(ann)).toEqual(['cancelled', 'match.silent']);
    queue.ask('Bob');
    queue.ask('Cat');
    queue.pass(0.25);
    expect(queue.matches).toEqual([['Bob', 'Cat']]);
  });

  it('does not accept: who did goes back to the head of the queue, and does not meet him again', () => {
    const queue = asked();
    const ann = queue.ask('Ann');
    const bob = queue.ask('Bob');
    queue.pass(1);
    const cat = queue.ask('Cat');
    accept(queue.book, ann, queue.now);
    accept(queue.book, ann, queue.now);
    expect(statusOf(queue.book, bob, queue.now)).toMatchObject({ accept: { left: 15, you: false, yes: 1, of: 2 } });
    queue.pass(15);
    expect(standing(bob)).toEqual(['cancelled', 'match.missed']);
    // Cat came after, and Ann is with her at once: she is at the head.
    expect([ann.state, cat.state, ann.found]).toEqual(['found', 'found', cat.found]);
    cancel(queue.book, cat, queue.now);
    expect(standing(ann)).toEqual(['waiting', 'match.partner-gone']);
    queue.ask('Bob');
    queue.ask('Cat');
    queue.pass(1);
    expect([ann.state, ann.why, queue.matches]).toEqual(['waiting', 'match.partner-gone', []]);
    queue.pass(600);
    queue.ask('Bob');
    queue.pass(1);
    expect(ann.state).toBe('found');
  });

  it('TRN-06 who was named is gone: who named him is told so, and removed', () => {
    const queue = asked();
    const ann = queue.ask('Ann', { wants: ['bob'] });
    const bob = queue.ask('Bob', { wants: ['ann'] });
    queue.pass(1);
    accept(queue.book, ann, queue.now);
    cancel(queue.book, bob, queue.now);
    expect(standing(bob)).toEqual(['cancelled', 'match.cancelled']);
    expect(standing(ann)).toEqual(['cancelled', 'match.named-gone']);
  });

  it('does not come: who has come goes back; where others are enough it goes on', () => {
    const queue = new Queue(modeOf('duel'), modeOf('melee', { most: 3 }));
    const [ann, bob] = [queue.ask('Ann'), queue.ask('Bob')];
    const three = ['Cat', 'Dan', 'Eve'].map((name) => queue.ask(name, { mode: 'melee' }));
    queue.pass(1);
    come(queue.book, ann, 'c1', queue.now);
    for (const [at, one] of three.slice(0, 2).entries()) come(queue.book, one, `c${at}`, queue.now);
    queue.pass(31);
    expect([standing(ann), standing(bob)]).toEqual([
      ['waiting', 'match.partner-gone'],
      ['over', 'match.silent'],
    ]);
    expect(queue.matches).toEqual([['Cat', 'Dan']]);
    expect([...queue.book.matches.values()][0]?.begun).toBe(true);
  });

  it('two who do not come are both out: neither waits for somebody else', () => {
    const queue = new Queue(modeOf('duel'));
    const [ann, bob] = [queue.ask('Ann'), queue.ask('Bob')];
    queue.pass(1);
    queue.pass(31);
    expect([standing(ann), standing(bob), queue.matches]).toEqual([
      ['over', 'match.silent'],
      ['over', 'match.silent'],
      [],
    ]);
  });

  it('leaves a match that runs: the others stay, and do not meet him again, unless it was over', () => {
    const queue = new Queue(modeOf('duel', { away: 60 }));
    const play = (): readonly [Ticket, Ticket] => {
      const pair = [queue.ask('Ann'), queue.ask('Bob')] as const;
      queue.pass(1);
      for (const one of pair) come(queue.book, one, one.id, queue.now);
      return pair;
    };
    const [ann, bob] = play();
    finish(queue.book, ann.match ?? '');
    leaveMatch(queue.book, ann, queue.now);
    expect([standing(ann), bob.state]).toEqual([['over', 'match.left'], 'started']);
    leaveMatch(queue.book, bob, queue.now);
    expect(queue.matches).toEqual([]);
    const [again, other] = play();
    expect(again.state).toBe('started');
    const id = again.match ?? '';
    leaveMatch(queue.book, again, queue.now);
    // Its zone is asked when somebody leaves, and answers a little later.
    finish(queue.book, id);
    leaveMatch(queue.book, other, queue.now);
    const [third, gone] = play();
    go(queue.book, gone, queue.now);
    queue.pass(60);
    expect(gone.state).toBe('started');
    // Asking how it stands is not being there.
    gone.heard = queue.now;
    queue.pass(1);
    expect([standing(gone), third.state]).toEqual([['over', 'match.silent'], 'started']);
    leaveMatch(queue.book, third, queue.now);
    expect(play().map(({ state }) => state)).toEqual(['waiting', 'waiting']);
  });

  it('while his match is made: the other goes back, and what was made is ended', () => {
    const queue = new Queue(modeOf('duel'));
    queue.makes = false;
    const [ann, bob] = [queue.ask('Ann'), queue.ask('Bob')];
    queue.pass(1);
    expect(ann.state).toBe('found');
    cancel(queue.book, bob, queue.now);
    queue.work();
    expect([standing(ann), standing(bob)]).toEqual([
      ['waiting', 'match.partner-gone'],
      ['cancelled', 'match.cancelled'],
    ]);
    expect(queue.works.map(({ kind }) => kind)).toEqual(['make', 'end']);
  });

  it('a match that cannot be made is tried again after a while', () => {
    const queue = new Queue(modeOf('duel'));
    queue.makes = false;
    const ann = queue.ask('Ann');
    queue.ask('Bob');
    queue.pass(1);
    queue.fail(ann.match ?? '');
    expect(standing(ann)).toEqual(['waiting', 'match.failed']);
    queue.pass(4);
    expect(ann.state).toBe('waiting');
    queue.makes = true;
    queue.pass(1);
    expect(queue.matches).toEqual([['Ann', 'Bob']]);
  });

  it('with the mode itself: who waits for it is told, who plays goes on', () => {
    const queue = new Queue(modeOf('duel'));
    const [ann, bob, cat] = ['Ann', 'Bob', 'Cat'].map((name) => queue.ask(name)) as [Ticket, Ticket, Ticket];
    queue.pass(1);
    for (const one of [ann, bob]) come(queue.book, one, one.id, queue.now);
    queue.forgetModes();
    queue.pass(1);
    expect(standing(cat)).toEqual(['cancelled', 'match.unknown-mode']);
    expect([ann.state, bob.state]).toEqual(['started', 'started']);
    go(queue.book, bob, queue.now);
    queue.pass(61);
    expect(standing(bob)).toEqual(['over', 'match.silent']);
  });

  it('of a party: the party gathers again with its code; whoever opened it takes it along', () => {
    const queue = new Queue(modeOf('four', { least: 4, most: 4, accept: 15 }));
    const ann = queue.ask('Ann', { party: 2 });
    const bob = queue.ask('Bob', { party: ann.party ?? '' });
    const [cat, dan] = [queue.ask('Cat'), queue.ask('Dan')];
    queue.pass(1);
    cancel(queue.book, bob, queue.now);
    expect([ann, cat, dan].map(standing)).toEqual([
      ['gathering', 'match.party-gone'],
      ['waiting', 'match.partner-gone'],
      ['waiting', 'match.partner-gone'],
    ]);
    const eve = queue.ask('Eve', { party: ann.party ?? '' });
    queue.pass(1);
    expect([ann.state, ann.found]).toEqual(['found', dan.found]);
    cancel(queue.book, ann, queue.now);
    expect([standing(eve), cat.state]).toEqual([['cancelled', 'match.party-ended'], 'waiting']);
  });
});

describe('TRN-20 hosts and open seats', () => {
  const hosted = () => new Queue(modeOf('camp', { least: 2, most: 3, hosts: true }));

  it('who comes later gets the seats of an open host; when he leaves they are at the head again', () => {
    const queue = hosted();
    const ann = queue.ask('Ann', { host: 'open' });
    queue.work();
    come(queue.book, ann, 'a', queue.now);
    const bob = queue.ask('Bob');
    queue.pass(1);
    expect([bob.match, queue.matches]).toEqual([ann.match, [['Ann', 'Bob']]]);
    come(queue.book, bob, 'b', queue.now);
    leaveMatch(queue.book, ann, queue.now);
    expect(standing(bob)).toEqual(['waiting', 'match.host-gone']);
    const cat = queue.ask('Cat');
    queue.pass(10);
    expect([queue.matches, cat.state]).toEqual([[['Bob', 'Cat']], 'started']);
  });

  it('a private host has those alone who name him', () => {
    const queue = hosted();
    const ann = queue.ask('Ann', { host: 'private' });
    queue.work();
    const [bob, cat] = [queue.ask('Bob'), queue.ask('Cat', { wants: ['ann'] })];
    queue.pass(1);
    expect([bob.state, cat.match]).toEqual(['waiting', ann.match]);
    leaveMatch(queue.book, ann, queue.now);
    expect(standing(cat)).toEqual(['cancelled', 'match.named-gone']);
  });

  it('a seat that comes open in a running match, or that a bot has, is given to the next', () => {
    const queue = new Queue(modeOf('melee', { least: 2, most: 2, backfill: true, bots: 5 }));
    const ann = queue.ask('Ann');
    queue.pass(5);
    expect(ann.state).toBe('started');
    come(queue.book, ann, 'a', queue.now);
    const bob = queue.ask('Bob');
    queue.pass(1);
    expect(statusOf(queue.book, bob, queue.now)).toMatchObject({ match: { seat: 1, seats: [{}, { bot: false }] } });
    come(queue.book, bob, 'b', queue.now);
    leaveMatch(queue.book, ann, queue.now);
    queue.pass(1);
    queue.ask('Cat');
    queue.pass(1);
    expect(queue.matches).toEqual([['Cat', 'Bob']]);
  });
});
