/** Addresses as the doors count them: an IPv4 address, or the /64 of an IPv6 address. */
import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'roost/plugin';

/** Params: an address, or a /64 → what the doors call it. */
export const address = z
  .string()
  .max(64)
  .transform((text, context) => {
    const found = toAddress(text.trim());
    if (found !== undefined) return found;
    context.addIssue({ code: 'custom', message: 'wanted an IPv4 or IPv6 address, or an IPv6 /64' });
    return z.NEVER;
  });

/** Undefined when it is no address. */
export function toAddress(text: string): string | undefined {
  const plain = text.toLowerCase().replace(/\/64$/, '');
  if (isIPv4(plain)) return text.endsWith('/64') ? undefined : plain;
  if (!isIPv6(plain)) return undefined;
  // A URL writes an address in one way: short, without leading zeros, without dots.
  const short = new URL(`http://[${plain.replace(/%.*$/, '')}]/`).hostname.slice(1, -1);
  if (short === '::1') return short;
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short);
  if (mapped) return toIPv4(Number.parseInt(mapped[1] as string, 16), Number.parseInt(mapped[2] as string, 16));
  const [front = '', back] = short.split('::');
  const head = front === '' ? [] : front.split(':');
  const tail = back === undefined || back === '' ? [] : back.split(':');
  const zeros = back === undefined ? [] : new Array<string>(8 - head.length - tail.length).fill('0');
  return `${[...head, ...zeros, ...tail].slice(0, 4).join(':')}::/64`;
}

function toIPv4(high: number, low: number): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
