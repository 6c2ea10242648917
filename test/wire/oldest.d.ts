/** The oldest client that is tested has no types of its own under this name. */
declare module 'socket.io-client-4.0.0' {
  export { io } from 'socket.io-client';
}
