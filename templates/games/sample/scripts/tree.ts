import { defineObject } from 'roost';

/** An apple tree. Shake it, and an apple falls; then it needs a while. */
export default defineObject({
  look: { shape: 'circle', color: '#5d8f45', size: 2, label: 'Apple tree' },
  body: { shape: 'circle', radius: 0.5, type: 'static' },

  on: {
    activate(self, { world }) {
      if (!self.cooldown('shake', 3)) return 'Only leaves come down. Give it a moment.';
      if (world.count('apple') >= Number(world.settings.mostApples ?? 12))
        return 'There are apples enough on the ground.';
      const angle = world.random(0, 2 * Math.PI);
      world.spawn('apple', { at: { x: self.x + Math.cos(angle), y: self.y + Math.sin(angle) } });
      self.effect('rustle');
    },
  },
});
