/** Mail as text with `{names}` in it. */
import { HostError } from 'roost/plugin';

export type Template = { readonly subject: string; readonly text: string };

/** Those that Roost comes with. */
const templates: ReadonlyMap<string, Template> = new Map([
  [
    'recovery',
    {
      subject: 'A new password for {name}',
      text: [
        'Hello {name},',
        '',
        'somebody, we hope you, has forgotten the password of {name} at {server}. This code sets a new one, once, within {minutes} minutes:',
        '',
        '    {code}',
        '',
        'If it was not you, do nothing: your password is as it was. Give the code to nobody; nobody of us will ask for it.',
      ].join('\n'),
    },
  ],
  [
    'password-changed',
    {
      subject: 'Your password was changed',
      text: [
        'Hello {name},',
        '',
        'the password of {name} at {server} was set anew by a code that we had sent you, and every login has ended.',
        'If it was not you, somebody reads your mail: change its password, then ask for a code again.',
      ].join('\n'),
    },
  ],
  [
    'email-changed',
    {
      subject: 'Your mail goes elsewhere now',
      text: [
        'Hello {name},',
        '',
        'whoever is logged in as {name} at {server} gave another e-mail address, with the password. You get no more mail here.',
        'If it was not you, write to those who run {server}.',
      ].join('\n'),
    },
  ],
  [
    'invitation',
    {
      subject: '{from} invites you',
      text: ['Hello {name},', '', '{from} invites you to {what}:', '', '    {link}'].join('\n'),
    },
  ],
  [
    'replay',
    {
      subject: 'Your game, to see again',
      text: ['Hello {name},', '', 'here is {what}, to see again:', '', '    {link}'].join('\n'),
    },
  ],
]);

/** @throws HostError auth.mail-values */
export function getTemplate(name: string): Template {
  const template = templates.get(name);
  if (!template) throw new HostError('auth.mail-values', `There is no template "${name}"`);
  return template;
}

/**
 * Puts the values where their names stand, once: a `{name}` within a value stays as it is.
 * @throws HostError auth.mail-values that names what is missing
 */
export function fill(template: Template, values: ReadonlyMap<string, string>): Template {
  const missing = new Set<string>();
  const put = (text: string) =>
    text.replace(/\{([a-z][a-z-]{0,31})\}/g, (_, name: string) => {
      const value = values.get(name);
      if (value === undefined) missing.add(name);
      return value ?? '';
    });
  const filled = { subject: put(template.subject), text: put(template.text) };
  if (missing.size > 0)
    throw new HostError('auth.mail-values', `The mail wants values for ${[...missing].join(', ')}`, [...missing]);
  return filled;
}
