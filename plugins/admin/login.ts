import { defineMethod, type Host, HostError, type JsonObject, z } from 'roost/plugin';
import { isPowerful } from './_privileges.ts';

/** A working day, in seconds. */
const lastsS = 8 * 3_600;

/**
 * Answers a token for administration, good for eight hours: present it with a connection of its own, or as a bearer over HTTP. Only
 * accounts with a privilege get one.
 * @returns `{ token, until, account }`
 * @throws HostError auth.throttled, auth.busy
 */
export default defineMethod({
  rate: { perSecond: 50, burst: 200 },
  deadlineMs: 20_000,
  params: z.object({ name: z.string().min(1).max(64), password: z.string().min(1).max(400) }),
  async handle({ caller, params: { name, password }, host }) {
    const { address, page } = caller;
    const checked = await ask(host, account, 'auth.check', { name, password, address });
    if (!isPowerful(checked.privileges)) {
      host.log.info({ reason: 'no privilege', account: checked.id, address }, 'administration refused');
      // The same as for a wrong password: whoever guesses learns nothing.
      throw new HostError('auth.wrong', 'The name or the password is wrong');
    }
    const login = { kind: 'admin', account: checked.id, seconds: lastsS, address, page };
    const { token, until } = await ask(host, issued, 'auth.issue', login);
    host.log.info({ account: checked.id, address }, 'administration opened');
    return { token, until, account: { name: checked.name, privileges: checked.privileges } };
  },
});

const account = z.looseObject({ id: z.string(), name: z.string(), privileges: z.array(z.string()) });
const issued = z.looseObject({ token: z.string(), until: z.number().nullable() });

async function ask<T>(host: Host, answer: z.ZodType<T>, method: string, params: JsonObject): Promise<T> {
  return answer.parse(await host.call(method, params, { as: 'server' }));
}
