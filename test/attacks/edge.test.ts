/** What a script does where the stack ends happens whole or not at all: nobody beside it finds the half of it. */
import { expect, it } from 'vitest';
import { type Isolate, script, startIsolate } from '../support/isolate.ts';

/** Does something as near to the end of the stack as it can be done. */
const atTheEdge = (code: string) => `let tries = 0;
  const deep = () => { try { deep(); } catch (e) { if (tries++ < 3_000) { try { ${code}; tries = 3_000; } catch {} throw e; } } };
  try { deep(); } catch {}`;

function ticks(isolate: Isolate, count: number): void {
  for (let i = 0; i < count; i++) isolate.tick();
}

it('state that two scripts share is kept, whichever of them wrote it last', () => {
  using isolate = startIsolate({
    scripts: {
      hen: script(
        "state: { bag: {}, seen: '' }, on: { tick(self) { self.state.seen = JSON.stringify(self.state.bag); self.state.bag = { mine: 1 }; } }",
      ),
      badge: script(`on: { tick(self) { ${atTheEdge('self.state.bag = { of: "badge" }')} } }`),
    },
    objects: [{ kind: 'hen', scripts: ['badge'] }],
  });
  ticks(isolate, 3);
  expect(isolate.state(1)).toEqual({ bag: { of: 'badge' }, seen: '{"of":"badge"}' });
});

it('what is made, handed over or ended is so inside and outside', () => {
  using isolate = startIsolate({
    scripts: {
      hen: script(`state: { held: [], all: [] }, on: { create(self) { for (let i = 0; i < 3; i++) self.create('egg'); },
        tick(self, { world }) {
          ${atTheEdge("self.drop('egg')")}
          ${atTheEdge("self.take('egg')").replaceAll('tries', 'again').replaceAll('deep', 'deeper')}
          self.state.all = world.find('egg').map((egg) => egg.id).sort();
          self.state.held = self.contents().map((egg) => egg.id).sort();
        } }`),
      egg: script(''),
    },
    objects: [{ kind: 'hen' }],
  });
  isolate.tick();
  isolate.tick();
  const eggs = isolate.ofKind('egg');
  const idsOf = (rows: typeof eggs) => rows.map(({ id }) => id).sort();
  isolate.tick({}, 0);
  expect(isolate.state(1).all).toEqual(idsOf(isolate.ofKind('egg')));
  expect(isolate.state(1).held).toEqual(idsOf(isolate.ofKind('egg').filter(({ holder }) => holder !== null)));
});
