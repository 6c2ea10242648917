/** Typing the code that a friend has said. */
import { Dialog } from '/farmyard/parts/dialog.ts';
import { Field, needed } from '/farmyard/parts/field.ts';
import { Form } from '/farmyard/parts/form.ts';

/** @param join  Joins the friend's match; what it throws is said beside the field. */
export function askCode(join: (code: string) => Promise<void>): void {
  const dialog = new Dialog('Join your friend', 'narrow');
  const code = new Field({ id: 'friend-code', label: 'Code', most: 64, check: needed('the code') });
  const form = new Form({
    ...{ id: 'join', submit: 'Join', fields: [code], about: { 'match.no-party': code, 'call.bad-params': code } },
    words: {
      'match.no-party': 'Nobody waits with this code. Look at it once more.',
      'call.bad-params': 'That is no code.',
    },
    send: async () => {
      await join(code.value.toLowerCase().replaceAll(/[\s-]/g, ''));
      dialog.close();
    },
  });
  dialog.body.append(form.element);
  dialog.open();
}
