import { createServer, Server } from "node:net";
import { spawnSync } from "node:child_process";
import { BackupEmulator, BackupService } from "../../../lib";
import { runCommand, startCommand, Started } from "../../support/command";

/** Starts it, and waits until it has told all its variables. */
async function emulate(args: readonly string[] = []): Promise<Started & { printed(): string }> {
  const started = startCommand(["emulate", ...args]);
  let printed = "";
  started.child.stdout.on("data", (chunk: string) => (printed += chunk));
  await started.said("worth-anywhere");
  return { ...started, printed: () => printed };
}

function variablesIn(printed: string): { [name: string]: string } {
  const lines = printed.matchAll(/^export (\w+)='(.*)'$/gm);
  return Object.fromEntries([...lines].map(([, name, text]) => [name, text]));
}

const [RDS] = BackupEmulator.sampleInstances(BackupService.RDS) as [string];
const NAMES = ["CDKTF_BACKUPS_ENDPOINTS", "HW_REGION_NAME", "HW_ACCESS_KEY", "HW_SECRET_KEY"];

describe("emulate", () => {
  test("serves what its variables point at, and tells each request where it is asked to, until SIGTERM", async () => {
    const { child, ended, printed, said } = await emulate(["--generate", "7", "--log"]);
    const env = variablesIn(printed());
    const args = ["list", "rds", "--instance", RDS, "-f", "ndjson"];
    const listed = await runCommand(args, { env });
    expect(listed).toMatchObject({ exit: 0, stderr: "" });
    expect(listed.stdout.trim().split("\n")).toHaveLength(7);
    await said(" 200 rds GET /v3/");
    child.kill("SIGTERM");
    const { exit, stderr, stdout } = await ended;
    expect(exit).toBe(0);
    expect(Object.keys(variablesIn(stdout))).toEqual(NAMES);
    expect(stdout.trim().split("\n")).toHaveLength(NAMES.length);
    expect(stderr).toMatch(/^\S+Z 200 iam GET \/v3\/projects\?name=eu-de$/m);
    expect(stderr).not.toContain(env["HW_SECRET_KEY"]);
  });

  test("ends with 130 by Ctrl-C, and says nothing without --log", async () => {
    const { child, ended, printed } = await emulate();
    await runCommand(["list", "rds"], { env: variablesIn(printed()) });
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ exit: 130, stderr: "" });
  });

  test("goes on where nobody reads its standard output any more", async () => {
    const { child, ended, printed } = await emulate();
    child.stdout.destroy();
    const listed = await runCommand(["list", "rds"], { env: variablesIn(printed()) });
    expect(listed.exit).toBe(0);
    child.kill("SIGTERM");
    expect((await ended).exit).toBe(0);
  });

  test("takes ports in a row, or says which one is taken and ends with 1", async () => {
    const { first, taken } = await takenPort();
    const { exit, stderr, stdout } = await runCommand(["emulate", "--port", String(first)]);
    taken.close();
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: "" });
    expect(stderr).toMatch(/^EMULATOR_FAILED: .*EADDRINUSE.*127\.0\.0\.1:\d+\.\n$/);
    const { child, ended, printed } = await emulate(["--port", String(first)]);
    const endpoints = JSON.parse(variablesIn(printed())["CDKTF_BACKUPS_ENDPOINTS"]!);
    const ports = Object.values<string>(endpoints).map((url) => Number(new URL(url).port));
    expect(ports).toEqual(ports.map((_, i) => first + i));
    expect(ports).toHaveLength(8);
    child.kill("SIGTERM");
    await ended;
  });

  test.each([
    ["--port", "70000"],
    ["--port", "rds"],
    ["--generate", "-1"],
    ["--generate", "1e9"],
    ["--shell", "tcsh"],
    ["--shell", "constructor"],
  ])("%s %s can't be: 1", async (option, text) => {
    const { exit, stderr, stdout } = await runCommand(["emulate", `${option}=${text}`]);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: "" });
    expect(stderr).toContain(`INVALID_ARGUMENT: ${option} ${JSON.stringify(text)}`);
  });

  test("writes its variables as each shell reads them", async () => {
    const printed: { [shell: string]: string } = {};
    for (const shell of ["sh", "fish", "powershell", "dotenv", "json"]) {
      const started = await emulate(["--shell", shell]);
      printed[shell] = started.printed();
      started.child.kill("SIGTERM");
      await started.ended;
    }
    const script = `${printed["sh"]}node -p 'process.env.CDKTF_BACKUPS_ENDPOINTS'`;
    const read = spawnSync("sh", ["-c", script], { encoding: "utf8" });
    expect(Object.keys(JSON.parse(read.stdout))).toContain("rds");
    expect(printed["fish"]).toMatch(/^set -gx HW_REGION_NAME 'eu-de'$/m);
    expect(printed["powershell"]).toMatch(/^\$env:HW_REGION_NAME = 'eu-de'$/m);
    expect(printed["dotenv"]).toMatch(/^HW_REGION_NAME='eu-de'$/m);
    expect(Object.keys(JSON.parse(printed["json"]!))).toEqual(NAMES);
  });
});

/** A port that is taken, as the third in a row from the first. */
async function takenPort(): Promise<{ first: number; taken: Server }> {
  for (;;) {
    const taken = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address() as { port: number };
    const others = [-2, -1, 1, 2, 3, 4, 5].map((by) => port + by);
    if ((await Promise.all(others.map(isFree))).every(Boolean) && port > 1_030) {
      return { first: port - 2, taken };
    }
    taken.close();
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
      .once("error", () => resolve(false))
      .listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
