import type { Client } from 'roost/client';
import { make, part } from './page.ts';

/** Saying something, reading what was said, and answering questions. */
export class Talk {
  readonly #client: Client;
  readonly #form = part<HTMLFormElement>('chat');
  readonly #line = part<HTMLInputElement>('line');

  constructor(client: Client, refused: (text: string) => void) {
    this.#client = client;
    part('talk').addEventListener('click', () => this.open());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = this.#line.value.trim();
      this.close();
      if (text === '') return;
      client.say(text).catch((error: unknown) => refused(error instanceof Error ? error.message : String(error)));
    });
    this.#line.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
    this.#line.addEventListener('blur', () => this.#line.value === '' && this.close());
  }

  open(): void {
    this.#form.hidden = false;
    this.#line.focus();
  }

  close(): void {
    this.#line.value = '';
    this.#form.hidden = true;
    part('land').focus({ preventScroll: true });
  }

  /** One line of the log at the left; players only, hens would fill it. */
  heard(name: string, text: string): void {
    const log = part('log');
    const line = make('p', '', text);
    const who = make('b', '', `${name}: `);
    line.prepend(who);
    log.append(line);
    while (log.children.length > 5) log.firstElementChild?.remove();
  }

  /** Shows a question with its choices. The first is the hearty one. */
  ask(
    question: {
      readonly i: string;
      readonly n: string;
      readonly question: string;
      readonly text: string;
      readonly choices: readonly string[];
    },
    answered: (text: string) => void,
  ): void {
    part('ask-who').textContent = question.n;
    part('ask-text').textContent = question.text;
    const choices = question.choices.map((choice) => {
      const button = make('button', '', choice) as HTMLButtonElement;
      button.type = 'button';
      button.addEventListener('click', () => {
        this.hush();
        this.#client.answer(question.i, question.question, choice).then(
          (reply) => answered(replyText(reply)),
          (error: unknown) => answered(error instanceof Error ? error.message : String(error)),
        );
      });
      return button;
    });
    part('ask-choices').replaceChildren(...choices);
    part('ask').hidden = false;
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
