/** Runs before each test file under `roost test`: what it reads is noted under its name (see sources.ts). */
import { expect } from 'vitest';

process.env.ROOST_TEST_FILE = expect.getState().testPath ?? '';
