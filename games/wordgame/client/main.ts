/** The page of Twine. */
import { App } from './app.ts';

const app = new App();
// For the curious: type `await twine.wire.call('host.info')` into the browser's console.
Object.assign(globalThis, { twine: app });
app.start();
