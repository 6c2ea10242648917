import type { Client } from 'roost/client';
import { inWords } from '../parts/words.ts';
import { announce, button, part } from './page.ts';

type Question = {
  readonly i: string;
  readonly n: string;
  readonly question: string;
  readonly text: string;
  readonly choices: readonly string[];
};

/** What somebody on the farm asks this player, with its choices. */
export class Questions {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Shows a question with its choices. The first is the hearty one. */
  ask(asked: Question, answered: (text: string) => void): void {
    part('ask-who').textContent = asked.n;
    part('ask-text').textContent = asked.text;
    const choices = asked.choices.map((choice) =>
      button('', choice, () => {
        this.hush();
        part('land').focus({ preventScroll: true });
        this.#client.answer(asked.i, asked.question, choice).then(
          (reply) => answered(replyText(reply)),
          (error: unknown) => answered(inWords(error)),
        );
      }),
    );
    part('ask-choices').replaceChildren(...choices);
    part('ask').hidden = false;
    announce(`${asked.n} asks: ${asked.text} Press 1 to ${asked.choices.length}: ${asked.choices.join(', ')}.`);
  }

  /** Gives the answer with a number from 1 on. @returns whether there is one */
  choose(number: number): boolean {
    const choice = part('ask').hidden ? undefined : part('ask-choices').querySelectorAll('button')[number - 1];
    choice?.click();
    return choice !== undefined;
  }

  /** Takes the question away. */
  hush(): void {
    part('ask').hidden = true;
  }
}

/** What an object gave back, as words: a text, or the texts of several scripts. */
export function replyText(reply: unknown): string {
  if (typeof reply === 'string') return reply;
  if (Array.isArray(reply)) return reply.map(replyText).filter(Boolean).join(' ');
  if (typeof reply === 'object' && reply !== null) {
    const { result, results } = reply as { result?: unknown; results?: unknown };
    return replyText(result ?? results ?? '');
  }
  return '';
}
