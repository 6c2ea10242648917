/**
 * What one zone's worker may say: ids it was given or has, owners the node made, slots it announced. A worker that was
 * taken over by a script must not speak for other zones, other players or objects that are not its own.
 */
import type { Frame, IdBlock, ObjectId, ObjectRow, PublicFrame } from '../contract/link.ts';
import { counterOf } from '../store/ids.ts';

export type ClaimsOptions = {
  readonly objects: readonly ObjectRow[];
  readonly blocks: readonly IdBlock[];
  /** Objects a zone may hold; players and things on their way come on top. */
  readonly objectsMost: number;
};

/** Above the zone's own limit: characters, and what they carry in. */
const spare = 1_000;

export class Claims {
  readonly #known = new Map<ObjectId, { readonly owner: string | null; readonly kind: string }>();
  readonly #slots = new Map<number, ObjectId>();
  readonly #owners = new Set<string>();
  readonly #blocks: { partition: string; first: number; end: number }[] = [];
  readonly #objectsMost: number;
  #tick = 0;

  constructor({ objects, blocks, objectsMost }: ClaimsOptions) {
    this.#objectsMost = objectsMost + spare;
    this.addObjects(objects);
    for (const block of blocks) this.addBlock(block);
  }

  addBlock({ first, count }: IdBlock): void {
    this.#blocks.push({ partition: first.slice(0, 4), first: counterOf(first), end: counterOf(first) + count });
  }

  /** Objects that the node put there: loaded or arrived. */
  addObjects(objects: readonly ObjectRow[]): void {
    for (const { id, owner, kind } of objects) {
      this.#known.set(id, { owner, kind });
      if (owner !== null) this.#owners.add(owner);
    }
  }

  /** Somebody the node let in, as the owner of this character when there is one already. */
  admit(owner: string, character: ObjectId | null): void {
    this.#owners.add(owner);
    const known = character === null ? undefined : this.#known.get(character);
    if (character !== null && known) this.#known.set(character, { ...known, owner });
  }

  has(id: ObjectId): boolean {
    return this.#known.has(id);
  }

  ownerOf(id: ObjectId): string | null {
    return this.#known.get(id)?.owner ?? null;
  }

  kindOf(id: ObjectId): string | undefined {
    return this.#known.get(id)?.kind;
  }

  /** The object that a slot stands for. */
  objectAt(slot: number): ObjectId | null {
    return this.#slots.get(slot) ?? null;
  }

  /** How many of a kind have an owner: characters are there once for each player. */
  owned(kind: string): number {
    let count = 0;
    for (const one of this.#known.values()) if (one.owner !== null && one.kind === kind) count++;
    return count;
  }

  /** How many of each kind there are. */
  kinds(): Readonly<Record<string, number>> {
    const counts = new Map<string, number>();
    for (const { kind } of this.#known.values()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return Object.fromEntries([...counts].sort());
  }

  get objects(): number {
    return this.#known.size;
  }

  /** Takes over what the frame says, or gives the words for what is false in it. */
  apply(frame: Frame): string | null {
    const fault = this.#public(frame.pub) ?? this.#asked(frame) ?? this.#kept(frame) ?? this.#taken(frame);
    if (fault !== null) return fault;
    return this.#known.size > this.#objectsMost ? `${this.#known.size} objects, at most ${this.#objectsMost}` : null;
  }

  #public(pub: PublicFrame): string | null {
    if (pub.tick < this.#tick) return `tick ${pub.tick} after tick ${this.#tick}`;
    this.#tick = pub.tick;
    for (const { id, slot, owner, kind } of pub.in) {
      const fault = this.#meet(id, owner, kind);
      if (fault) return fault;
      this.#slots.set(slot, id);
    }
    return this.#slotsOf(pub) ?? this.#ownersOf(pub);
  }

  #slotsOf(pub: PublicFrame): string | null {
    for (let at = 0; at < pub.moves.length; at += 6) {
      if (!this.#slots.has(pub.moves[at] as number)) return `move of unknown slot ${pub.moves[at]}`;
    }
    for (const change of pub.changes) {
      const id = this.#slots.get(change.slot);
      if (id === undefined) return `change of unknown slot ${change.slot}`;
      if (change.owner !== undefined) {
        const fault = this.#meet(id, change.owner, this.kindOf(id) ?? '');
        if (fault) return fault;
      }
    }
    for (const slot of pub.jumps) if (!this.#slots.has(slot)) return `jump of unknown slot ${slot}`;
    for (const slot of pub.out) if (!this.#slots.delete(slot)) return `unknown slot ${slot} is out`;
    return null;
  }

  #ownersOf(pub: PublicFrame): string | null {
    for (const { owner, id } of pub.own) {
      if (!this.#owners.has(owner)) return 'own state for an unknown owner';
      if (this.#known.has(id) && this.ownerOf(id) !== owner) return `own state of ${id} for somebody else`;
    }
    for (const { owner } of pub.acks) if (!this.#owners.has(owner)) return 'an acknowledgement for an unknown owner';
    for (const event of pub.events) {
      if ((event.type === 'tell' || event.type === 'ask') && !this.#owners.has(event.to)) {
        return `${event.type} to an unknown owner`;
      }
      if (event.type !== 'emit' && !this.#mayUse(event.id)) return `${event.type} of foreign object ${event.id}`;
    }
    return null;
  }

  #kept({ keep }: Frame): string | null {
    if (keep === null) return null;
    for (const { id, owner, kind } of keep.objects) {
      const fault = this.#meet(id, owner, kind);
      if (fault) return fault;
    }
    for (const { object } of keep.timers) {
      if (object !== '' && !this.#mayUse(object)) return `timer of foreign object ${object}`;
    }
    for (const line of keep.lines) if (!this.#mayUse(line.from)) return `line of foreign object ${line.from}`;
    for (const id of keep.removed) {
      if (!this.#mayUse(id)) return `removes foreign object ${id}`;
      this.#known.delete(id);
    }
    return null;
  }

  #taken({ taken }: Frame): string | null {
    for (const { objects, timers } of taken) {
      const gone = new Set(objects.map(({ id }) => id));
      for (const { id, owner, kind } of objects) {
        const fault = this.#meet(id, owner, kind);
        if (fault) return fault;
      }
      for (const { object } of timers) if (!gone.has(object)) return `timer of ${object}, which is not taken`;
      for (const id of gone) this.#known.delete(id);
    }
    return null;
  }

  #asked({ requests }: Frame): string | null {
    for (const request of requests) {
      if (request.type === 'goto' && !this.#mayUse(request.object)) return `goto of foreign object ${request.object}`;
    }
    return null;
  }

  /** An object the worker names as its own, with its owner. Owners come from the node; one may only be dropped. */
  #meet(id: ObjectId, owner: string | null, kind: string): string | null {
    if (!this.#mayUse(id)) return `foreign object ${id}`;
    const before = this.#known.get(id);
    if (owner !== null && owner !== before?.owner) {
      if (before !== undefined) return `another owner of ${id}`;
      if (!this.#owners.has(owner)) return `unknown owner of ${id}`;
    }
    if (before?.owner !== owner || before.kind !== kind) this.#known.set(id, { owner, kind });
    return null;
  }

  #mayUse(id: ObjectId): boolean {
    if (this.#known.has(id)) return true;
    const partition = id.slice(0, 4);
    const counter = counterOf(id);
    return this.#blocks.some((block) => block.partition === partition && counter >= block.first && counter < block.end);
  }
}
