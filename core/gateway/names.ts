/** Names of characters in play: each is one player's. */
import { HostError } from '../contract/errors.ts';
import { toSkeleton } from '../contract/names.ts';

/** Who has which name. */
export class NameBook<Holder> {
  readonly #holders = new Map<string, Holder>();

  /** @throws HostError `name.taken` when somebody else has it, or one that looks the same. */
  check(name: string, holder: Holder): void {
    const found = this.#holders.get(toSkeleton(name));
    if (found !== undefined && found !== holder) throw new HostError('name.taken');
  }

  /** Whether anybody has it, or one that looks the same. */
  has(name: string): boolean {
    return this.#holders.has(toSkeleton(name));
  }

  /** Who has it, or one that looks the same. */
  find(name: string): Holder | undefined {
    return this.#holders.get(toSkeleton(name));
  }

  give(name: string, holder: Holder): void {
    this.#holders.set(toSkeleton(name), holder);
  }

  take(name: string, holder: Holder): void {
    if (this.#holders.get(toSkeleton(name)) === holder) this.#holders.delete(toSkeleton(name));
  }

  /** A name for somebody who gave none. */
  free(): string {
    for (let number = 1; ; number++) {
      const name = `Guest${number}`;
      if (!this.has(name)) return name;
    }
  }
}
