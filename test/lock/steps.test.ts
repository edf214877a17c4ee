import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatLock } from "../../lib/lock/format";
import { entryOf, lockOf, readWhole } from "../support/locks";

const SUPPORT = join(__dirname, "..", "support");
const WITHOUT_ADDON = { LOCK_WITHOUT_ADDON: "1" };

/** A file that has one answer. */
function newFile(): string {
  const file = join(mkdtempSync(join(tmpdir(), "lock-steps-")), "backups.lock.json");
  writeFileSync(file, formatLock(lockOf([entryOf("orders", 3)])));
  return file;
}

/** What it holds besides that one; an error where it is no whole lock. */
function writtenTo(file: string): string[] {
  const labels = [...readWhole(readFileSync(file), file).entries.values()].map(
    ({ label }) => label,
  );
  expect(labels).toContain("RDS backups of instance orders");
  return labels.filter((label) => / 0$/.test(label)).sort();
}

/** A process that writes one answer. */
function startWriter(file: string, name: string, env: { [name: string]: string }) {
  const args = ["-r", join(SUPPORT, "lock-steps.js"), join(SUPPORT, "lock-writer.js")];
  const child = spawn(process.execPath, [...args, file, name, "1"], {
    env: { ...process.env, ...env },
  });
  let said = "";
  let listen: () => void = () => {};
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      said += chunk;
      listen();
    });
  const ended = new Promise<string>((resolve) => child.once("close", () => resolve(said)));
  const says = (what: RegExp) =>
    Promise.race([ended, new Promise<void>((r) => (listen = () => what.test(said) && r()))]);
  return { child, ended, says };
}

/** Before each step of a write: what `act` makes of it, until a write has no such step any more. */
async function atEachStep<T>(
  env: { [name: string]: string },
  act: (file: string, writer: ReturnType<typeof startWriter>) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  for (;;) {
    const file = newFile();
    const writer = startWriter(file, "first", { ...env, LOCK_STEP: String(results.length) });
    const said = await writer.says(/step \w+\n/);
    if (said !== undefined && !/step/.test(said)) return results;
    results.push(await act(file, writer));
  }
}

const beside = (file: string) => readdirSync(join(file, "..")).slice(1);

describe.each([
  ["", {}],
  [" without the addon", WITHOUT_ADDON],
])("a writer%s that is stopped before any of its steps", (_how, env) => {
  const isSafe = env !== WITHOUT_ADDON;

  test("while another one writes loses nothing that was written, and nobody reads a part", async () => {
    const results = await atEachStep({ ...env, LOCK_SIGNAL: "SIGSTOP" }, async (file, first) => {
      const second = startWriter(file, "second", env);
      await second.says(/waits\n/);
      const meanwhile = writtenTo(file);
      first.child.kill("SIGCONT");
      const said = await first.ended;
      expect(said).toMatch(/^step \w+\n(waits\n)?first 0\n$/);
      expect(await second.ended).toMatch(/^(waits\n)?second 0\n$/);
      expect(beside(file)).toEqual([]);
      return { step: /step (\w+)/.exec(said)![1], meanwhile, written: writtenTo(file) };
    });
    const lost = results.filter(({ written }) => written.length < 2).map(({ step }) => step);
    // But for the moment between the last look and the rename, where nothing locks.
    const last = isSafe ? [] : ["fstatSync", "closeSync", "renameSync"];
    expect(lost.filter((step) => step !== "readSync")).toEqual(last);
    // The second one was before it, or after it, or had to wait for it.
    const seen = new Set(results.map(({ meanwhile }) => meanwhile.join()));
    const both = ["first 0,second 0", "second 0"];
    expect([...seen].sort()).toEqual(isSafe ? ["", "first 0", ...both] : both);
  }, 240_000);

  test("for ever leaves the old file or the new one, and the next one goes on", async () => {
    const results = await atEachStep({ ...env, LOCK_SIGNAL: "SIGKILL" }, async (file, first) => {
      await first.ended;
      const left = writtenTo(file);
      expect(await startWriter(file, "second", env).ended).toBe("second 0\n");
      expect(writtenTo(file)).toEqual([...left, "second 0"]);
      if (isSafe) expect(beside(file)).toEqual([]);
      return left.join();
    });
    expect(new Set(results)).toEqual(new Set(["", "first 0"]));
  }, 240_000);
});
