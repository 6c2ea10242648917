/** A member of a room, as the books know it: what the others have said that has to arrive here. */
import type { Run } from '../definition.ts';
import type { Thread } from '../thread.ts';

/** Who is in it, by name. */
export type Room = Map<string, Member>;

/** Lines from one other; `from` is the number of the first that was said since this one listens. */
type Heard = { readonly thread: Thread; readonly from: number };

/** Own lines of which is known when they were due. */
const rememberedMost = 32;

export class Member {
  readonly name: string;
  readonly #room: Room;
  /** By the name of who speaks. */
  readonly #heard = new Map<string, Heard>();
  /** When each line was due, by line. */
  readonly #said = new Map<string, number>();
  #count = 0;

  constructor(name: string, room: Room) {
    this.name = name;
    this.#room = room;
    room.set(name, this);
  }

  /** @returns the line: numbered, so that none is like another */
  say(words: string, dueMs: number, run: Pick<Run, 'thread'>): string {
    const number = this.#count++;
    const text = `${number} ${words}`;
    this.#said.set(text, dueMs);
    for (const oldest of this.#said.keys()) {
      if (this.#said.size <= rememberedMost) break;
      this.#said.delete(oldest);
    }
    for (const other of this.#room.values()) if (other !== this) other.#expect(this.name, number, text, run);
    return text;
  }

  /** The last line was not said, or nobody knows whether it was. */
  refused(isUnknown: boolean): void {
    for (const other of this.#room.values()) {
      const heard = other.#heard.get(this.name);
      if (heard === undefined) continue;
      if (isUnknown) other.#forget(this.name, heard);
      else heard.thread.takeBack();
    }
  }

  /** A line arrived. @returns when it was due, of a line that belongs to the books */
  hear(from: string, text: string): number | undefined {
    const heard = this.#heard.get(from);
    if (heard === undefined || Number.parseInt(text, 10) < heard.from) return undefined;
    heard.thread.heard(text);
    return this.#room.get(from)?.dueMsOf(text);
  }

  /** When a line of its own was due; undefined when that was long ago. */
  dueMsOf(text: string): number | undefined {
    return this.#said.get(text);
  }

  /** Lines are under way to it. */
  get waits(): boolean {
    return [...this.#heard.values()].some(({ thread }) => thread.waiting > 0);
  }

  /** Nothing more is said to it; what is under way still counts. */
  leave(): void {
    this.#room.delete(this.name);
  }

  /** Its connection is lost, and with it what was under way. */
  lose(): void {
    this.leave();
    for (const [from, heard] of this.#heard) this.#forget(from, heard);
  }

  #expect(from: string, number: number, text: string, run: Pick<Run, 'thread'>): void {
    const heard = this.#heard.get(from) ?? { thread: run.thread(), from: number };
    this.#heard.set(from, heard);
    heard.thread.sent(text);
  }

  #forget(from: string, { thread }: Heard): void {
    thread.cut();
    this.#heard.delete(from);
  }
}
