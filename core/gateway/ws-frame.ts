/** Longest payloads of the two short length fields. */
const short = 125;
const medium = 0xffff;
/** A final frame with text. */
const finalText = 0x81;

/**
 * A WebSocket message with text, as a server sends it: header and text in one piece of memory, which is one write.
 * @source RFC 6455, section 5.2
 */
export function toTextFrame(text: string): Buffer {
  const bytes = Buffer.byteLength(text);
  const head = bytes <= short ? 2 : bytes <= medium ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + bytes);
  frame[0] = finalText;
  if (head === 2) {
    frame[1] = bytes;
  } else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(bytes, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(bytes), 2);
  }
  frame.write(text, head);
  return frame;
}
