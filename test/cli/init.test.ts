import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { AddressInfo } from "node:net";
import { join } from "node:path";
import { parse } from "yaml";
import { BackupEmulator, BackupService } from "../../lib";
import { InitOptions, initProject } from "../../lib/cli/init";
import { EMPTY_LOCK, formatLock } from "../../lib/lock/format";
import { node, npmInstall, tarball, unreachable } from "../package/installed";
import {
  describeUnless,
  ENVIRONMENT,
  Environment,
  run,
  temporaryFolder,
} from "../support/programs";
import { succeeded } from "../support/terraform";

jest.setTimeout(10 * 60_000);

const ROOT = join(__dirname, "..", "..");
const PIPELINE = { github: ".github/workflows/backups.yml", gitlab: ".gitlab-ci.yml" };
// Long enough for `base64` to break its line.
const TOKEN = "glpat-".padEnd(90, "x");
const TEST = "test/recovery.test.ts";
const FILES = [
  ...[".gitignore", "README.md", "backups.lock.json", "cdktf.json", "main.ts", "package.json"],
  ...["recovery.ts", TEST, "tsconfig.json"],
];

/** In a folder that is not there yet, unless another is given. */
function init(options: Partial<InitOptions> = {}) {
  const folder = options.folder ?? join(temporaryFolder("init"), "orders-recovery");
  const made = initProject({ framework: "cdktf", pipeline: "none", ...options, folder });
  return { ...made, folder, read: (file: string) => readFileSync(join(folder, file), "utf8") };
}

/** The files that lie below a folder. */
const below = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name).slice(folder.length + 1))
    .sort();

describe("a new project", () => {
  test.each(["github", "gitlab"] as const)("has its files, with a pipeline for %s", (pipeline) => {
    const { files, folder, read } = init({ pipeline });
    expect(files).toEqual([...FILES, PIPELINE[pipeline]].sort());
    expect(below(folder)).toEqual(files);
    expect(readdirSync(join(folder, ".."))).toEqual(["orders-recovery"]);
    expect(parse(read(PIPELINE[pipeline]))).toMatchObject(
      pipeline === "github" ? { jobs: { check: {}, renew: {} } } : { check: {}, renew: {} },
    );
    for (const file of files) expect(read(file)).not.toMatch(/(?<!\$)\{\{/);
  });

  test("has no pipeline where none is wanted, and one of GitHub still takes its secrets", () => {
    expect(init().files).toEqual(FILES);
    expect(init({ pipeline: "github" }).read(PIPELINE.github)).toContain(
      "${{ secrets.OS_ACCESS_KEY }}",
    );
  });

  test.each([
    ["cdktf", "0.21.0", ">=20.19.0"],
    ["cdktn", "0.24.0", ">=22.19.0"],
  ] as const)("is of %s alone, and named as its folder", (framework, version, engine) => {
    const { read } = init({ framework, pipeline: "github" });
    const { version: own } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const settings = JSON.parse(read("package.json"));
    expect(settings).toMatchObject({
      name: "orders-recovery",
      engines: { node: engine },
      scripts: { synth: `${framework} synth`, lock: `CDKTF_BACKUPS_MODE=LIVE ${framework} synth` },
      dependencies: { "cdktf-backups": `^${own}`, [framework]: version },
      devDependencies: { [`${framework}-cli`]: version },
    });
    expect(JSON.parse(read("cdktf.json"))).toMatchObject({ projectId: "orders-recovery" });
    expect(read("recovery.ts")).toContain(`from "${framework}"`);
    expect(read(PIPELINE.github)).toContain(`run: npx ${framework} synth`);
  });

  test("pushes on GitLab with its token, which no command line shows", async () => {
    const { renew } = parse(init({ pipeline: "gitlab" }).read(PIPELINE.gitlab));
    const push = renew.script.find((each: string) => each.includes("git push"));
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(403).end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const project = `http://127.0.0.1:${port}/shop/recovery`;
    const folder = temporaryFolder("push");
    const made = "git init -q && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m a";
    await run("sh", ["-c", made], { cwd: folder, env: ENVIRONMENT });
    const env = {
      ...{ ...ENVIRONMENT, GIT_TRACE: "1", GIT_TERMINAL_PROMPT: "0", RENEW_TOKEN: TOKEN },
      ...{ CI_PROJECT_URL: project, CI_DEFAULT_BRANCH: "main" },
    };
    const { stderr } = await run("sh", ["-c", `${push}`], { cwd: folder, env });
    server.close();
    expect(stderr).toMatch(/trace: run_command: .*git.remote-http/);
    const shown = stderr.split("\n").filter((each) => each.includes("trace: "));
    expect(shown.join("\n")).not.toContain(TOKEN);
    expect(new Set(seen)).toEqual(
      new Set([`Basic ${Buffer.from(`oauth2:${TOKEN}`).toString("base64")}`]),
    );
  });

  test("has the empty lock as the library writes it", () => {
    expect(init().read("backups.lock.json")).toBe(formatLock(EMPTY_LOCK));
  });

  test("takes a version that has to be escaped", () => {
    const version = 'file:C:\\packed\\"one".tgz';
    const { dependencies } = JSON.parse(init({ version }).read("package.json"));
    expect(dependencies["cdktf-backups"]).toBe(version);
  });

  test("may come into a repository that is new, and leaves the folder itself in its place", () => {
    const folder = join(temporaryFolder("init"), "orders-recovery");
    mkdirSync(join(folder, ".git"), { recursive: true });
    symlinkSync(folder, join(folder, "..", "link"));
    init({ folder: join(folder, "..", "link") });
    expect(below(folder)).toEqual(FILES);
    expect(readdirSync(folder)).toContain(".git");
  });

  test("tells what was made and what to run, in a folder whose name has to be quoted", () => {
    const folder = join(temporaryFolder("init"), "it's here", "orders");
    const { next } = init({ folder, pipeline: "gitlab", framework: "cdktn" });
    expect(next.join("\n")).toMatch(/a stack of cdktn, .* GitLab CI, .*Node 22\.19\.0/s);
    expect(next).toContain(`  cd '${folder.replace("'", "'\\''")}'`);
  });
});

describe("init refuses", () => {
  test("a folder that holds anything, and leaves it alone", () => {
    const folder = join(temporaryFolder("init"), "orders");
    mkdirSync(join(folder, ".git"), { recursive: true });
    for (const name of ["a", "b", "c", "d"]) writeFileSync(join(folder, name), "");
    expect(() => init({ folder })).toThrow(
      /^FOLDER_NOT_EMPTY: the folder ".*orders" holds "a", "b", "c", and 1 more\. .*nothing was written/,
    );
    expect(readdirSync(folder).sort()).toEqual([".git", "a", "b", "c", "d"]);
  });

  test.each([
    "Orders",
    "my orders",
    ".orders",
    "_orders",
    "a".repeat(215),
    "node_modules",
    "größe",
  ])("the name %s, before anything is written", (name) => {
    const parent = temporaryFolder("init");
    expect(() => init({ folder: join(parent, name) })).toThrow(/^INVALID_PROJECT_NAME: /);
    expect(readdirSync(parent)).toEqual([]);
  });

  test.each(["", " ", "/"])("%j, which names no folder", (folder) => {
    expect(() => init({ folder })).toThrow(/^INVALID_PROJECT_NAME: /);
  });

  test("a file, and a folder below one", () => {
    const file = join(temporaryFolder("init"), "orders");
    writeFileSync(file, "");
    expect(() => init({ folder: file })).toThrow(/^FOLDER_NOT_WRITABLE: .*not a directory/);
    expect(() => init({ folder: join(file, "x") })).toThrow(/^FOLDER_NOT_WRITABLE: /);
  });

  test("a place that takes no folder, and leaves nothing", () => {
    const parent = temporaryFolder("init");
    symlinkSync(join(parent, "nowhere"), join(parent, "orders"));
    expect(() => init({ folder: join(parent, "orders") })).toThrow(/^FOLDER_NOT_WRITABLE: /);
    expect(readdirSync(parent)).toEqual(["orders"]);
  });
});

describeUnless(unreachable(), "a new project, installed with the packed library,", () => {
  // The command of cdktn asks for a newer Node than the tests may have.
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const hasCommand = { cdktf: true, cdktn: major > 22 || (major === 22 && minor >= 19) };
  const folders = new Map<string, string>();

  beforeAll(async () => {
    const version = `file:${await tarball()}`;
    const install = async (framework: "cdktf" | "cdktn") => {
      const { folder, read } = init({ framework, version, pipeline: "github" });
      const settings = JSON.parse(read("package.json"));
      if (!hasCommand[framework]) delete settings.devDependencies[`${framework}-cli`];
      writeFileSync(join(folder, "package.json"), JSON.stringify(settings));
      succeeded(await npmInstall(folder));
      folders.set(framework, folder);
    };
    await Promise.all([install("cdktf"), install("cdktn")]);
  });

  test("has come out of a package that has all templates", async () => {
    const listed = await run("tar", ["-tzf", await tarball()], { cwd: ROOT, env: ENVIRONMENT });
    const packed = succeeded(listed).stdout.split("\n");
    const templates = below(join(ROOT, "templates")).map((file) => `package/templates/${file}`);
    expect(packed).toEqual(expect.arrayContaining(templates));
    expect(templates).toContain("package/templates/project/gitignore");
  });

  describe.each(["cdktf", "cdktn"] as const)("of %s", (framework) => {
    const folderOf = () => folders.get(framework)!;
    /** Runs a script of package.json. */
    const script = (name: string, env: Environment = {}) =>
      run("npm", ["run", name], {
        cwd: folderOf(),
        env: { ...ENVIRONMENT, CI: "1", FORCE_COLOR: "0", ...env },
      });
    /** Its tests without its check of types, which takes most of the time. */
    const ownTests = () =>
      node(folderOf(), ["--import", "tsx", "--test", "--test-reporter=tap", TEST], {});
    /** The program as the framework's command runs it. */
    const program = (env: Environment = {}) =>
      node(folderOf(), ["--import", "tsx", "main.ts"], env);
    const edit = (file: string, from: string, to: string) => {
      const text = readFileSync(join(folderOf(), file), "utf8");
      expect(text).toContain(from);
      writeFileSync(join(folderOf(), file), text.replace(from, to));
    };

    test("passes its own check of types and its own tests, which leave no file", async () => {
      const before = readdirSync(folderOf());
      const { stdout } = succeeded(await script("test"));
      expect(stdout).toMatch(/ pass 4\n. fail 0/);
      expect(readdirSync(folderOf())).toEqual(before);
    });

    test("has tests that fail where the backups miss another RPO", async () => {
      edit(TEST, "RPO_HOURS = 26", "RPO_HOURS = 6");
      const { code, stdout } = await ownTests();
      edit(TEST, "RPO_HOURS = 6", "RPO_HOURS = 26");
      expect(code).not.toBe(0);
      expect(stdout).toContain("not ok 1 - meets its RPO with the backup of last night");
    });

    test("has tests that fail where the stack no longer demands its RPO", async () => {
      edit("recovery.ts", "{ backups, maxAge: rpo }", "{ backups }");
      const { code, stdout } = await ownTests();
      edit("recovery.ts", "{ backups }", "{ backups, maxAge: rpo }");
      expect(code).not.toBe(0);
      expect(stdout).toContain("not ok 2 - fails the synthesis where the newest backup is older");
    });

    test("is synthesised from sample data, and says so, until it names an instance", async () => {
      const lock = readFileSync(join(folderOf(), "backups.lock.json"), "utf8");
      const { stdout } = succeeded(await (hasCommand[framework] ? script("synth") : program()));
      expect(stdout).toContain("SAMPLE DATA");
      const stack = join(folderOf(), "cdktf.out", "stacks", "recovery", "cdk.tf.json");
      expect(JSON.parse(readFileSync(stack, "utf8")).output.backup_id.value).toMatch(/^\w+$/);
      expect(readFileSync(join(folderOf(), "backups.lock.json"), "utf8")).toBe(lock);
      const frozen = await program({ CDKTF_BACKUPS_MODE: "FROZEN" });
      expect(frozen.code).not.toBe(0);
      expect(frozen.stdout + frozen.stderr).toContain("first name your instance in main.ts");
    });

    test("fills its lock by npm run lock, from which it is synthesised where there is no cloud", async () => {
      const emulator = BackupEmulator.start();
      const [instanceId] = BackupEmulator.sampleInstances(BackupService.RDS);
      edit("main.ts", 'INSTANCE_ID: string = ""', `INSTANCE_ID: string = "${instanceId}"`);
      const endpoints = { ...emulator.environment, HW_CLOUD: "otc.t-systems.com" };
      const frozen = { ...endpoints, CDKTF_BACKUPS_MODE: "FROZEN" };
      const said = async (finished: ReturnType<typeof program>) => {
        const { stdout, stderr } = await finished;
        return stdout + stderr;
      };
      expect(await said(program(endpoints))).toContain("INVALID_ID: projectId");
      edit("main.ts", 'PROJECT_ID: string = ""', `PROJECT_ID: string = "${emulator.projectId}"`);
      expect(await said(program())).toContain("NO_CREDENTIALS");
      expect(await said(program(frozen))).toContain("LOCK_MISSING");

      const live = { ...endpoints, CDKTF_BACKUPS_MODE: "LIVE" };
      succeeded(await (hasCommand[framework] ? script("lock", endpoints) : program(live)));
      const lock = readFileSync(join(folderOf(), "backups.lock.json"), "utf8");
      expect(Object.keys(JSON.parse(lock).lookups)).toHaveLength(1);
      emulator.close();
      const { stdout } = succeeded(await program(frozen));
      expect(stdout).toContain("recovery/target: MET");
      expect(stdout).not.toContain("SAMPLE DATA");
      expect(readFileSync(join(folderOf(), "backups.lock.json"), "utf8")).toBe(lock);
    });
  });
});
