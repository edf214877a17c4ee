import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BackupEmulator } from "../../lib";
import { describeUnless, ENVIRONMENT, run } from "../support/programs";
import { project, unreachable } from "./installed";

jest.setTimeout(5 * 60_000);

describeUnless(unreachable(), "the command of the packed library", () => {
  let emulator: BackupEmulator;
  let folder: string;
  beforeAll(async () => {
    emulator = BackupEmulator.start();
    ({ folder } = await project("command", { dependencies: {} }));
  }, 5 * 60_000);
  afterAll(() => emulator.close());

  const command = (...args: string[]) =>
    run(join(folder, "node_modules", ".bin", "cdktf-backups"), args, {
      cwd: folder,
      env: { ...ENVIRONMENT, ...emulator.environment },
    });

  test("works where no framework is installed", async () => {
    expect(existsSync(join(folder, "node_modules", "cdktf"))).toBe(false);
    expect(existsSync(join(folder, "node_modules", "cdktn"))).toBe(false);
    const { code, stderr, stdout } = await command("list", "gaussdb", "--format", "json");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).backups.length).toBeGreaterThan(20);
  });

  test("finds what lies beside it: the page's script, the templates, its own version", async () => {
    expect((await command("report", "rds", "--out", "html=report.html")).code).toBe(0);
    // Of a page that is not as it should be, the text would be shown whole.
    expect(readFileSync(join(folder, "report.html"), "utf8").includes("uplot")).toBe(true);
    expect((await command("init", "new-project")).code).toBe(0);
    expect(existsSync(join(folder, "new-project", "main.ts"))).toBe(true);
    const { version } = JSON.parse(
      readFileSync(join(__dirname, "..", "..", "package.json"), "utf8"),
    );
    expect((await command("--version")).stdout.trim()).toBe(version);
  });
});
