import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BackupEmulator, BackupService } from "../../lib";
import type { Fault } from "../../lib/emulator/types";
import { COMMAND, runCommand, startCommand } from "../support/command";
import { ENVIRONMENT, temporaryFolder } from "../support/programs";

let emulator: BackupEmulator;
beforeEach(() => {
  emulator = BackupEmulator.start();
});
afterEach(() => emulator.close());

const fault = (each: Fault) => emulator._control({ op: "fault", fault: each });
const asked = (args: string[], options: { cwd?: string; env?: { [name: string]: string } } = {}) =>
  runCommand(args, { ...options, env: { ...emulator.environment, ...options.env } });
const [INSTANCE] = BackupEmulator.sampleInstances(BackupService.RDS) as [string];
/** Of one instance, of which nothing has to be noted. */
const LISTED = ["list", "rds", "--instance", INSTANCE];

describe("the command", () => {
  test("tells its version and what it can do, and ends with 0", async () => {
    const [version, help] = await Promise.all([
      runCommand(["--version"]),
      runCommand(["list", "--help"]),
    ]);
    expect(version).toEqual({
      exit: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: "",
    });
    expect(help).toMatchObject({ exit: 0, stderr: "" });
    expect(help.stdout).toContain("--instances");
  });

  test("says of each command which services it takes", async () => {
    const says = async (command: string) => {
      const { stdout } = await runCommand([command, "--help"]);
      return stdout.replace(/\s+/g, " ");
    };
    for (const command of ["list", "report", "doctor"]) {
      expect(await says(command)).toContain("or dds; all is all but taurusdb-incremental");
    }
    expect(await says("decide")).not.toContain("all is");
  });

  test.each([
    ["an unknown command", ["lits", "rds"], "Did you mean list?"],
    ["an unknown option", ["list", "rds", "--regoin", "eu-de"], "Did you mean --region?"],
    ["no service", ["list"], "missing required argument"],
    ["a service that there is not", ["list", "rdss"], "Did you mean rds?"],
    ["an engine", ["list", "Redis"], "Did you mean dcs or geminidb?"],
    ["a former name", ["list", "GaussDB(for MySQL)"], "Did you mean taurusdb?"],
    ["a duration that is none", ["list", "rds", "--within", "7"], '"7" is no duration'],
    ["a kind that there is not", ["list", "rds", "--kind", "full"], '"full" is no kind of backup'],
    ["a format that is none", ["list", "rds", "-f", "xml"], '--format "xml" is no format'],
    ["a format of another command", ["decide", "rds", "-f", "csv"], "text, json, markdown"],
    ["a file without a format", ["list", "rds", "--out", "file"], "--out file names no file"],
    ["a cloud that there is not", ["list", "rds", "--cloud", "aws"], '"aws" is no cloud'],
    ["a moment that is none", ["list", "rds", "--as-of", "now"], '"now" is no moment'],
    ["a timeout that is none", ["list", "rds", "--timeout", ""], '"" is no duration'],
    ["no instance", ["decide", "rds"], "no instance is given"],
    [
      "a kind from which nothing is restored",
      ["decide", "rds", "--instance", "x", "--kind", "incremental"],
      "Allowed: automatic, manual, fragment",
    ],
    [
      "a moment of a cache",
      ["decide", "dcs", "--instance", "x", "--newest-moment"],
      "leave out --at and --newest-moment",
    ],
    [
      "two ways to choose",
      ["decide", "rds", "--instance", "x", "--at", "2026-01-01", "--id", "y"],
      "--at and --id",
    ],
  ])("%s is wrong use: 1, before any request", async (_, args, said) => {
    const { exit, stderr, stdout } = await asked(args);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: "" });
    expect(stderr).toContain(said);
    expect(stderr).not.toMatch(/^ +at /m);
    // Words of programs.
    expect(stderr).not.toMatch(/BackupKind|Selection|`/);
    expect(emulator.requests).toEqual([]);
  });

  test("says that nobody can be asked, and which variables would do: 1", async () => {
    const { exit, stderr, stdout } = await runCommand(["list", "rds"]);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: "" });
    expect(stderr).toMatch(/^NO_CLOUD: .*HW_CLOUD/);
  });

  test("ends with 2 where something is found, and with 3 where a lookup failed", async () => {
    const old = await asked(["decide", "rds", "--instance", INSTANCE, "--max-age", "1s"]);
    expect(old).toMatchObject({ exit: 2, stderr: "" });
    fault({ service: "rds", status: 403, body: '{"error_msg": "no"}', times: -1 });
    const failed = await asked(["decide", "rds", "--instance", INSTANCE]);
    expect(failed).toMatchObject({ exit: 3, stdout: "" });
    expect(failed.stderr).toMatch(/^NOT_PERMITTED: /);
  });

  test("tells what came of the others where one lookup failed: 3", async () => {
    fault({ service: "dds", status: 403, body: '{"error_msg": "no"}', times: -1 });
    const { exit, stderr, stdout } = await asked(["list", "rds", "dds", "-f", "ndjson"]);
    expect(exit).toBe(3);
    expect(stderr).toMatch(/NOT_PERMITTED/);
    const services = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).service);
    expect([...new Set(services)]).toEqual(["rds"]);
  });

  test("writes files beside standard output, and no notice of the wait into either", async () => {
    const cwd = temporaryFolder("files");
    const { exit, stderr, stdout } = await asked(
      [...LISTED, "--out", "json=a.json", "-o", "csv=b=c.csv", "-o", "text=-x"],
      { cwd },
    );
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
    const { backups } = JSON.parse(readFileSync(join(cwd, "a.json"), "utf8"));
    expect(stdout).toContain(`${backups.length} backups, as of`);
    expect(readFileSync(join(cwd, "b=c.csv"), "utf8").split("\n")[0]).toMatch(/^service,id,name,/);
    expect(readFileSync(join(cwd, "-x"), "utf8")).toBe(stdout);
  });

  test("tells a wait for the quota to nobody who reads data", async () => {
    const body = JSON.stringify({ error_msg: "Your quota (1 requests in 4 seconds) is exceeded" });
    fault({ service: "rds", status: 429, headers: { "retry-after": "4" }, body });
    const { exit, stderr, stdout } = await asked([...LISTED, "-f", "json"]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
    expect(JSON.parse(stdout).backups.length).toBeGreaterThan(0);
  });

  test("says which file can't be written: 1", async () => {
    const { exit, stderr, stdout } = await asked(["list", "rds", "--out", "json=none/a.json"]);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: "" });
    expect(stderr).toMatch(/^OUTPUT_NOT_WRITTEN: none\/a\.json can't be written \(ENOENT\)/);
  });

  // Where the system has the device that is always full.
  (existsSync("/dev/full") ? test : test.skip)(
    "says that standard output can't be written: 1",
    async () => {
      const child = spawn(
        "sh",
        ["-c", `"$0" "$1" ${LISTED.join(" ")} > /dev/full`, process.execPath, COMMAND],
        {
          env: { ...ENVIRONMENT, ...emulator.environment },
          stdio: ["ignore", "ignore", "pipe"],
        },
      );
      let stderr = "";
      child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
      const exit = await new Promise((resolve) => child.once("close", resolve));
      expect(exit).toBe(1);
      expect(stderr).toMatch(
        /^OUTPUT_NOT_WRITTEN: standard output can't be written \(ENOSPC\)\. .*\n$/,
      );
    },
  );

  test("tells what to do in words of the command line", async () => {
    fault({ service: "rds", hang: true, times: -1 });
    const late = await asked(["list", "rds", "--timeout", "1s"]);
    expect(late.exit).toBe(3);
    expect(late.stderr).toMatch(/^DEADLINE_EXCEEDED: .*--timeout/);
    expect(late.stderr).not.toContain("BackupProvider");
  });

  test("tells ten notes, and how many more there are", async () => {
    for (let i = 0; i < 14; i++) {
      const beginTime = new Date(Date.now() - i * 3_600_000);
      emulator.addBackup({
        ...{ service: BackupService.RDS, id: `n${i}`, instanceId: INSTANCE, beginTime },
        name: "${not.a.template}",
      });
    }
    const { exit, stderr, stdout } = await asked(["list", "rds", "-f", "ndjson"]);
    expect(exit).toBe(0);
    expect(stdout.split("\n").length).toBeGreaterThan(14);
    const notes = stderr.trim().split("\n");
    expect(notes).toHaveLength(11);
    expect(notes[10]).toMatch(/^note: … and \d+ more$/);
  });

  test("ends with 70 where it fails itself, and says so: not as for a wrong use", async () => {
    const folder = temporaryFolder("defect");
    const broken = join(folder, "broken.js");
    writeFileSync(broken, 'process.stdout.write = () => { throw new TypeError("boom"); };');
    const env = { NODE_OPTIONS: `--require ${broken}` };
    const { exit, stderr } = await runCommand(["completion", "bash"], { env });
    expect(exit).toBe(70);
    expect(stderr).toContain("TypeError: boom");
    expect(stderr).toContain("This is a defect of cdktf-backups");
  });

  test("ends quietly where nobody reads on", async () => {
    emulator.close();
    emulator = BackupEmulator.start({ count: 3_000 });
    const child = spawn(
      "sh",
      [
        "-c",
        `{ "$0" "$1" ${LISTED.join(" ")} -f ndjson; echo "exit $?" >&2; } | head -1`,
        process.execPath,
        COMMAND,
      ],
      { env: { ...ENVIRONMENT, ...emulator.environment }, stdio: ["ignore", "pipe", "pipe"] },
    );
    const said = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (chunk: string) => (said[name] += chunk));
    }
    await new Promise((resolve) => child.once("close", resolve));
    expect(JSON.parse(said.stdout)).toMatchObject({ service: "rds" });
    expect(said.stderr).toMatch(/^exit (0|141)\n$/);
  });

  test("ends with 130 by Ctrl-C while it waits for an answer, and prints nothing", async () => {
    for (const args of [
      ["list", "rds"],
      ["decide", "rds", "--instance", INSTANCE],
      ["doctor", "rds"],
    ]) {
      fault({ service: "rds", hang: true, times: -1 });
      const before = emulator.requests.length;
      const { child, ended } = startCommand([...args, "--timeout", "1h"], {
        env: emulator.environment,
      });
      while (!emulator.requests.slice(before).some((url) => url.includes("/v3/0"))) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      child.kill("SIGINT");
      expect(await ended).toEqual({ exit: 130, stdout: "", stderr: "" });
    }
  });

  test("colours nothing where no terminal reads", async () => {
    const { stdout } = await asked(["decide", "rds", "--instance", INSTANCE], {
      env: { FORCE_COLOR: "1" },
    });
    expect(stdout).not.toContain("\u001b");
  });

  test("shows no secret, whatever it is asked and however it fails", async () => {
    const { HW_ACCESS_KEY, HW_SECRET_KEY } = emulator.environment as { [name: string]: string };
    const echo = JSON.stringify({ error_msg: `the key ${HW_ACCESS_KEY} with ${HW_SECRET_KEY}` });
    const calls = ["list", "decide", "doctor"].map((command) => [
      ...[command, "rds"],
      ...(command === "decide" ? ["--instance", INSTANCE] : []),
    ]);
    for (const args of calls) {
      fault({ service: "rds", status: 403, body: echo });
      for (const format of ["text", "json", "markdown"]) {
        const { stderr, stdout } = await asked([...args, "-f", format]);
        for (const secret of [HW_ACCESS_KEY, HW_SECRET_KEY]) {
          expect(stdout + stderr).not.toContain(secret);
        }
      }
    }
  });

  test("loads no framework, and needs none", async () => {
    const hook = join(temporaryFolder("hook"), "hook.js");
    writeFileSync(
      hook,
      `const Module = require("node:module"); const load = Module._load;
       Module._load = function (name, ...rest) {
         if (/^(cdktf|cdktn|constructs|@cdkt[fn])/.test(name)) { process.stderr.write("loaded " + name); process.exit(97); }
         return load.call(this, name, ...rest); };`,
    );
    const env = { NODE_OPTIONS: `--require ${hook}` };
    for (const args of [
      ["--help"],
      LISTED,
      ["list", "all", "--instances"],
      ["decide", "rds", "--instance", INSTANCE],
      ["doctor"],
      ["completion", "bash"],
    ]) {
      expect(await asked(args, { env })).toMatchObject({ exit: 0, stderr: "" });
    }
    const text = readFileSync(COMMAND, "utf8");
    expect(text).not.toMatch(/require\("(cdktf|cdktn|constructs|@cdktf\/[^"]*)"\)/);
  });
});
