import type { Accounts, Me } from '../door/accounts.ts';
import type { Way } from '../door/door.ts';
import { announce, button, make, part } from '../hud/page.ts';
import { confirm } from '../parts/confirm.ts';
import { Dialog } from '../parts/dialog.ts';
import { Field, nameCheck, needed, passwordCheck } from '../parts/field.ts';
import { Form } from '../parts/form.ts';
import { inWords } from '../parts/words.ts';
import { avatarPicker } from './avatars.ts';
import { loginList } from './logins.ts';

export type AccountAsked = {
  readonly accounts: Accounts;
  /** Somebody is on the farm, and can leave it. */
  readonly isPlaying: () => boolean;
  /** Back to the title, with a word; the character leaves the farm. */
  readonly leave: (news?: string, way?: Way) => Promise<void>;
  readonly avatarChanged: (avatar: string) => void;
};

/** The window about who one is: for guests the way to an account, for accounts everything about theirs. */
export async function openAccount(asked: AccountAsked): Promise<void> {
  const who = await asked.accounts.who();
  if (who?.account) await openOwn(who.account, asked);
  else openGuest(asked, who !== undefined);
}

function openGuest(asked: AccountAsked, hasAccounts: boolean): void {
  const dialog = new Dialog('You are a guest', 'narrow');
  const words = hasAccounts
    ? 'A guest is forgotten on leaving, hat and all. With an account your characters wait for you, and you keep friends.'
    : 'This farm has no accounts: everybody is a guest, and forgotten on leaving.';
  const choices = make('div', 'choices');
  const leave = (way?: Way) => () => {
    dialog.close();
    void asked.leave('', way);
  };
  if (hasAccounts) {
    choices.append(
      button('big', 'Make an account', leave('way-register')),
      button('big calm', 'Log in', leave('way-login')),
    );
  }
  choices.append(button('big calm', 'Leave the farm', leave()));
  dialog.body.append(make('p', '', words), choices);
  dialog.open();
}

async function openOwn(me: Me, asked: AccountAsked): Promise<void> {
  const { accounts } = asked;
  const dialog = new Dialog(me.name);
  const wrong = make('p', 'wrong');
  wrong.setAttribute('role', 'alert');
  const attempt = (act: () => Promise<void>) => () => {
    wrong.textContent = '';
    act().catch((error: unknown) => {
      wrong.textContent = inWords(error);
    });
  };
  const done = (text: string) => {
    part('caption').hidden = true;
    note.textContent = text;
  };
  const note = make('p', 'good');
  note.setAttribute('role', 'status');
  const out = make('div', 'row');
  if (asked.isPlaying()) {
    const change = async () => {
      dialog.close();
      await asked.leave();
    };
    out.append(button('big calm', 'Change character', attempt(change)));
  }
  const logOut = async () => {
    await accounts.logOut();
    dialog.close();
    await asked.leave('You are logged out.');
  };
  out.append(button('big calm', 'Log out', attempt(logOut)));
  dialog.body.append(
    make('p', 'small', toldOf(me)),
    out,
    wrong,
    note,
    await avatarPicker(accounts, (avatar) => asked.avatarChanged(avatar)),
    fold('Change password', passwordForm(accounts, me, done)),
    fold(
      'Change name',
      nameForm(accounts, (name) => {
        dialog.title.textContent = name;
        done(`You log in as ${name} from now on.`);
      }),
    ),
    fold('E-mail', emailForm(accounts, me, done)),
    loginsFold(accounts),
    fold('Close or delete', ...endings(dialog, me, asked)),
  );
  dialog.open();
}

/** One part of the window, closed until somebody wants it. */
function fold(title: string, ...inside: readonly HTMLElement[]): HTMLDetailsElement {
  const made = make('details', 'fold');
  made.append(make('summary', '', title), ...inside);
  return made;
}

function toldOf({ created, logins, onlineMinutes }: Me): string {
  const since = created === null ? '' : `Here since ${new Date(created * 1000).toLocaleDateString()}`;
  const often = logins === null ? '' : `${logins} ${logins === 1 ? 'login' : 'logins'}`;
  const hours =
    onlineMinutes === null || onlineMinutes < 60 ? '' : `${Math.floor(onlineMinutes / 60)} hours on the farm`;
  return [since, often, hours].filter(Boolean).join(' · ');
}

const ownPassword = (id: string, label = 'Your password') =>
  new Field({ id, label, type: 'password', autocomplete: 'current-password', check: needed('your password') });

/** A wrong password is all that can be wrong here: the name is known. */
const wrongPassword = { 'auth.wrong': 'That is not your password.' };

function passwordForm(accounts: Accounts, me: Me, done: (text: string) => void): HTMLElement {
  const old = ownPassword('old-password', 'Password until now');
  const fresh = new Field({
    id: 'fresh-password',
    label: 'New password',
    type: 'password',
    autocomplete: 'new-password',
    hint: 'At least 8 characters. Your other logins end.',
    check: passwordCheck,
  });
  const form = new Form({
    id: 'password-form',
    submit: 'Change my password',
    fields: [old, fresh],
    send: async () => {
      await accounts.ask('password', { old: old.value, new: fresh.value });
      form.clear();
      done('Your password is changed.');
    },
    about: { 'auth.wrong': old, 'auth.password-length': fresh },
    words: wrongPassword,
  });
  // For password managers, which keep the two together.
  const name = make('input');
  Object.assign(name, { type: 'text', autocomplete: 'username', value: me.name, hidden: true, readOnly: true });
  form.element.prepend(name);
  return form.element;
}

function nameForm(accounts: Accounts, done: (name: string) => void): HTMLElement {
  const name = new Field({
    id: 'fresh-name',
    label: 'New name',
    most: 16,
    autocomplete: 'username',
    hint: 'You log in with it. Your characters keep theirs.',
    check: nameCheck,
  });
  const password = ownPassword('name-password');
  const form = new Form({
    id: 'name-form',
    submit: 'Change my name',
    fields: [name, password],
    send: async () => {
      const wanted = name.value;
      await accounts.ask('rename', { name: wanted, password: password.value });
      form.clear();
      done(wanted);
    },
    about: { 'auth.taken': name, 'name.illegal': name, 'auth.wrong': password },
    words: wrongPassword,
  });
  return form.element;
}

function emailForm(accounts: Accounts, me: Me, done: (text: string) => void): HTMLElement {
  const email = new Field({
    id: 'fresh-email',
    label: 'Your e-mail address',
    type: 'email',
    autocomplete: 'email',
    hint: 'A code goes there when you forget your password. Leave it empty to have none.',
  });
  email.value = me.email ?? '';
  const password = ownPassword('email-password');
  const form = new Form({
    id: 'email-form',
    submit: 'Keep this address',
    fields: [email, password],
    send: async () => {
      await accounts.setEmail(email.value, password.value);
      password.value = '';
      done(email.value === '' ? 'No address is kept.' : 'Your address is kept.');
    },
    about: { 'auth.wrong': password, 'call.bad-params': email },
    words: { ...wrongPassword, 'call.bad-params': 'That is not an e-mail address.' },
  });
  return form.element;
}

function loginsFold(accounts: Accounts): HTMLElement {
  const list = make('div');
  const made = fold('Where you are logged in', list);
  made.addEventListener('toggle', () => made.open && void loginList(accounts, list));
  return made;
}

function endings(dialog: Dialog, me: Me, { accounts, leave }: AccountAsked): HTMLElement[] {
  const password = ownPassword('end-password');
  const end = async (method: 'deactivate' | 'delete', news: string) => {
    await accounts.ask(method, { password: password.value });
    await accounts.forget();
    dialog.close();
    announce(news);
    await leave(news);
  };
  const sleep = new Form({
    id: 'end-form',
    submit: 'Put my account to sleep',
    fields: [password],
    send: () => end('deactivate', 'Your account sleeps. You can wake it where you log in.'),
    about: { 'auth.wrong': password },
    words: wrongPassword,
    tone: 'grim',
  });
  const remove = button('big grim', 'Delete it for good', () => {
    if (!password.isRight()) return password.input.focus();
    confirm({
      title: `Delete ${me.name} for good?`,
      text: 'Your account goes, with all of its characters and friends. Nobody can bring it back.',
      yes: 'Delete everything',
      words: wrongPassword,
      act: () => end('delete', 'Your account is deleted. Farewell!'),
    });
  });
  sleep.element.append(remove);
  const words = 'A sleeping account keeps everything until you wake it. A deleted one is gone.';
  return [make('p', 'small', words), sleep.element];
}
