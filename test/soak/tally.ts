/** A plugin with a table of its own, which is saved anew and broken while it is called. */
import type { Files } from './map.ts';

const add = `import { defineMethod, z } from 'roost/plugin';

/** Keeps a number of a lane. */
export default defineMethod({
  rate: { perSecond: 50, burst: 100 },
  params: z.object({ lane: z.string().max(40), k: z.number().int().min(1) }),
  async handle({ params: { lane, k }, host }) {
    await host.db.transaction((trx) =>
      trx.run('insert into tally_rows (lane, k) values (?, ?) on conflict do nothing', [lane, k]),
    );
    return k;
  },
});
`;

const build = `import { defineMethod } from 'roost/plugin';
import { salt } from './_salt.ts';

/** Which build answers. */
export default defineMethod({ rate: { perSecond: 50, burst: 100 }, handle: () => salt });
`;

/** @param start  What runs when it starts. */
export function manifest(start = ''): string {
  return `import { definePlugin } from 'roost/plugin';

export default definePlugin({
  version: '1.0.0',
  api: '1.0',
  migrations: [
    {
      name: '001-rows',
      up: (trx) => trx.run('create table tally_rows (lane text not null, k integer not null, primary key (lane, k))'),
    },
  ],
  start({ host }) {
    ${start}
    host.every(1, () => host.db.read('select count(*) from tally_rows'));
  },
});
`;
}

/** Gives rights, as a plugin of the operator's may. */
export const rightsFiles: Files = {
  'rights/set.ts': `import { defineMethod, z } from 'roost/plugin';

export default defineMethod({
  params: z.object({ name: z.string(), privileges: z.array(z.string()) }),
  async handle({ params: { name, privileges }, host }) {
    const found = await host.call('auth.find', { name }, { as: 'server' });
    return host.call('auth.set-privileges', { id: found.id, privileges }, { as: 'server' });
  },
});
`,
  'rights/use.ts': `import { defineMethod } from 'roost/plugin';

export default defineMethod({ allow: 'build', handle: () => 'used' });
`,
};

export const saltFile = (salt: number): string => `export const salt = ${salt};\n`;

/** Ways in which a build cannot be loaded: path inside the plugin's folder and text. */
export const brokenTally: readonly { readonly path: string; readonly text: string }[] = [
  { path: 'add.ts', text: 'export default {{{' },
  { path: '_salt.ts', text: "throw new Error('Thrown while it is loaded');\nexport const salt = -1;\n" },
  { path: 'plugin.ts', text: manifest("throw new Error('Thrown at start');") },
];

/** The folder of plugins as it is at first. */
export const tallyFiles: Files = {
  'tally/plugin.ts': manifest(),
  'tally/add.ts': add,
  'tally/build.ts': build,
  'tally/_salt.ts': saltFile(0),
};
