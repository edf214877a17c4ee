import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { parse } from "yaml";
import { BackupEmulator, BackupService } from "../lib";
import { parsePolicy } from "../lib/cli/policy";
import { namesIn } from "../lib/cloud/variables";
import { SERVICES } from "../lib/services/registry";
import { anchorsOf, blocksOf, linksIn } from "./support/markdown";
import { temporaryFolder } from "./support/programs";
import { runProgram } from "./support/run-program";

const ROOT = join(__dirname, "..");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const below = (folder: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join(folder, file));

/** What tells how to use the library. */
const GUIDES = ["README.md", ...below("docs")].sort();
/** All that people read; API.md is generated, and has no links to files. */
const PAGES = [
  ...["CHANGELOG.md", "CONTRIBUTING.md", "RULES.md", "SECURITY.md"],
  ...[...GUIDES, ...below("examples"), ...below("lib")],
];

const blocks = (language: string) =>
  GUIDES.flatMap((file) =>
    blocksOf(read(file), language).map((block, i) => ({ file, number: i + 1, ...block })),
  );
const named = (each: { file: string; number: number }) => `${each.file}, ${each.number}`;
const programs = blocks("ts").map((block) => [named(block), block] as const);

const OWN = [
  ...["CDKTF_BACKUPS_ENDPOINTS", "CDKTF_BACKUPS_MODE", "CDKTF_BACKUPS_PRUNE_DAYS"],
  ...["CDKTF_BACKUPS_PROGRESS", "CDKTF_BACKUPS_UNMET"],
];
/** The variables that may stand in a command or a pipeline. */
const VARIABLES = [...OWN, ...namesIn(["hw", "sdk", "os"])];

describe("a program of the guides", () => {
  let emulator: BackupEmulator;
  beforeAll(() => {
    emulator = BackupEmulator.start();
    emulator.addInstanceRecord(BackupService.RDS, {
      ...{ id: "9in01", name: "orders-staging", status: "ACTIVE", volume: { size: 4000 } },
      datastore: { type: "MySQL", version: "8.0" },
    });
  });
  afterAll(() => emulator.close());

  test("stands in each that is about programs", () => {
    const having = [...new Set(programs.map(([, { file }]) => file))];
    expect(having).toEqual(
      expect.arrayContaining([
        ...["README.md", "docs/cdktn.md", "docs/connecting.md", "docs/decisions.md"],
        ...["docs/lock.md", "docs/lookups.md", "docs/moving-from-data-blocks.md"],
        ...["docs/restores.md", "docs/testing.md"],
      ]),
    );
  });

  test.each(programs)("runs: %s", async (_name, { code, file, heading }) => {
    const { config, printed, status } = await runProgram(code, {
      ...emulator.environment,
      // Where a program names this cloud, the emulator's endpoints have to be its own.
      ...(code.includes("openTelekomCloud") ? { HW_CLOUD: "otc.t-systems.com" } : {}),
    });
    expect(printed).not.toMatch(/error/i);
    expect(status).toBe(0);
    for (const [, expected] of code.matchAll(/console\.log\([^\n]*; \/\/ (\w+)/g)) {
      expect(printed).toContain(expected);
    }
    if (file === "docs/restores.md") checkRestore(code, heading, config);
  });

  test("is what the compiler takes", () => {
    const folder = temporaryFolder("guides");
    const files = programs.map(([, { code }], i) => {
      const file = join(folder, `program-${i}.ts`);
      writeFileSync(file, code);
      return file;
    });
    const paths = {
      "cdktf-backups": [join(ROOT, "lib", "index.ts")],
      "*": [join(ROOT, "node_modules", "*"), join(ROOT, "node_modules", "@types", "*")],
    };
    const { options } = ts.convertCompilerOptionsFromJson(
      {
        ...JSON.parse(read("tsconfig.json")).compilerOptions,
        ...{ noEmit: true, paths, noUnusedLocals: true },
        ...{ typeRoots: [join(ROOT, "node_modules", "@types")] },
      },
      ROOT,
    );
    const program = ts.createProgram(files, options);
    const told = files.flatMap((name, i) => {
      const source = program.getSourceFile(name)!;
      const found = [
        ...program.getSyntacticDiagnostics(source),
        ...program.getSemanticDiagnostics(source),
      ];
      return found.map(({ start, messageText }) => {
        const { line } = source.getLineAndCharacterOfPosition(start!);
        const text = ts.flattenDiagnosticMessageText(messageText, " ");
        return `${programs[i]![0]}, line ${line + 1}: ${text}`;
      });
    });
    expect(told).toEqual([]);
  }, 180_000);
});

/** What a recipe writes, and that it asks for the provider that the page's table says. */
function checkRestore(code: string, heading: string, config: (stack: string) => any): void {
  const wanted: { [heading: string]: string } = {
    "In place": "huaweicloud_rds_restore",
    "To a moment": "huaweicloud_taurusdb_restore",
    "To a new instance": "_rds_instance",
    "A consistent set": "null_resource",
    "By a command of your own": "null_resource",
  };
  expect(Object.keys(wanted)).toContain(heading);
  const [, stack] = /new TerraformStack\(app, "(.*)"\)/.exec(code)!;
  const { resource = {}, terraform } = config(stack!);
  expect(Object.keys(resource)).toContainEqual(expect.stringContaining(wanted[heading]!));
  const asked = terraform.required_providers?.huaweicloud?.version;
  if (asked === undefined) return;
  const row = new RegExp(`^\\|.*\`${wanted[heading]}\`.*\\| huaweicloud (\\S+)`, "m");
  expect(asked).toBe(`>= ${row.exec(read("docs/restores.md"))?.[1]}`);
}

describe("a command of the guides", () => {
  const { scripts } = JSON.parse(read("package.json"));
  const lines = blocks("sh").flatMap(({ code, ...block }) =>
    code
      .trim()
      .split(/\n|&&/)
      .map((line) => [named(block), line.replace(/ #.*/, "").trim()] as const)
      .filter(([, line]) => line !== ""),
  );

  test.each(lines)("in %s is one that there is: %s", (_name, line) => {
    const [, variables = "", command = ""] = /^((?:[A-Z_]+=\S+ )*)(.*)$/.exec(line)!;
    for (const [, name] of variables.matchAll(/([A-Z_]+)=/g)) expect(VARIABLES).toContain(name);
    const [, script] = /^npm (?:run )?([\w:]+)/.exec(command) ?? [];
    if (script && !["ci", "install"].includes(script)) expect(scripts).toHaveProperty([script]);
    else {
      expect(command).toMatch(
        /^(npm ci|npm install (?:-D )?[@\w.:/ -]+|npx cdktf (synth|get|deploy|diff)\b.*|npx tsx \S+|npx cdktf-backups [a-z]+( .*)?|terraform [a-z]+ .*|git show .*|pip install [\w.= -]+|python \S+)$/,
      );
    }
  });

  test("are the two that a clone starts with", () => {
    const [first, second] = blocksOf(read("README.md"), "sh");
    expect(first?.code.trim()).toBe("npm ci && npx cdktf synth");
    expect(second?.code.trim()).toBe("npm ci && npm test");
    expect(scripts.test).toContain("jest");
  });
});

describe("a pipeline of docs/lock.md", () => {
  const pipelines = blocks("yaml")
    .filter(({ file }) => file === "docs/lock.md")
    .map((block) => [named(block), parse(block.code)] as const);

  /** The variables that are set, and those that its scripts read. */
  function variablesOf(part: unknown, key = ""): string[] {
    if (typeof part === "string") {
      const isScript = key === "run" || key === "script";
      const read = isScript ? part.matchAll(/\$\{?([A-Z][A-Z_]+)/g) : [];
      return [...read].map(([, name]) => name!);
    }
    if (Array.isArray(part)) return part.flatMap((each) => variablesOf(each, key));
    if (typeof part !== "object" || part === null) return [];
    return Object.entries(part).flatMap(([name, value]) => [
      ...(key === "env" || key === "variables" ? [name] : []),
      ...variablesOf(value, name),
    ]);
  }

  /** Its jobs, each with the mode that its lookups are in. */
  function modesIn(pipeline: any): { [job: string]: string } {
    const jobs = Object.entries<any>(pipeline.jobs ?? pipeline).filter(
      ([, job]) => job?.steps ?? job?.script,
    );
    return Object.fromEntries(
      jobs.map(([name, job]) => {
        const settings = [
          ...[pipeline.env, job.env, job.variables],
          ...(job.steps ?? []).map(({ env }: any) => env),
        ];
        return [name, settings.map((each) => each?.CDKTF_BACKUPS_MODE).find(Boolean)];
      }),
    );
  }

  test("is there for GitHub and for GitLab", () => {
    expect(pipelines.map(([, pipeline]) => modesIn(pipeline))).toEqual([
      { renew: "LIVE" },
      { plan: "FROZEN", deploy: "FROZEN" },
      { "renew-lock": "LIVE", plan: "FROZEN", deploy: "FROZEN" },
    ]);
  });

  test.each(pipelines)("names no variable that nobody reads: %s", (_name, pipeline) => {
    const names = variablesOf(pipeline);
    expect(names).toContain("CDKTF_BACKUPS_MODE");
    const unknown = names.filter((name) => !VARIABLES.includes(name));
    // GitHub's, GitLab's, and the one that the page tells to make.
    expect(unknown.filter((name) => !/^(CI_[A-Z_]+|GH_TOKEN|RENEW_TOKEN)$/.test(name))).toEqual([]);
  });

  test.each(pipelines)("asks the cloud only when it is time, or somebody says so: %s", (_n, it) => {
    const isTimed = JSON.stringify(it.on ?? it["renew-lock"].rules).includes("schedule");
    expect(isTimed).toBe(Object.values(modesIn(it)).includes("LIVE"));
  });
});

describe("a policy of docs/cli.md", () => {
  const policies = blocks("yaml").filter(({ file }) => file === "docs/cli.md");

  test("is one that the command takes", () => {
    expect(policies.length).toBeGreaterThan(0);
    for (const { code } of policies) expect(parsePolicy(code, "it").instances).toHaveLength(1);
  });
});

describe("what a guide says of the library", () => {
  const connecting = read("docs/connecting.md");

  test.each(Object.values(SERVICES).map((api) => [api.label, api] as const))(
    "is its endpoint of %s, and in one row what a user must be allowed to do",
    (label, { endpoint, instances, lists }) => {
      expect(connecting).toMatch(new RegExp(`CDKTF_BACKUPS_ENDPOINTS.*\`${endpoint}\``));
      const row = new RegExp(`^\\| ${label} +\\|.*:list.*$|^\\| ${label} +\\|.*:get.*$`, "m");
      const asked = [...Object.values(lists), instances, instances.detail];
      const needed = asked.flatMap((list) => list?.actions ?? []);
      const written = row.exec(connecting)?.[0].match(/[a-z]+:\w+:\w+/g);
      expect(written?.sort()).toEqual([...new Set(needed)].sort());
    },
  );

  test.each(Object.values(SERVICES).map((api) => [api.label, api] as const))(
    "is what Terraform restores of %s, as its description does",
    (label, { restore, windows }) => {
      const rows = read("README.md").match(/^\| .* (?:on Huawei Cloud|anywhere).*\|$/gm) ?? [];
      const cells = rows.map((row) => row.split("|").map((cell) => cell.trim()));
      const [, , inPlace, toNew] = cells.find(([, first]) => first?.includes(label)) ?? [];
      const fromBackup = windows ? "from a backup or to a moment" : "from a backup";
      expect(inPlace).toBe(restore ? fromBackup : "no resource exists");
      expect(toNew).toBe(restore?.canMakeInstance ? "from a backup" : "no resource exists");
    },
  );

  test.each(
    Object.values(SERVICES).flatMap(({ label, restore }) =>
      restore ? [[label, restore.resource] as const] : [],
    ),
  )("is the resource that restores %s", (label, resource) => {
    expect(read("docs/restores.md")).toMatch(
      new RegExp(`^\\| ${label} in place +\\| \`${resource}\``, "m"),
    );
  });

  test("is every variable of the lock file, and every other of its own", () => {
    const source = read("lib/lookup/mode.ts");
    const names = source.match(/(?<=")CDKTF_BACKUPS_[A-Z_]+(?=")/g) ?? [];
    expect(names).toHaveLength(2);
    for (const name of names) expect(read("docs/lock.md")).toContain(name);
    const guides = GUIDES.map(read).join("\n");
    for (const name of OWN) expect(guides).toContain(`\`${name}`);
    const mentioned = new Set(guides.match(/CDKTF_BACKUPS_[A-Z_]+\b/g));
    expect([...mentioned].filter((name) => !OWN.includes(name))).toEqual([]);
  });

  test("ships with the package", () => {
    const { files } = JSON.parse(read("package.json"));
    for (const file of ["API.md", "CHANGELOG.md", "RULES.md", "docs", "examples"]) {
      expect(files).toContain(file);
    }
  });
});

describe("a link", () => {
  test.each(PAGES)("of %s leads somewhere", (page) => {
    const broken = linksIn(read(page)).filter((link) => !leads(page, link));
    expect(broken).toEqual([]);
  });

  test("that leads nowhere is found", () => {
    const broken = ["docs/none.md", "#none", "docs/lock.md#none"];
    expect(broken.filter((link) => leads("README.md", link))).toEqual([]);
    expect(leads("docs/lock.md", "../SECURITY.md#security")).toBe(true);
    expect(linksIn("[a](b.md) `[c](d.md)` [e](https://f)\n```md\n[g](h.md)\n```\n")).toEqual([
      "b.md",
    ]);
    expect(anchorsOf("# The a, b\n## `c` – d\n## `c` – d\n")).toEqual([
      ...["the-a-b", "c--d", "c--d-1"],
    ]);
  });

  /** A file, and a heading of it. */
  function leads(page: string, link: string): boolean {
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? page : relative(ROOT, join(ROOT, dirname(page), path));
    if (target.startsWith("..") || !existsSync(join(ROOT, target))) return false;
    return anchor === undefined || anchorsOf(read(target)).includes(anchor);
  }
});
