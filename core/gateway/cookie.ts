/** The cookie that a browser keeps a login in. Scripts of a page cannot read it, and no other site can send it. */

/** Behind https the browser takes it from nobody but this host. */
function nameOf(secure: boolean): string {
  return secure ? '__Host-roost' : 'roost';
}

const tokenPattern = /^[\w-]{16,200}$/;

/** The token in a `Cookie` header. Of two none: one of them was planted, by another port or a neighbouring name. */
export function readCookie(header: string | undefined, secure: boolean): string | undefined {
  const name = `${nameOf(secure)}=`;
  const [found, ...more] = (header ?? '').split(';').filter((part) => part.trim().startsWith(name));
  const token = more.length === 0 ? found?.trim().slice(name.length) : undefined;
  return token !== undefined && tokenPattern.test(token) ? token : undefined;
}

/** A `Set-Cookie` header that keeps the token, or forgets it with null. @throws TypeError for what is no token */
export function writeCookie(token: string | null, maxAgeS: number, secure: boolean): string {
  if (token !== null && !tokenPattern.test(token))
    throw new TypeError('A token to keep has 16 to 200 letters, digits, - or _');
  const age = token === null ? 0 : Math.max(0, Math.floor(maxAgeS));
  const rest = `Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  return `${nameOf(secure)}=${token ?? ''}; ${rest}`;
}
