import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { TestClient } from '../../support/client.ts';
import { BotProcess } from './bot-process.ts';
import { startBotHouse } from './house.ts';

/** What the quiz said to somebody, in order. */
const heard = ({ messages }: TestClient): readonly string[] =>
  messages.flatMap(({ event, data }) => {
    const { from, text } = data as { from: string; text: string };
    return event === 'chat' && from === 'quizmaster' ? [text] : [];
  });

it('PLG-13 PLG-14 the quiz of examples/ asks, keeps score, and goes on where it was after a kill of its own and of the node', async () => {
  await using house = await startBotHouse();
  const folder = await mkdtemp(join(tmpdir(), 'roost-quiz-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const env = {
    QUIZ_FILE: join(folder, 'quiz.json'),
    ROOST_URL: house.gate.url,
    ROOST_BOT_TOKEN: await house.tokenOf('quizmaster'),
  };
  const start = async () => {
    const quiz = new BotProcess('../../../examples/quiz.ts', env);
    await quiz.until(() => quiz.words.includes('attached'));
    return quiz;
  };
  const says = (client: TestClient, text: string) => client.until(() => heard(client).at(-1) === text);

  await using first = await start();
  const fox = await house.member('Fox', 'quiz');
  await says(fox, 'Question 1: How many legs does a spider have?');
  await fox.call('room.say', { text: 'six' });
  await fox.call('room.say', { text: ' 8 ' });
  await says(fox, 'Question 2: Which bird cannot fly and lives in Antarctica?');
  expect(heard(fox)).toContain('Fox is right: 8. 1 point.');
  const closed = fox.next('room-closed');
  await first.kill('SIGKILL');
  await closed;

  await using second = await start();
  await fox.call('room.join', { room: 'quiz' });
  await says(fox, 'Question 2: Which bird cannot fly and lives in Antarctica?');
  await fox.call('room.say', { text: 'Penguin' });
  await says(fox, 'Question 3: What is the capital of Norway?');
  expect(heard(fox)).toContain('Fox is right: penguin. 2 points.');

  await house.restart();
  await second.until(() => second.words.split('attached').length === 3);
  const hare = await house.member('Hare', 'quiz');
  await says(hare, 'Question 3: What is the capital of Norway?');
  await hare.call('room.say', { text: 'score' });
  await says(hare, 'Fox 2');
  expect(await second.kill('SIGTERM')).toBe(0);
});
