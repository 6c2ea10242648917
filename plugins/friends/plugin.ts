import { definePlugin } from 'roost/plugin';
import { sweep } from './_forget.ts';
import { migrations } from './_migrations.ts';
import { begin, follow } from './_online.ts';

/** Between two looks at who is online, in seconds. */
const lookS = 1;
const sweepS = 3_600;

export default definePlugin({
  version: '1.0.0',
  needs: ['character', 'chat'],
  migrations,
  start({ host }) {
    begin(host);
    host.every(lookS, () => follow(host));
    host.every(sweepS, () => sweep(host));
  },
});
