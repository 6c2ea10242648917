/** Who sits there and where, as answers and events say. */
import type { Json, JsonObject } from '../contract/content.ts';
import type { Answer } from '../contract/protocol.ts';
import type { Thing } from './things.ts';

/** A mail, as a list says it. */
export type MailHead = {
  readonly id: string;
  readonly from: string;
  readonly gone: boolean;
  readonly to: string;
  readonly subject: string;
  /** Unix seconds. */
  readonly at: number;
  readonly read: boolean;
};

export class You {
  /** Name of the account that is logged in. */
  account: string | null = null;
  /** Name of the character that is in play. */
  name: string | null = null;
  /** Id of its object. */
  character: string | null = null;
  zone: string | null = null;
  /** Names that can be completed: who was seen or heard last. */
  readonly people = new Set<string>();
  /** What was in view last. */
  things: readonly Thing[] = [];
  /** Mails that were listed last, in the order of their numbers. */
  mails: readonly MailHead[] = [];
  /** A character was taken back by the call that is answered next. */
  #back = false;

  /** `Ada@farmyard/meadow`, `Ada`, or nothing. */
  get place(): string {
    const who = this.name ?? this.account ?? '';
    return this.zone === null ? who : `${who}@${this.zone}`;
  }

  /** Where the connection itself knows who sits there. The name of who is in no zone is not his yet. */
  sync({ account, name, zone, character }: Pick<You, 'account' | 'name' | 'zone' | 'character'>): void {
    this.account = account;
    this.name = zone === null ? null : name;
    this.zone = zone;
    this.character = character;
  }

  /** Notes what a call has changed. */
  follow(method: string, answer: Answer): void {
    if (!answer.ok || !isObject(answer.result)) return;
    const { result } = answer;
    switch (method) {
      case 'auth.login':
      case 'auth.reactivate':
        this.account = nameIn(result.account) ?? this.account;
        this.mails = [];
        if (!this.#back) this.#left();
        this.#back = false;
        return;
      case 'auth.rename':
        this.account = nameIn(result.account) ?? (typeof result.name === 'string' ? result.name : this.account);
        return;
      case 'auth.logout':
      case 'auth.delete':
      case 'auth.deactivate':
        this.account = null;
        this.mails = [];
        return this.#left();
      case 'zone.enter':
        return this.#entered(result);
      case 'zone.leave':
        return this.#left();
      case 'character.status':
        return result.online === true ? this.#entered(result) : this.#left();
      case 'character.choose':
        this.name = typeof result.name === 'string' ? result.name : this.name;
        return;
      default:
    }
  }

  /** Notes what an event says. */
  hear(event: string, data: Json): void {
    if (!isObject(data)) return;
    if (event === 'resumed') {
      this.#entered(data);
      this.#back = true;
    }
    if (event === 'zone' && typeof data.zone === 'string') {
      if (data.state === 'closed' && data.zone === this.zone) this.#left();
      if (data.state === 'entering') this.zone = data.zone;
    }
    if (event === 'say' && data.p === 1) this.#met(data.n);
    if (event === 'chat') this.#met(data.from);
  }

  /** Somebody whose name may be typed soon. */
  #met(name: Json | undefined): void {
    if (typeof name !== 'string') return;
    this.people.delete(name);
    this.people.add(name);
    const [oldest] = this.people;
    if (this.people.size > mostPeople && oldest !== undefined) this.people.delete(oldest);
  }

  meet(names: readonly string[]): void {
    for (const name of names) this.#met(name);
  }

  #entered({ name, zone, character }: JsonObject): void {
    if (typeof name === 'string') this.name = name;
    if (typeof zone === 'string') this.zone = zone;
    if (typeof character === 'string') this.character = character;
  }

  #left(): void {
    this.zone = null;
    this.character = null;
    this.things = [];
    this.name = null;
  }
}

const mostPeople = 100;

function nameIn(account: Json | undefined): string | undefined {
  return isObject(account) && typeof account.name === 'string' ? account.name : undefined;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
