import { defineMethod, z } from 'roost/plugin';
import { requestsMost, toBuddy } from './_buddies.ts';
import { namesOf, selfOf } from './_characters.ts';
import { look } from './_online.ts';

/**
 * Lists your friends and who of them is online, whom you have asked, and who has asked you.
 * @returns `{ friends, asked, requests }`
 */
export default defineMethod({
  allow: 'account',
  rate: { perSecond: 1, burst: 5 },
  params: z.object({}),
  async handle({ caller, host }) {
    const { owner } = selfOf(caller);
    const mine = (
      await host.db.read('select * from buddies where owner = ? and withdrawn = 0 order by created', [owner])
    ).map(toBuddy);
    const theirs = (
      await host.db.read(
        "select * from buddies where other = ? and state = 'asked' and withdrawn = 0 order by created limit ?",
        [owner, requestsMost],
      )
    ).map(toBuddy);
    const names = await namesOf(host, [...mine.map(({ other }) => other), ...theirs.map((one) => one.owner)]);
    const named = <T>(of: string, more: (name: string) => T): T[] => {
      const name = names.get(of);
      return name === undefined ? [] : [more(name)];
    };
    const online = look(host);
    return {
      friends: mine
        .filter(({ state }) => state === 'friend')
        .flatMap(({ other, note, rating, created: since }) =>
          named(other, (name) => ({ name, online: online.has(other), note, rating, since })),
        ),
      asked: mine
        .filter(({ state }) => state !== 'friend')
        .flatMap(({ other, note, rating, created: at }) => named(other, (name) => ({ name, note, rating, at }))),
      requests: theirs.flatMap(({ owner: asker, text, created: at }) => named(asker, (name) => ({ name, text, at }))),
    };
  },
});
