import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BackupEmulator } from "../../lib";
import {
  describeWith,
  Environment,
  ENVIRONMENT,
  Finished,
  nullProvider,
  nullProviderPrograms,
  run,
  succeeded,
  temporaryFolder,
  terraform,
} from "../support/terraform";
import { FRAMEWORKS, pythonOf, pythons } from "./wheel";

const PAGE = join(__dirname, "..", "..", "docs", "python.md");
const PREPARING_MS = 15 * 60_000;

let emulator: BackupEmulator;
beforeAll(() => (emulator = BackupEmulator.start()));
afterAll(() => emulator.close());

/** What a program printed last, as JSON; what the library tells stands before it. */
const told = ({ stdout }: Finished) => JSON.parse(stdout.trim().split("\n").at(-1)!);

const reported = ({ reports }: { reports: string[][] }) =>
  reports.map(([code, actor]) => `${code} of the ${actor}`);

describeWith(["python3"], "from Python", () => {
  let folder: string;
  beforeAll(async () => (folder = await pythons()), PREPARING_MS);

  /** Runs a program to its end: it has to end by itself. */
  const python = (framework: string, file: string, cwd: string, env: Environment = {}) =>
    run(pythonOf(folder, framework), [file], {
      cwd,
      env: {
        ...ENVIRONMENT,
        FRAMEWORK: framework,
        CDKTF_OUTDIR: join(cwd, "out"),
        // The programs name no cloud, or one whose address is the emulator's.
        HW_CLOUD: "otc.t-systems.com",
        JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: "20",
        ...env,
      },
    });

  describe.each(FRAMEWORKS)("with %s", (framework) => {
    test("the wheel brings no framework of its own", async () => {
      const pip = ["-m", "pip", "list", "--format=json", "--disable-pip-version-check"];
      const { stdout } = succeeded(
        await run(pythonOf(folder, framework), pip, { cwd: folder, env: ENVIRONMENT }),
      );
      const installed = (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
      expect(installed.filter((name) => /^cdkt/.test(name))).toEqual(
        ["cdktf-backups", framework].sort(),
      );
    });

    describe("a program that looks up, decides and pins", () => {
      const cwd = temporaryFolder("python");
      const stackFolder = join(cwd, "out", "stacks", "recovery");
      const configuration = () => readFileSync(join(stackFolder, "cdk.tf.json"), "utf8");
      let live: Finished;
      beforeAll(async () => {
        const program = join(__dirname, "recovery.py");
        live = succeeded(await python(framework, program, cwd, emulator.environment));
      });

      test("has plain values of five services, and ends by itself", () => {
        const { counts, ...values } = told(live);
        expect(Object.keys(counts)).toEqual(["gaussdb", "rds", "geminidb", "dcs", "taurusdb"]);
        for (const count of Object.values(counts)) expect(count).toBeGreaterThan(0);
        expect(values).toMatchObject({
          ...{ latest: expect.stringMatching(/br01$/), kind: "AUTOMATIC" },
          ...{ ended: expect.stringMatching(/\+00:00$/), gibibytes: expect.any(Number) },
        });
        expect(live.stdout).toContain("backups.lock.json: written for the first time");
      });

      test("has a decision with a reason for each backup", () => {
        const { verdict, is_met, chosen, latest, rejected, counts, reasons, before } = told(live);
        expect(verdict).toBe("recovery/target: MET");
        expect({ is_met, chosen, before }).toEqual({
          is_met: true,
          chosen: latest,
          before: latest,
        });
        expect(rejected).toBe(counts.rds - 1);
        expect(reasons).toContain("has failed");
      });

      test("writes the pin, the trigger and the block of a new instance", () => {
        const { resource, output } = JSON.parse(configuration());
        const pins = Object.values(resource.terraform_data).filter((each: any) => each.input);
        expect(JSON.stringify(pins)).toContain(told(live).latest);
        expect(JSON.stringify(resource.null_resource)).toContain("echo restored");
        expect(output.block.value).toMatchObject({
          instance_id: expect.stringContaining("${"),
          backup_id: expect.stringContaining("${"),
          prevent_destroy: true,
          ignore_changes: ["restore_point"],
        });
      });

      test("comes out the same from its lock, frozen, without an address or a credential", async () => {
        const before = configuration();
        const program = join(__dirname, "recovery.py");
        const frozen = await python(framework, program, cwd, { CDKTF_BACKUPS_MODE: "FROZEN" });
        expect(told(succeeded(frozen))).toEqual(told(live));
        expect(configuration()).toBe(before);
      });

      describeWith(nullProviderPrograms(), "and Terraform", () => {
        test(
          "finds what was written valid",
          async () => {
            const env = { TF_CLI_CONFIG_FILE: await nullProvider() };
            const init = ["init", "-input=false", "-no-color", "-backend=false"];
            succeeded(await terraform(stackFolder, init, env));
            const { stdout } = await terraform(stackFolder, ["validate", "-json"], env);
            expect(JSON.parse(stdout)).toMatchObject({ valid: true, error_count: 0 });
          },
          PREPARING_MS,
        );
      });
    });

    describe("a program that meets what differs from TypeScript", () => {
      const cwd = temporaryFolder("python-differences");
      let values: any;
      beforeAll(async () => {
        const program = join(__dirname, "differences.py");
        values = told(succeeded(await python(framework, program, cwd)));
      });

      test("catches errors whose codes it can read, with who has to act", () => {
        expect(values["not found"]).toEqual({
          type: "RuntimeError",
          text: expect.stringContaining('BACKUP_NOT_FOUND: there is no backup "nope".'),
          reports: [["BACKUP_NOT_FOUND", "ENVIRONMENT", "There is no backup of that id."]],
        });
        expect(reported(values["blank id"])).toEqual(["INVALID_ID of the PROGRAM"]);
        expect(reported(values["fault"])).toEqual(["REFUSED_BY_SERVICE of the ENVIRONMENT"]);
        expect(reported(values["closed"])).toEqual(["EMULATOR_FAILED of the ENVIRONMENT"]);
        expect(values["of another"].reports).toEqual([]);
      });

      test("catches a synthesis that failed, and reads all its codes", () => {
        expect(values["synthesis"].type).toBe("RuntimeError");
        expect(reported(values["synthesis"])).toEqual([
          "INSTANCE_NOT_FOUND of the ENVIRONMENT",
          "BACKUP_NOT_GOOD_ENOUGH of the ENVIRONMENT",
        ]);
      });

      test("is refused a time without a zone, and one with a zone is that moment", () => {
        expect(values["naive"]).toMatchObject({
          type: "TypeError",
          text: expect.stringContaining("Naive datetimes are not supported"),
        });
        expect(values["aware"]).toContain("2026-01-31T10:00:00.000Z");
      });

      test("is refused a timedelta by name", () => {
        expect(values["timedelta"]).toMatchObject({
          type: "TypeError",
          text: expect.stringContaining("within must be one of (cdktf_backups.Duration, NoneType)"),
        });
      });

      test("keeps the lock in a store of its own, and chooses by a condition of its own", () => {
        expect(values["stored"]).toBe(true);
        expect(values["frozen"]).toBeGreaterThan(0);
        expect(values["reason"]).toEqual(["is larger than a MiB"]);
        expect(values["chosen"]).toBeNull();
      });

      test("sets rules by arguments in snake_case", () => {
        expect(values["findings"]).toEqual(["GAP", "RPO"]);
      });

      test("finds no key in JSON where TypeScript has null, and raw records as they were sent", () => {
        expect(values["null"]).toBe(false);
        expect(values["raw"]).toMatch(/in01$/);
      });

      test("has load() return when everything was asked", () => {
        expect(values["load"]).toBe("None");
        expect(values["asked by load"]).toBe(true);
      });
    });
  });

  describe("the page on Python", () => {
    const blocks = [...readFileSync(PAGE, "utf8").matchAll(/^```python\n([^]*?)^```$/gm)];

    test("has its programs", () => {
      expect(blocks).toHaveLength(3);
    });

    test.each(blocks.map(([, code], i) => [i + 1, code as string] as const))(
      "program %d runs",
      async (_i, code) => {
        const cwd = temporaryFolder("python-page");
        writeFileSync(join(cwd, "main.py"), code);
        const finished = await python("cdktf", "main.py", cwd, emulator.environment);
        const { stdout } = succeeded(finished);
        for (const [, expected] of code.matchAll(/print\([^\n]* # (\S+)/g)) {
          expect(stdout).toContain(expected);
        }
        expect(existsSync(join(cwd, "out", "stacks", "recovery", "cdk.tf.json"))).toBe(true);
      },
    );
  });
});
