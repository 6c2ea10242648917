/** A folder of plugins that act as the server: `as.server` calls any method, `as.reload` loads a plugin anew; removed at the end. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asServer } from '../auth/people.ts';

const files = {
  'server.ts': asServer,
  'reload.ts': `import { defineMethod, z } from 'roost/plugin';
export default defineMethod({
  params: z.object({ plugin: z.string() }),
  deadlineMs: 60_000,
  handle: async ({ params, host }) => (await host.node.reload(params.plugin)).length,
});
`,
  'me.ts': `import { defineMethod } from 'roost/plugin';
export default defineMethod({ handle: ({ caller }) => caller.id });
`,
};

export async function withServer(): Promise<{ readonly folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'roost-as-'));
  await mkdir(join(folder, 'as'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'as', name), text, { mode: 0o644 });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
