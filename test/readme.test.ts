import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BackupEmulator, BackupService } from "../lib";
import { SERVICES } from "../lib/services/registry";
import { runProgram } from "./support/run-program";

const ROOT = join(__dirname, "..");
const readme = readFileSync(join(ROOT, "README.md"), "utf8");
const examples = [...readme.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code]) => code as string);

let emulator: BackupEmulator;
beforeAll(() => {
  emulator = BackupEmulator.start();
  emulator.addInstanceRecord(BackupService.RDS, {
    ...{ id: "9in01", name: "orders-staging", status: "ACTIVE", volume: { size: 4000 } },
    datastore: { type: "MySQL", version: "8.0" },
  });
});
afterAll(() => emulator.close());

describe("the README", () => {
  test("has its examples", () => {
    expect(examples).toHaveLength(6);
  });

  test.each(examples.map((code, i) => [i + 1, code] as const))(
    "example %d runs",
    async (_i, code) => {
      const { status, printed } = await runProgram(code, {
        ...emulator.environment,
        // The examples name a cloud; where it is, the emulator's endpoints say.
        HW_CLOUD: "otc.t-systems.com",
      });
      expect(printed).not.toMatch(/error/i);
      expect(status).toBe(0);
      for (const [, expected] of code.matchAll(/console\.log\([^\n]*; \/\/ (\w+)/g)) {
        expect(printed).toContain(expected);
      }
    },
  );

  test.each(Object.values(SERVICES).map((api) => [api.label, api] as const))(
    "names the endpoint of %s, and in one row what a user must be allowed to do",
    (label, { endpoint, instances, lists }) => {
      expect(readme).toMatch(new RegExp(`CDKTF_BACKUPS_ENDPOINTS.*\`${endpoint}\``));
      const row = new RegExp(`^\\| ${label} +\\|.*:list.*$|^\\| ${label} +\\|.*:get.*$`, "m");
      const asked = [...Object.values(lists), instances, instances.detail];
      const needed = asked.flatMap((list) => list?.actions ?? []);
      const named = row.exec(readme)?.[0].match(/[a-z]+:\w+:\w+/g);
      expect(named?.sort()).toEqual([...new Set(needed)].sort());
    },
  );

  test.each(Object.values(SERVICES).map((api) => [api.label, api] as const))(
    "says what Terraform restores of %s, as its description does",
    (label, { restore, windows }) => {
      const rows = readme.match(/^\| .* (?:on Huawei Cloud|anywhere).*\|$/gm) ?? [];
      const named = rows.map((row) => row.split("|").map((cell) => cell.trim()));
      const [, , inPlace, toNew] = named.find(([, first]) => first?.includes(label)) ?? [];
      const fromBackup = windows ? "from a backup or to a moment" : "from a backup";
      expect(inPlace).toBe(restore ? fromBackup : "no resource exists");
      expect(toNew).toBe(restore?.canMakeInstance ? "from a backup" : "no resource exists");
    },
  );

  test("names every variable of the lock file", () => {
    const source = readFileSync(join(ROOT, "lib", "lookup", "mode.ts"), "utf8");
    const names = source.match(/(?<=")CDKTF_BACKUPS_[A-Z_]+(?=")/g) ?? [];
    expect(names).toHaveLength(2);
    for (const name of names) expect(readme).toContain(name);
  });

  test("shows the two commands that a clone starts with", () => {
    const commands = [...readme.matchAll(/^```sh\n([^]*?)\n```$/gm)].map(([, command]) => command);
    expect(commands.slice(0, 2)).toEqual(["npm ci && npx cdktf synth", "npm ci && npm test"]);
    const scripts = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).scripts;
    expect(scripts.test).toContain("jest");
  });
});
