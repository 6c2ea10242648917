/** The parts of a frame that do not depend on cells, encoded once for all sessions of the zone. */
import type { JsonObject } from '../../contract/content.ts';
import type { Line, ObjectId, PublicFrame } from '../../contract/link.ts';
import type { WireEvent } from '../../contract/protocol.ts';

/** For one owner alone. */
export type Personal = {
  /** JSON of `tell` and `ask` events. */
  readonly events: string[];
  own: Record<ObjectId, JsonObject> | undefined;
  ack: number | undefined;
};

export type FrameText = {
  /** `,"w":{…}` or nothing. */
  readonly world: string;
  /** JSON of events for everybody. */
  readonly emits: readonly string[];
  /** JSON of what is shown at an object. */
  readonly effects: readonly { readonly id: ObjectId; readonly text: string }[];
  /** What was said, with its JSON. */
  readonly said: readonly { readonly line: Line; readonly text: string }[];
  readonly personal: ReadonlyMap<string, Personal>;
};

export function toFrameText(frame: PublicFrame, metre: number): FrameText {
  const emits: string[] = [];
  const effects: { id: ObjectId; text: string }[] = [];
  const said: { line: Line; text: string }[] = [];
  const personal = new Map<string, Personal>();
  const personalOf = (owner: string): Personal => {
    const found = personal.get(owner) ?? { events: [], own: undefined, ack: undefined };
    personal.set(owner, found);
    return found;
  };
  for (const event of frame.events) {
    switch (event.type) {
      case 'say': {
        const { id, name, text, x, y, player, at } = event;
        const wire: WireEvent = { ev: 'say', i: id, n: name, text, x, y, at, ...(player ? { p: 1 as const } : {}) };
        const line = { from: id, name, text, x: x / metre, y: y / metre, at, player };
        said.push({ line, text: JSON.stringify(wire) });
        break;
      }
      case 'tell': {
        const { to, id, name, text } = event;
        personalOf(to).events.push(encode({ ev: 'tell', i: id, n: name, text }));
        break;
      }
      case 'ask': {
        const { to, id, name, question, text, choices } = event;
        personalOf(to).events.push(encode({ ev: 'ask', i: id, n: name, question, text, choices }));
        break;
      }
      case 'emit':
        emits.push(encode({ ev: 'emit', name: event.name, data: event.data }));
        break;
      case 'effect':
        effects.push({ id: event.id, text: encode({ ev: 'effect', i: event.id, name: event.name, data: event.data }) });
        break;
    }
  }
  for (const { owner, id, own } of frame.own) {
    const found = personalOf(owner);
    found.own = { ...found.own, [id]: own };
  }
  for (const { owner, seq } of frame.acks) personalOf(owner).ack = seq;
  return { world: frame.world === null ? '' : `,"w":${JSON.stringify(frame.world)}`, emits, effects, said, personal };
}

function encode(event: WireEvent): string {
  return JSON.stringify(event);
}
