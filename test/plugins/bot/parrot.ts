/** A bot as an outsider would write it, in a process of its own. It prints a line of JSON whenever one of its callbacks is called. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Bot, defineBot, type Member, type Message, runBot } from 'roost/bot';

const { PARROT_ROOM: room, PARROT_CHARACTER: name = 'Polly', PARROT_ZONE: zone = 'devtest/yard' } = process.env;

const tell = (callback: string, more: object = {}) => console.log(JSON.stringify({ callback, ...more }));

let beats = 0;
let failures = Number(process.env.PARROT_FAILURES ?? 0);
const callbacks = {
  async setup(bot: Bot) {
    if (failures-- > 0) throw new Error('not ready yet');
    tell('setup', { members: room === undefined ? [] : await bot.members() });
  },
  async message(bot: Bot, message: Message) {
    tell('message', { message });
    const { from, text } = message;
    if (text === 'fall') throw new Error('fell off the perch');
    if (text === 'members') return tell('members', { members: await bot.members() });
    if (text === 'try admin') return tell('tried', { codes: await tryAll(bot) });
    if (message.to === 'room' && text === 'psst') return bot.send('psst yourself', message.from);
    if (message.to === 'room' && message.data) return bot.send({ took: message.data }, message.from);
    if (message.to === 'room' && text === 'deal') return bot.send({ card: 'hearts 7' }, message.from);
    if (message.to === 'room') return bot.send(`${from.name} says ${text}`);
  },
  joined(_bot: Bot, member: Member) {
    tell('joined', { member });
  },
  left(_bot: Bot, member: Member) {
    tell('left', { member });
  },
  async heartbeat(_bot: Bot, quiet: number) {
    beats += 1;
    tell('heartbeat', { beats, quiet });
    // Longer than until the next one.
    if (process.env.PARROT_SLOW !== undefined) await pause(2_500);
    tell('beaten', { beats });
  },
  recovery() {
    tell('recovery');
  },
};

/** What a bot has no business with: method → code. */
async function tryAll(bot: Bot): Promise<Record<string, string>> {
  const calls = JSON.parse(process.env.PARROT_TRIES ?? '[]') as [string, Record<string, string>][];
  const codes: Record<string, string> = {};
  for (const [method, params] of calls) {
    codes[method] = await bot.call(method, params).then(
      () => 'ok',
      ({ code }) => code,
    );
  }
  return codes;
}

const run = runBot(
  defineBot(room === undefined ? { character: { name, zone }, ...callbacks } : { room, ...callbacks }),
);
process.once('SIGTERM', () => void run.stop());
tell('ended', { why: await run.ended });
