/**
 * `roost/bot` for a program of one's own (`node my-bot.js`), which nobody started with Roost's hooks: where Roost is installed
 * under node_modules Node itself strips no types.
 */
import * as modules from 'node:module';

if (modules.registerHooks === undefined) {
  throw new Error(`roost/bot needs Node 24, and this is ${process.version}: see docs/bots.md`);
}
await import('./hooks.js');

export const { defineBot, runBot, CallError } = await import('../core/bot/bot.ts');
