/** A request that failed and has been counted; a step may catch it, and goes on with the next one when it does not. */
export class RequestError extends Error {
  /** Of the answer (`call.too-fast`, `http.503`), or `net.…` and `http.timeout` when there was none. */
  readonly code: string;
  /** The server has said so; otherwise nobody knows whether the request was carried out. */
  readonly isAnswer: boolean;

  constructor(code: string, message: string, isAnswer = false) {
    super(message);
    this.name = 'RequestError';
    this.code = code;
    this.isAnswer = isAnswer;
  }
}
