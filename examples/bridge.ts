/**
 * A bridge to another chat: ROOST_BOT_TOKEN=… HOOK=https://… npx node examples/bridge.ts
 * Plays the character Postman, and posts what is whispered to it or said near it to the address in HOOK, one line of JSON each.
 */
import { type Bot, defineBot, type Message, runBot } from 'roost/bot';

const { HOOK: hook = '', ZONE: zone = 'farmyard/meadow' } = process.env;

async function handOn(bot: Bot, { to, from, text }: Message): Promise<void> {
  const response = await fetch(hook, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from: from.name, text, whispered: to === 'bot' }),
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new Error(`${hook} answered ${response.status}`);
  if (to === 'bot') await bot.call('chat.whisper', { to: from.name, text: 'Handed on.' });
}

const run = runBot(defineBot({ character: { name: 'Postman', zone }, message: handOn }));
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void run.stop());
if ((await run.ended) !== 'stopped') process.exitCode = 1;
