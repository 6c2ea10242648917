/** People with characters, and what the database has of these. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestClient } from '../../support/client.ts';
import { startTestNode, type TestNode, type TestNodeOptions } from '../../support/node.ts';
import { type Files, makeTrial, type Trial } from '../../support/trial.ts';
import { holding, makeAccount } from '../auth/people.ts';

export type Party = AsyncDisposable & {
  readonly node: TestNode;
  readonly trial: Trial;
  /** Registers somebody, connects him, and makes him characters. */
  join(account: string, ...characters: readonly string[]): Promise<Member>;
  /** Calls a method as other plugins do. */
  asServer<T>(method: string, params: object): Promise<T>;
  /** Sends an owner something, as a plugin does; false when there was nobody to get it. */
  whisper(owner: string, text: string): Promise<boolean>;
  /** Objects of the characters of these names, in every zone and away: `[name, zone]`. */
  bodies(...names: readonly string[]): Promise<readonly (readonly [string, string])[]>;
};

export type Member = { readonly token: string; readonly client: TestClient };

const plugins: Files = {
  ...Object.fromEntries(Object.entries(holding).map(([name, text]) => [`as/${name}`, text])),
  'as/server.ts': `import { defineMethod, z } from 'roost/plugin';
export default defineMethod({
  params: z.looseObject({ method: z.string(), params: z.any() }),
  handle: ({ params, host }) => host.call(params.method, params.params, { as: 'server' }),
});
`,
  'as/whisper.ts': `import { defineMethod, z } from 'roost/plugin';
export default defineMethod({
  params: z.object({ owner: z.string(), text: z.string() }),
  handle: ({ params: { owner, text }, host }) => host.send({ user: owner }, 'whisper', { text }),
});
`,
  'as/bodies.ts': `import { defineMethod, z } from 'roost/plugin';
export default defineMethod({
  params: z.object({ names: z.array(z.string()) }),
  async handle({ params, host }) {
    const rows = await host.db.read("select name, zone from objects where owner like 'character:%' order by name, zone");
    return rows.filter(({ name }) => params.names.includes(String(name))).map(({ name, zone }) => [name, zone]);
  },
});
`,
};

/** A node with the game `trial`. */
export async function startParty(options: TestNodeOptions = {}, files: Files = {}): Promise<Party> {
  const folder = await mkdtemp(join(tmpdir(), 'roost-party-'));
  for (const [path, text] of Object.entries(plugins)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const trial = await makeTrial(files);
  const node = await startTestNode({ game: 'trial', roots: [trial.root], plugins: [folder], ...options });
  const ask = async <T>(method: string, params: object): Promise<T> => {
    const client = await node.connect();
    return await client.call<T>(method, params).finally(() => client.close());
  };
  return {
    ...{ node, trial },
    async join(account, ...characters) {
      const { token } = await makeAccount(node, account);
      const client = await node.connect({ token });
      for (const name of characters) await client.call('character.create', { name });
      return { token, client };
    },
    asServer: (method, params) => ask('as.server', { method, params }),
    whisper: (owner, text) => ask('as.whisper', { owner, text }),
    bodies: (...names) => ask('as.bodies', { names }),
    async [Symbol.asyncDispose]() {
      await node[Symbol.asyncDispose]();
      await trial[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
