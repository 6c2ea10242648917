/** `roost admin`: makes and lists those who may administer. The first one can only be made here. */
import type { Json } from '../contract/content.ts';
import { HostError } from '../contract/errors.ts';

export type AdminOptions = {
  /** `grant NAME PRIVILEGE`, `revoke NAME PRIVILEGE`, `list`, `create NAME`, `reload [PLUGIN]`, `rollback PLUGIN`, `lift FILE` or `stop [SECONDS]`. */
  readonly words: readonly string[];
  /** Carries out a call as the server. @throws HostError */
  readonly call: (method: string, params: Json) => Promise<Json>;
  /** The same, where a node runs. @throws HostError, also when none does */
  readonly callNode: (method: string, params: Json) => Promise<Json>;
  /** Asks whoever sits there for a password. */
  readonly password: () => Promise<string>;
  readonly say: (line: string) => void;
};

/** What stands behind `roost admin` → what it does. */
export const adminWords = [
  ['grant NAME PRIVILEGE', 'Gives an account a privilege: grant Ada admin makes an administrator.'],
  ['revoke NAME PRIVILEGE', 'Takes one away.'],
  ['list', 'Lists the accounts that have any.'],
  ['create NAME', 'Makes an account; the password is asked for.'],
  ['reload [PLUGIN]', 'Loads what has changed in the plugins folders of the node that runs.'],
  ['rollback PLUGIN', 'Goes back to the former build of a plugin, in the node that runs.'],
  ['lift FILE', 'Takes back what stands against a script, in the node that runs.'],
  ['stop [SECONDS]', 'Stops the node that runs; everybody is told.'],
] as const;

const usage = `roost admin wants one of: ${adminWords.map(([typed]) => typed).join(', ')}, shell; roost admin --help explains them`;

/** @throws HostError with what is wrong, in words */
export async function administer({ words, call, callNode, password, say }: AdminOptions): Promise<void> {
  const [what, name = '', privilege = ''] = words;
  switch (`${what} ${words.length}`) {
    case 'grant 3':
    case 'revoke 3': {
      const changed = (await call(`admin.${what}`, { name, privilege })) as Holder;
      return say(toLine(changed));
    }
    case 'create 2': {
      await call('auth.register', { name, password: await password() });
      return say(`${name} has an account. Its privileges are for you to give: roost admin grant ${name} admin`);
    }
    case 'reload 1':
    case 'reload 2': {
      const { plugins } = (await callNode('admin.reload', name === '' ? {} : { plugin: name })) as Reloaded;
      for (const plugin of plugins) say(toBuild(plugin));
      return;
    }
    case 'rollback 2':
      return say(toBuild((await callNode('host.rollback', { plugin: name })) as Loaded));
    case 'lift 2':
      await callNode('host.lift', { path: name });
      return say(`Nothing stands against ${name} any more: it is tried again.`);
    case 'stop 1':
    case 'stop 2': {
      const seconds = Number(name);
      await callNode('admin.shutdown', { seconds, reason: 'the operator wishes so' });
      return say(seconds === 0 ? 'The node stops.' : `The node stops in ${seconds} s; everyone is told.`);
    }
    case 'list 1':
      return list(call, say);
    default:
      throw new HostError('config.wrong', `${usage}; found ${words.join(' ') || 'none'}`);
  }
}

type Holder = { readonly name: string; readonly privileges: readonly string[]; readonly active?: boolean };
type Loaded = { readonly plugin: string; readonly build: string; readonly state: string };
type Reloaded = { readonly plugins: readonly Loaded[] };
type Page = { readonly accounts: readonly Holder[]; readonly total: number };

const pageSize = 200;

async function list(call: AdminOptions['call'], say: AdminOptions['say']): Promise<void> {
  for (let page = 1; ; page++) {
    const { accounts, total } = (await call('admin.accounts', { granted: true, page, limit: pageSize })) as Page;
    for (const account of accounts) say(toLine(account));
    if (total === 0) say('Nobody has a privilege. Make the first administrator: roost admin grant NAME admin');
    if (page * pageSize >= total) return;
  }
}

function toBuild({ plugin, build, state }: Loaded): string {
  return `${plugin}: ${state}${build === '' ? '' : `, build ${build}`}`;
}

function toLine({ name, privileges, active = true }: Holder): string {
  return `${name}: ${privileges.join(', ') || 'no privilege'}${active ? '' : ' (closed)'}`;
}
