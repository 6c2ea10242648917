import { defineObject } from 'roost';

/** Who may call: its owner, somebody who reaches it, everybody who sees it. Params are checked before the handler runs. */
export default defineObject({
  look: '🔒',
  body: { shape: 'circle', radius: 0.3, type: 'static' },
  state: { opened: 0 },
  methods: {
    mine: { allow: 'owner', handle: () => 'owner' },
    touch: { allow: 'reach', reach: 1, handle: () => 'reach' },
    look: { allow: 'view', handle: () => 'view' },
    open: {
      allow: 'view',
      durable: true,
      params: { turns: 'integer', note: 'string?' },
      handle(self, { params }) {
        self.state.opened += params.turns;
        return self.state.opened;
      },
    },
  },
});
