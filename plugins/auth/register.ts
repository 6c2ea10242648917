import { defineMethod, HostError, z } from 'roost/plugin';
import { checkAccountName, findAccount, insertAccount, taken } from './_accounts.ts';
import { checkNewPassword, newPassword } from './_check.ts';
import { newId } from './_credentials.ts';
import { checkSerial, useSerial } from './_serials.ts';
import { stateOf } from './_state.ts';

/**
 * Makes an account; `auth.login` logs in to it.
 * @returns `{ account: { name } }`
 */
export default defineMethod({
  rate: { perSecond: 20, burst: 100 },
  deadlineMs: 20_000,
  params: z.object({
    name: z.string().max(64),
    password: newPassword,
    email: z.email().max(254).optional(),
    serial: z.string().max(64).optional(),
  }),
  async handle({ caller, params: { name, password, email, serial }, host }) {
    checkAccountName(name);
    checkNewPassword(password);
    // Who sits at the machine makes an account without one: the first administrator is there before the first serial.
    const wanted = host.settings.serials && (caller.via !== 'server' || serial !== undefined);
    if (wanted && serial === undefined) throw new HostError('auth.serial-missing', 'Registration wants a serial here');
    const { hashes, throttle } = stateOf(host);
    // Who sits at the machine may make as many as he likes. Nobody else learns which names there are by trying them all, or
    // where he could not have one.
    if (!caller.loopback && caller.via !== 'server') throttle.admitNew(caller.address);
    if (wanted) await checkSerial(host.db.read, serial ?? '');
    if (await findAccount(host.db.read, { name })) throw taken();
    const id = newId();
    const passwordHash = await hashes.make(password, caller.address);
    const now = host.clock.now();
    await host.db.transaction(async (trx) => {
      await insertAccount(trx, { id, name, email: email ?? null, passwordHash, created: now });
      if (wanted) await useSerial(trx, serial ?? '', { account: id, name, now });
    });
    host.log.info({ account: id, address: caller.address }, 'account registered');
    return { account: { name } };
  },
});
