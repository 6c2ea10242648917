/**
 * A quiz in the room `quiz`, run by a program of its own: ROOST_BOT_TOKEN=… npx node examples/quiz.ts
 * Players `room.join { room: 'quiz' }` and answer with `room.say`; "score" tells everybody's points. What it must not forget is
 * one small file, so that it goes on where it was after a restart of its own or of the node. docs/bots.md goes through it.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type Bot, defineBot, type Member, type Message, runBot } from 'roost/bot';

const file = process.env.QUIZ_FILE ?? 'quiz.json';
/** Seconds that a question stays open. */
const patience = 30;
const questions = [
  { ask: 'How many legs does a spider have?', answer: '8' },
  { ask: 'Which bird cannot fly and lives in Antarctica?', answer: 'penguin' },
  { ask: 'What is the capital of Norway?', answer: 'Oslo' },
  { ask: 'How many days has a leap year?', answer: '366' },
];

type State = { question: number; scores: Map<string, { name: string; points: number }> };
const state: State = load();

function load(): State {
  if (!existsSync(file)) return { question: 0, scores: new Map() };
  const { question, scores } = JSON.parse(readFileSync(file, 'utf8'));
  return { question, scores: new Map(scores) };
}

/** Beside it first: whatever happens meanwhile, there is always a whole file. */
function save(): void {
  writeFileSync(`${file}.new`, JSON.stringify({ question: state.question, scores: [...state.scores] }));
  renameSync(`${file}.new`, file);
}

const current = () => questions[state.question % questions.length] ?? { ask: '', answer: '' };
const ask = (bot: Bot, to?: Member) => bot.send(`Question ${state.question + 1}: ${current().ask}`, to);
const plain = (text: string) => text.trim().toLowerCase();

async function next(bot: Bot, line: string): Promise<void> {
  state.question += 1;
  save();
  await bot.send(line);
  await ask(bot);
}

async function answered(bot: Bot, { from, text }: Message): Promise<void> {
  if (!('owner' in from)) return;
  if (plain(text) === 'score') return bot.send(table(), from);
  if (plain(text) !== plain(current().answer)) return;
  const points = (state.scores.get(from.owner)?.points ?? 0) + 1;
  state.scores.set(from.owner, { name: from.name, points });
  await next(bot, `${from.name} is right: ${current().answer}. ${points} point${points === 1 ? '' : 's'}.`);
}

function table(): string {
  const best = [...state.scores.values()].sort((a, b) => b.points - a.points).slice(0, 10);
  return best.map(({ name, points }) => `${name} ${points}`).join(', ') || 'Nobody has a point yet.';
}

let left = patience;
const quiz = defineBot({
  room: 'quiz',
  joined: ask,
  async message(bot, message) {
    const before = state.question;
    await answered(bot, message);
    if (state.question !== before) left = patience;
  },
  async heartbeat(bot) {
    if ((await bot.members()).length === 0 || --left > 0) return;
    left = patience;
    await next(bot, `Nobody knew: ${current().answer}.`);
  },
});

const run = runBot(quiz);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void run.stop());
const why = await run.ended;
if (why !== 'stopped') process.exitCode = 1;
