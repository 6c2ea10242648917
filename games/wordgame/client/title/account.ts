/** Logging in, and making an account. The page never has the token: the browser keeps it as a cookie. */

import { post } from '/farmyard/door/accounts.ts';
import { button, make } from '/farmyard/hud/page.ts';
import { Dialog } from '/farmyard/parts/dialog.ts';
import { Field, nameCheck, needed, passwordCheck } from '/farmyard/parts/field.ts';
import { Form } from '/farmyard/parts/form.ts';
import type { Params } from '../wire/wire.ts';

/** Asks who one is. @param serials  Whether an account wants a key. @param done  Somebody is logged in now. */
export function askWho(serials: boolean, done: () => Promise<void>): void {
  const dialog = new Dialog('Who are you?', 'narrow');
  const close = async () => {
    await done();
    dialog.close();
  };
  const forms = { login: loginForm(close), register: registerForm(serials, close) };
  forms.register.element.hidden = true;
  const other = button('plain', 'I have no account yet', () => {
    const isLogin = forms.register.element.hidden;
    forms.register.element.hidden = !isLogin;
    forms.login.element.hidden = isLogin;
    other.textContent = isLogin ? 'I have an account' : 'I have no account yet';
    dialog.title.textContent = isLogin ? 'A new account' : 'Who are you?';
    (isLogin ? forms.register : forms.login).element.querySelector('input')?.focus();
  });
  const why = make(
    'p',
    'small',
    'With an account your name is yours alone, and your match waits for you on every device.',
  );
  dialog.body.append(forms.login.element, forms.register.element, other, why);
  dialog.open();
}

export async function logOut(): Promise<void> {
  await post('auth.logout', {});
}

function loginForm(done: () => Promise<void>): Form {
  const name = new Field({ id: 'login-name', label: 'Name', autocomplete: 'username', check: needed('your name') });
  const password = new Field({
    ...{ id: 'login-password', label: 'Password', type: 'password', autocomplete: 'current-password' },
    check: needed('your password'),
  });
  const send = async () => {
    await post('auth.login', { name: name.value, password: password.value, cookie: true });
    await done();
  };
  return new Form({ id: 'login', submit: 'Log in', fields: [name, password], send, about: { 'auth.wrong': password } });
}

function registerForm(serials: boolean, done: () => Promise<void>): Form {
  const name = new Field({ id: 'new-name', label: 'Name', autocomplete: 'username', check: nameCheck });
  const password = new Field({
    ...{ id: 'new-password', label: 'Password', type: 'password', autocomplete: 'new-password', check: passwordCheck },
    hint: 'At least 8 characters.',
  });
  const serial = new Field({ id: 'new-serial', label: 'Key', hint: 'Whoever runs this gave you one.' });
  serial.element.hidden = !serials;
  const send = async () => {
    const key: Params = serial.value === '' ? {} : { serial: serial.value };
    await post('auth.register', { name: name.value, password: password.value, ...key });
    await post('auth.login', { name: name.value, password: password.value, cookie: true });
    await done();
  };
  const about = {
    ...{ 'auth.taken': name, 'name.illegal': name, 'auth.password-length': password },
    ...{ 'auth.serial-missing': serial, 'auth.serial-unknown': serial, 'auth.serial-used': serial },
  };
  return new Form({ id: 'register', submit: 'Make my account', fields: [name, password, serial], send, about });
}
