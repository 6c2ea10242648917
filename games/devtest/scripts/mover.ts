import { defineObject } from 'roost';

const point = { x: 'number', y: 'number' } as const;

/** Every verb that moves, as a method: the speed it is told is the speed it goes. */
export default defineObject({
  look: { shape: 'circle', color: '#6ab', label: 'Mover' },
  body: { shape: 'circle', radius: 0.3 },
  state: { walk: '' },
  methods: {
    velocity: { allow: 'view', params: point, handle: (self, { params }) => self.velocity(params.x, params.y) },
    walk: { allow: 'view', params: point, handle: (self, { params }) => self.walkTo(params, 3) },
    flee: { allow: 'view', handle: (self, { by }) => self.flee(by, 3) },
    wander: { allow: 'view', handle: (self) => self.wander(1) },
    stop: { allow: 'view', handle: (self) => self.stop() },
    face: {
      allow: 'view',
      handle(self, { by }) {
        self.face(by);
        return self.angle;
      },
    },
    push: { allow: 'view', params: point, handle: (self, { params }) => self.push(params.x, params.y) },
    shove: { allow: 'view', handle: (self) => self.nearest('rock', 100)?.push(100, 0) ?? true },
    /** False, and unmoved, when something fixed is in the way. */
    move: { allow: 'view', params: point, handle: (self, { params }) => self.move(params.x, params.y) },
    /** False, and unmoved, outside of the zone. */
    teleport: { allow: 'view', params: point, handle: (self, { params }) => self.teleport(params.x, params.y) },
  },
});
