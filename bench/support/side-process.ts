/** A process of its own for one side, so that neither warms or crowds the other's code: does what its parent asks. */
import { type Parts, spend } from './side.ts';

/** Parent → side. */
export type Ask = { readonly units: number; readonly leastMs: number };

const [, , module = '', name = ''] = process.argv;
const { parts } = (await import(module)) as { readonly parts: Parts };
const open = parts[name];
if (!open) throw new Error(`${module} has no side "${name}"`);
const side = await open();
process.on('message', (ask: Ask) => {
  spend(side, ask.units, ask.leastMs).then(
    (spent) => process.send?.(spent),
    (error: unknown) => {
      throw error;
    },
  );
});
process.once('disconnect', async () => {
  await side.close?.();
  process.exit(0);
});
process.send?.('open');
