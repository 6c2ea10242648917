/**
 * Streams over file descriptors that the parent process opened for us (a pipe or a socket pair without an address).
 * Nothing is connected or listened on here.
 */
import { Socket } from 'node:net';

/** Reads what the parent writes to the descriptor. */
export function readFd(fd: number): Socket {
  return new Socket({ fd, readable: true, writable: false });
}

/** Writes to the descriptor; from now on it does not block, also for `writeSync` on the same number. */
export function writeFd(fd: number): Socket {
  return new Socket({ fd, readable: false, writable: true });
}
