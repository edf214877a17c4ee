// Adds answers to a lock file until it is ended: `node lock-writer.js <file> <name> <times>`. Says which
// ones are written, a line each.
const { join } = require("node:path");

const LOCK = join(__dirname, "..", "..", "build", "lock");
const { LockFile } = require(join(LOCK, "file.js"));
const { readLock, writeLock } = require(join(LOCK, "merge.js"));
const { Records } = require(join(LOCK, "..", "services", "records.js"));

const [, , file, name, times] = process.argv;
const store = new LockFile(file);

for (let i = 0; i < Number(times); i++) {
  const now = new Date();
  const key = `rds/${Buffer.from(`${name}${i}`).toString("hex").padStart(16, "0").slice(-16)}`;
  const entry = {
    label: `${name} ${i}`,
    query: { list: "backups", name: `${name} ${i}`, service: "rds" },
    answered: { at: now.toISOString(), cloud: "otc", host: "rds" },
    records: Records.of(
      Array.from({ length: 40 }, (_, n) => ({ id: `${name}-${i}-${n}`, size: n })),
    ),
  };
  const stack = { with: [], lookups: { [`${name}/q`]: [key] }, decisions: {} };
  writeLock(store, file, readLock(store, file), {
    stacks: new Map([[name, stack]]),
    answers: new Map([[key, entry]]),
    refused: new Set(),
    began: now.getTime(),
  });
  process.stdout.write(`${name} ${i}\n`);
}
