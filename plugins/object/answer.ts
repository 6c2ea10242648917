import { defineMethod, z } from 'roost/plugin';
import { findTarget, objectId } from './_target.ts';

/**
 * Answers a question that an object has asked you in an `ask` event.
 * @returns `{ tick, result }`
 */
export default defineMethod({
  allow: 'player',
  params: z.object({ id: objectId, question: z.string().min(1).max(64), choice: z.string().max(500) }),
  async handle({ caller, params: { id, question, choice } }) {
    findTarget(caller, id);
    const { tick, result } = await caller.zone.answer(caller.character, id, question, choice);
    return { tick, result };
  },
});
