/**
 * A client of the older turn server's format as a state machine: what it sends next is decided by the code of the answer alone.
 * It reads and writes texts; sending them is for others.
 * @source docs/turns.md
 */
import type { HttpReply } from '../http.ts';
import { RequestError } from '../request-error.ts';

export type TurnState = 'out' | 'waiting' | 'paired' | 'loading' | 'playing';

/** What an answer was. */
export type TurnAnswer =
  | { readonly kind: 'step' }
  /** Paired with somebody of this name. */
  | { readonly kind: 'paired'; readonly partner: string }
  | { readonly kind: 'started'; readonly seat: number }
  /** Texts of the partner, joined by `|`; empty when there is nothing new. */
  | { readonly kind: 'texts'; readonly block: string }
  /** A repeat was answered with something else than the answer that it repeats. */
  | { readonly kind: 'unlike'; readonly wanted: string }
  /** An error. `isAsked`: nothing was done, and the same may be asked again. */
  | { readonly kind: 'refused'; readonly isAsked: boolean };

/** What each request is called in a report. */
const names = ['register', 'unregister', 'pair', 'load', 'ready', 'quit', 'send'] as const;
const wordOf: Readonly<Record<TurnState, number>> = { out: 0, waiting: 2, paired: 3, loading: 4, playing: 6 };
const nothing = '0/10/*';
const tooFast = '8';

export class TurnClient {
  readonly #wants: string;
  #name = '';
  #state: TurnState = 'out';
  #key = '*';
  #seat = 0;
  #counter = -1;
  /** The last request, and the same while it was not answered yet. */
  #asked = '';
  #pending: string | undefined;
  /** The answer to the last counter as far as it was heard, undefined when it was not. */
  #last: string | undefined;

  /** @param wants  Name of the only partner that will do; `*` for anybody. */
  constructor(wants = '*') {
    this.#wants = wants;
  }

  get state(): TurnState {
    return this.#state;
  }

  get name(): string {
    return this.#name;
  }

  /** What the request at hand, or the next one, is called. */
  get does(): string {
    return names[Number(this.#pending?.[0] ?? wordOf[this.#state])] ?? 'send';
  }

  /** The body of the first request. */
  register(name: string): string {
    this.#name = name;
    return this.#ask(`0,${name},*,${this.#wants},*`);
  }

  /** The body of the next request before a match; the same again until it was answered. */
  step(): string {
    return this.#pending ?? this.#ask(`${wordOf[this.#state]},*,${this.#key},*,*`);
  }

  /** The body of the next request in a match, which brings a text. */
  send(text: string): string {
    this.#counter += 1;
    this.#last = undefined;
    return this.#ask(`6,${text},${this.#key},${this.#seat},${this.#counter}`);
  }

  /** The last request once more: its answer was lost, or nothing is to be said. The text in it counts once. */
  repeat(): string {
    return this.#ask(this.#asked);
  }

  /** Leaves a match. */
  quit(): string {
    return this.#ask(`5,*,${this.#key},${this.#seat},${this.#counter}`);
  }

  /** Takes itself out before there is a match. */
  unregister(): string {
    return this.#ask(`1,*,${this.#key},*,*`);
  }

  /** An answer of success or an error: `code/subcode/data`. */
  hear(answer: string): TurnAnswer {
    const { code, sub, data } = readTurn(answer);
    if (code === tooFast) return { kind: 'refused', isAsked: true };
    this.#pending = undefined;
    if (code === '0') return this.#advance(sub, data, answer);
    this.#state = code === '9' && sub === '2' ? 'waiting' : 'out';
    return { kind: 'refused', isAsked: false };
  }

  #ask(body: string): string {
    this.#asked = body;
    this.#pending = body;
    return body;
  }

  #advance(sub: string, data: string, answer: string): TurnAnswer {
    switch (sub) {
      case '0':
        [this.#state, this.#key] = ['waiting', data];
        return { kind: 'step' };
      case '1':
        this.#state = 'out';
        return { kind: 'step' };
      case '2':
        this.#state = 'waiting';
        return { kind: 'step' };
      case '3':
      case '4':
        this.#state = 'paired';
        return { kind: 'paired', partner: data };
      case '5':
      case '6':
      case '7':
        this.#state = 'loading';
        return { kind: 'step' };
      case '8':
        return this.#start(data);
      case '9':
      case '10':
        this.#last = answer;
        return { kind: 'texts', block: sub === '9' ? data : '' };
      default:
        return this.#hearRepeat(data.slice(1));
    }
  }

  #start(data: string): TurnAnswer {
    const bar = data.lastIndexOf('|');
    [this.#state, this.#key, this.#seat] = ['playing', data.slice(0, bar), Number(data.slice(bar + 1))];
    this.#counter = -1;
    return { kind: 'started', seat: this.#seat };
  }

  /** @param said  The answer that was given before, `|`, and what is new since. */
  #hearRepeat(said: string): TurnAnswer {
    const known = this.#last;
    if (known !== undefined && !said.startsWith(`${known}|`)) return { kind: 'unlike', wanted: known };
    // Texts do not end with a bar: one at the end stands before nothing.
    this.#last = said.endsWith('|') ? said.slice(0, -1) : said;
    const block = known === undefined ? textsOf(said) : said.slice(known.length + 1);
    return { kind: 'texts', block: block.endsWith('|') ? block.slice(0, -1) : block };
  }
}

/** All that a repeat holds, of which nothing was heard before. */
function textsOf(said: string): string {
  return said.startsWith(`${nothing}|`) ? said.slice(nothing.length + 1) : said.replace(/^0\/9\//, '');
}

/** `code/subcode/data`; the data may hold slashes. */
export function readTurn(answer: string): { readonly code: string; readonly sub: string; readonly data: string } {
  const [code = '', sub = '', ...data] = answer.split('/');
  return { code, sub, data: data.join('/') };
}

/** What the codes say, for reports. */
const meanings: Readonly<Record<string, string>> = {
  '1': 'wrong length',
  '2': 'unreadable body',
  '3': 'no address',
  '4/0': 'no such symbol',
  '4/1': 'no such seat',
  '4/2': 'no counter',
  '4/3': 'bad key field',
  '5': 'not registered',
  '7': 'no name that may be had',
  '8': 'asked too often',
  '9/2': 'partner dropped, waiting again',
  '10': 'failed',
  '11': 'as many wait as may',
  '12': 'as many matches as there may be',
  '13': 'no such match',
  '14': 'not your seat',
  '15': 'the partner has left',
  '16': 'bad name of a partner',
  '17': 'named partner dropped, registration over',
  '18': 'counter behind',
  '19': 'counter ahead',
  '20': 'body too long',
  '21': 'as much waits as may',
};

/** `turn.9/2`, partner dropped, waiting again; undefined for success. */
export function judgeTurn({ status, text }: HttpReply): RequestError | undefined {
  const { code, sub } = readTurn(text);
  if (code === '0' && status === 200) return undefined;
  if (!/^\d+$/.test(code) || code === '0') return new RequestError(`http.${status}`, text.slice(0, 100), true);
  // How long to wait is no other error.
  const both = /^\d+$/.test(sub) && code !== '8' ? `${code}/${sub}` : code;
  return new RequestError(`turn.${both}`, meanings[both] ?? meanings[code] ?? text.slice(0, 100), true);
}
