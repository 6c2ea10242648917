/** Everybody talks in rooms: every line has to reach every other member once, in order and unchanged. */
import type { JsonObject } from '../../contract/content.ts';
import { defineScenario } from '../load.ts';
import { RequestError } from '../request-error.ts';
import { Member, type Room } from './chat-member.ts';
import { zoneOf } from './zones.ts';

/** One address may make so many rooms. */
const roomsMost = 16;
/** Members of a room, unless there would be too many rooms. */
const membersUsual = 10;
/** Channels that nobody else is likely to be in. */
const firstChannel = 9_000;
const lettersMost = 200;
/** Lines that are under way when the time is over have so long. */
const patienceMs = 10_000;
const lookMs = 20;
/** After these answers nobody knows whether the line was said. */
const unknown = new Set(['call.timeout', 'call.failed', 'zone.interrupted']);

export default defineScenario({
  doc: 'Guests talk in rooms. “room.say” is the answer to who speaks, “heard” the way of a line to each other member.',
  rate: 1,
  options: {
    /** Several with commas: players are spread over them. Empty: where the node's game starts. */
    zone: '',
    /** Members of a room; 0: ten, or more where there would be too many rooms. */
    members: 0,
  },
  prepare({ players, options }): readonly Room[] {
    const size = options.members || Math.max(membersUsual, Math.ceil(players / roomsMost));
    return Array.from({ length: Math.ceil(players / size) }, () => new Map());
  },
  async player(player, rooms) {
    const number = player.number % rooms.length;
    const room = firstChannel + number;
    const others = rooms[number] as Room;
    const client = await player.connect();
    const { name } = (await player.call('zone.enter', { ...zoneOf(player), name: player.name })) as JsonObject;
    await player.call('room.join', { room });
    const self = new Member(String(name), others);
    client.on('chat', (message) => {
      const dueMs = message.room === String(room) ? self.hear(message.from, message.text) : undefined;
      if (dueMs !== undefined) player.took('heard', performance.now() - dueMs);
    });
    client.on('disconnect', () => self.lose());
    return {
      async step() {
        const text = self.say(player.random.line(player.random.length(1, lettersMost)), player.dueMs, player.run);
        try {
          await player.call('room.say', { room, text });
        } catch (error) {
          if (error instanceof RequestError) self.refused(!error.isAnswer || unknown.has(error.code));
          throw error;
        }
      },
      async end() {
        for (const untilMs = performance.now() + patienceMs; self.waits && performance.now() < untilMs; )
          await player.pause(lookMs);
        self.leave();
        await client.leave();
      },
    };
  },
});
