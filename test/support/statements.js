/**
 * Loaded before a node (`--import`): keeps every statement that the process gives to SQLite, and tells them all as a line
 * of the log when it gets SIGUSR2.
 */
import sqlite3 from 'sqlite3';

const statements = [];

for (const name of ['all', 'each', 'exec', 'get', 'prepare', 'run']) {
  const original = sqlite3.Database.prototype[name];
  sqlite3.Database.prototype[name] = function (sql, ...rest) {
    statements.push(String(sql));
    return original.call(this, sql, ...rest);
  };
}

process.on('SIGUSR2', () => {
  process.stderr.write(`${JSON.stringify({ level: 'info', msg: 'statements', statements })}\n`);
});
