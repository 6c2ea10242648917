import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of a designer, far from any node_modules; path inside it → text. It is gone afterwards. */
export type TestRoot = AsyncDisposable & {
  readonly folder: string;
  write(path: string, text: string): Promise<void>;
};

export async function makeRoot(files: Readonly<Record<string, string>>): Promise<TestRoot> {
  const folder = await mkdtemp(join(tmpdir(), 'roost-root-'));

  async function write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }

  for (const [path, text] of Object.entries(files)) await write(path, text);
  return { folder, write, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** Body of `defineObject({ … })` as a whole file. */
export function script(body: string): string {
  return `import { defineObject, maybe } from 'roost';\n\nexport default defineObject({\n${body}\n});\n`;
}
