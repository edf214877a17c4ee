// Processes that write one lock file without a pause, beside one that reads it all the time: every read is
// a whole lock, and no answer that was written is lost. After `npm run build`:
// `node bench/lock-contention.js <processes> <seconds> [kill] [no-addon]`. With `kill` one of them is ended
// by SIGKILL up to 200 ms after it has written, and begun again; with `no-addon` nothing keeps them apart.
const { fork } = require("node:child_process");
const { mkdtempSync, readdirSync, writeSync } = require("node:fs");
const Module = require("node:module");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { createInterface } = require("node:readline");
const { setTimeout: sleep } = require("node:timers/promises");

const [role, ...rest] = process.argv.slice(2);
const options = (process.env.LOCK_CONTENTION ?? rest.slice(1).join(" ")).split(" ");
if (options.includes("no-addon")) withoutAddon();
const { LockFile } = require("../build/lock/file");
const { readLock, writeLock } = require("../build/lock/merge");
const { Records } = require("../build/services/records");

if (role === "write") write(rest[0], rest[1], Number(rest[2]));
else if (role === "read") read(rest[0]);
else void main(Number(role), Number(rest[0]));

async function main(processes, seconds) {
  const folder = mkdtempSync(join(tmpdir(), "lock-contention-"));
  const file = join(folder, "backups.lock.json");
  const told = { writes: 0, reads: 0, kills: 0, lost: 0, errors: 0 };
  const problems = new Set();
  const hasWritten = new Set();
  const last = Array(processes).fill(0);
  const writers = last.map((_, i) => startWriter(i));
  const children = new Set(writers).add(start(["read", file], hear));
  for (const end = Date.now() + seconds * 1_000; Date.now() < end;) {
    const i = told.kills % processes;
    const isToBeKilled = options.includes("kill") && hasWritten.has(i);
    await sleep(isToBeKilled ? (told.kills * 37) % 200 : 20);
    if (!isToBeKilled) continue;
    told.kills++;
    hasWritten.delete(i);
    await ended(writers[i]);
    writers[i] = startWriter(i);
  }
  await Promise.all([...children, ...writers].map(ended));
  const { lock } = readLock(new LockFile(file), file);
  const kept = [...lock.entries.values()].map(({ label }) => label);
  // It may have been killed between the writing and the telling.
  const lost = last.filter(
    (n, i) => !kept.includes(`${i} ${n}`) && !kept.includes(`${i} ${n + 1}`),
  );
  told.lost += lost.length;
  console.log(JSON.stringify({ processes, seconds, options, ...told }));
  for (const problem of problems) console.log(problem);
  console.log("beside it:", readdirSync(folder).slice(1).join(" ") || "nothing");

  function startWriter(i) {
    return start(["write", file, String(i), String(last[i])], (message) => {
      last[i] = message.wrote ?? last[i];
      if (message.wrote) hasWritten.add(i);
      if (message.wrote) told.writes++;
      hear(message);
    });
  }

  function hear({ reads = 0, lost, error }) {
    told.reads += reads;
    if (lost) told.lost++;
    if (error) told.errors++;
    if (error && problems.size < 10) problems.add(error);
  }
}

function start(args, hear) {
  const env = { ...process.env, LOCK_CONTENTION: options.join(" ") };
  const child = fork(join(__dirname, "lock-contention.js"), args, {
    env,
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  createInterface(child.stdout).on("line", (line) => hear(JSON.parse(line)));
  return child;
}

function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return undefined;
  const closed = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGKILL");
  return closed;
}

/** Adds one to an answer that nobody else writes. */
function write(file, name, since) {
  const store = new LockFile(file);
  const key = `rds/${name.padStart(16, "0")}`;
  for (let n = since, isFirst = true; ;) {
    try {
      const before = readLock(store, file);
      const kept = Number(before.lock.entries.get(key)?.label.split(" ")[1] ?? 0);
      if (kept < n) tell({ lost: `${name}: ${kept} where ${n} was written` });
      if (isFirst) n = Math.max(n, kept);
      isFirst = false;
      const entry = {
        label: `${name} ${n + 1}`,
        query: { list: "backups", name, service: "rds" },
        answered: { at: new Date().toISOString(), cloud: "otc", host: "rds" },
        records: Records.of(
          Array.from({ length: 200 }, (_, i) => ({ id: `${name}-${n}-${i}`, size: i })),
        ),
      };
      writeLock(store, file, before, {
        stacks: new Map(),
        answers: new Map([[key, entry]]),
        refused: new Set(),
        began: Date.now(),
      });
      tell({ wrote: ++n });
    } catch (error) {
      tell({ error: String(error) });
    }
  }
}

function read(file) {
  const store = new LockFile(file);
  for (let wasThere = false, reads = 1; ; reads++) {
    try {
      const { text } = readLock(store, file);
      if (wasThere && text === undefined) throw new Error("it was gone");
      wasThere ||= text !== undefined;
    } catch (error) {
      tell({ error: `reader: ${error}` });
    }
    if (reads % 100 === 0) tell({ reads: 100 });
  }
}

/** At once: nothing else is done between two writes. */
function tell(message) {
  writeSync(1, `${JSON.stringify(message)}\n`);
}

function withoutAddon() {
  const load = Module._load;
  Module._load = (request, ...more) => {
    if (request === "fs-native-extensions") throw new Error("not there");
    return load(request, ...more);
  };
}
