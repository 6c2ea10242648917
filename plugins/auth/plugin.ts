import { definePlugin } from 'roost/plugin';
import { migrations } from './_migrations.ts';

export default definePlugin({ version: '1.0.0', migrations });
