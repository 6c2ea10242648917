/** Characters that have come into a zone and not gone, and whether their connection is up: the last commit may know it otherwise. */
import type { InboxItem, ObjectId, ObjectRow } from '../contract/link.ts';

export class Players {
  readonly #connected = new Map<ObjectId, boolean>();

  joined(character: ObjectId): void {
    this.#connected.set(character, true);
  }

  connection(character: ObjectId, connected: boolean): void {
    this.#connected.set(character, connected);
  }

  left(character: ObjectId): void {
    this.#connected.delete(character);
  }

  clear(): void {
    this.#connected.clear();
  }

  /** What a zone is told that takes everybody it finds for connected, as it does after a recovery. */
  corrections(found: readonly ObjectRow[]): readonly InboxItem[] {
    return found.flatMap(({ id: character, owner }): readonly InboxItem[] => {
      const connected = this.#connected.get(character);
      if (owner === null || connected === true) return [];
      if (connected === false) return [{ type: 'connected', owner, character, connected }];
      // Of an account: it waits here for whoever plays it next.
      if (owner.startsWith('character:')) return [{ type: 'connected', owner, character, connected: false }];
      // It had gone, which was not saved yet when the worker died.
      return [{ type: 'leave', owner, character }];
    });
  }
}
