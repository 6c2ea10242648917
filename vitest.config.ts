import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', '{scripts,plugins}/**/*.test.ts', 'games/*/{scripts,zones}/**/*.test.ts'],
    pool: 'forks',
    // isolated-vm refuses to load beside V8's startup snapshot.
    execArgv: ['--no-node-snapshot'],
    maxWorkers: 2,
    retry: 0,
    // Tests wait for events; these bounds only end what would never come. A node is started in 1 to 3 s on 2 cores.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
  },
});
