import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "..");

// ESLint loads its configuration by `import()`, which jest's own module system lacks: it runs beside.
const LINT = `
const { ESLint } = require("eslint");
const cases = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const eslint = new ESLint();
(async () => {
  const problems = [];
  for (const [file, source] of cases) {
    const code = 'import * as x from "' + source + '";\\nexport const y = x;\\n';
    const [result] = await eslint.lintText(code, { filePath: "lib/" + file });
    problems.push(result.messages.map(({ message }) => message).join());
  }
  console.log(JSON.stringify(problems));
})();
`;

function problemsOf(cases: readonly (readonly string[])[]): string[] {
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", LINT], {
    cwd: ROOT,
    encoding: "utf8",
    input: JSON.stringify(cases),
  });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout) as string[];
}

const FORBIDDEN = [
  ["model/x.ts", "../services/rds", "lib/model may import no other room"],
  ["services/x.ts", "../cloud/client", "lib/services may import lib/model"],
  ["cloud/x.ts", "../query/query", "lib/cloud may import lib/model"],
  ["cloud/x.ts", "../lookup/session", "lib/cloud may import lib/model"],
  ["restore/x.ts", "../lookup/session", "lib/restore may import lib/model"],
  ["lookup/x.ts", "../constructs/provider", "lib/lookup may import"],
  ["lookup/x.ts", "../terraform/output", "lib/lookup may import"],
  ["terraform/x.ts", "../constructs/provider", "lib/terraform may import"],
  ["emulator/x.ts", "../services/rds", "lib/emulator may import"],
  ["emulator/x.ts", "../lookup/session", "lib/emulator may import"],
  ["lock/x.ts", "../lookup/session", "lib/lock may import"],
  ["wire/x.ts", "../lookup/session", "lib/wire may import"],
  ["thread/x.ts", "../wire/bridge", "lib/thread may import"],
  ["query/x.ts", "../lock/format", "lib/query may import"],
  ["constructs/x.ts", "../thread/thread", "lib/constructs may import"],
  ["constructs/x.ts", "cdktf", "Only lib/terraform knows the framework"],
  ["lookup/x.ts", "@cdktf/provider-null", "Only lib/terraform knows the framework"],
  ["restore/rules/x.ts", "../../lookup/session", "lib/restore may import lib/model"],
  ["restore/x.ts", "constructs", "lib/restore knows no construct"],
  ["model/x.ts", "node:fs", "lib/model does no I/O"],
  ["model/x.ts", "fs", "lib/model does no I/O"],
  ["model/x.ts", "fs/promises", "lib/model does no I/O"],
  ["model/x.ts", "./../cloud/http", "lib/model may import no other room"],
] as const;

const ALLOWED = [
  ["services/x.ts", "../model/backup"],
  ["cloud/x.ts", "../services/rds"],
  ["constructs/x.ts", "../lookup/session"],
  ["lookup/x.ts", "../cloud/client"],
  ["lookup/x.ts", "./plan"],
  ["lookup/x.ts", "../lock/format"],
  ["wire/x.ts", "../thread/thread"],
  ["emulator/x.ts", "../thread/thread"],
  ["restore/rules/x.ts", "../../model/backup"],
  ["restore/rules/x.ts", "../selection"],
] as const;

describe("imports run downward only", () => {
  let problems: string[] = [];
  beforeAll(() => {
    problems = problemsOf([...FORBIDDEN, ...ALLOWED]);
  });

  test.each(FORBIDDEN.map((each, i) => [...each, i] as const))(
    "so %s may not import %s",
    (_file, _source, message, i) => {
      expect(problems[i]).toContain(message);
    },
  );

  test.each(ALLOWED.map((each, i) => [...each, FORBIDDEN.length + i] as const))(
    "and %s may import %s",
    (_file, _source, i) => {
      expect(problems[i]).toBe("");
    },
  );
});

describe("imports run in no circle", () => {
  const circlesIn = (folder: string) =>
    spawnSync(process.execPath, ["lint-circles.mjs", folder], { cwd: ROOT, encoding: "utf8" });

  test("in lib/", () => {
    expect(circlesIn("lib")).toMatchObject({ status: 0, stderr: "" });
  });

  test("or it is said which files they are, be it of types alone", () => {
    const folder = mkdtempSync(join(tmpdir(), "circles-"));
    writeFileSync(join(folder, "a.ts"), 'import type { B } from "./b";\nexport type A = B;\n');
    writeFileSync(join(folder, "b.ts"), 'export * from "./c";\nexport type B = 1;\n');
    writeFileSync(join(folder, "c.ts"), 'export const c = () => import("./a");\n');
    const { status, stderr } = circlesIn(folder);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^imports in a circle: \S+a\.ts → \S+b\.ts → \S+c\.ts → \S+a\.ts$/m);
  });
});
