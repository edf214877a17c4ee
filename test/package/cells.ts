// The ways in which a program gets the package and loads it, each with each a cell of the matrix.
import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { ENVIRONMENT, Finished, run, temporaryFolder } from "../support/programs";
import { succeeded } from "../support/terraform";
import { npmInstall, packageManager, Project, project, write } from "./installed";

/** Lines of Node; the first is the oldest that is supported. */
export const NODES = ["20.19", "22", "24"] as const;
export const TOOLS = { pnpm: "10.34.9", "@yarnpkg/cli-dist": "4.18.1" };

/** The framework of the program: the package and its version. */
export interface Home {
  readonly framework: "cdktf" | "cdktn";
  readonly version: string;
}
// The oldest that the package admits as a peer.
const OLDEST: Home = { framework: "cdktn", version: "0.22.0" };
export const HOMES: readonly Home[] = [
  { framework: "cdktf", version: "0.21.0" },
  { framework: "cdktn", version: "0.24.0" },
  OLDEST,
];
// A mirror of the registry may lack it; the tarball is also part of cdktn's package for Python.
export const OLDEST_TARBALL = process.env["OLDEST_CDKTN_TARBALL"];

const CONSTRUCTS = "10.6.0";
export const LOADERS = {
  "@types/node": "20.19.0",
  jest: "30.5.2",
  "ts-node": "10.9.2",
  tsx: "4.23.15",
  typescript: "5.9.3",
  // The newest that Node 20 runs.
  vitest: "4.1.12",
};

// Of jest: the next one names a part of it that the registry may not have, and Yarn wants every part.
const OVERRIDES = { "unrs-resolver": "1.12.2" };

const NAMES = "BackupEmulator, BackupProvider, BackupService, Cloud, RdsBackups";

/** It looks up against an emulator of its own, so that both of the library's threads are started. */
const LOOK_UP = `
  const { endpoints, credentials, region } = BackupEmulator.start();
  const app = new App();
  const lockFile = process.env.LOCK_FILE;
  new BackupProvider(app, "provider", { cloud: Cloud.custom(endpoints), credentials, region, lockFile });
  const stack = new TerraformStack(app, "recovery");
  const [instanceId] = BackupEmulator.sampleInstances(BackupService.RDS);
  const orders = new RdsBackups(stack, "orders", { instanceId });
  const id = orders.latest?.id;
  app.synth();
  const { sharedObjects } = process.report.getReport();
  const held = sharedObjects.some((file) => /addons\\W\\w+-\\w+\\.node$/.test(file));
  console.log(\`latest: \${id}, file lock: \${held}\`);`;
const TYPED = LOOK_UP.replace("const id =", "const id: string | undefined =")
  .replace("process.report.getReport()", "(process.report!.getReport() as any)")
  .replace("(file)", "(file: string)")
  .replace("{ instanceId }", "{ instanceId: instanceId! }");

const required = ({ framework }: Home) => `
  const { App, TerraformStack } = require("${framework}");
  const { ${NAMES} } = require("cdktf-backups");`;
const imported = ({ framework }: Home) => `
  import { App, TerraformStack } from "${framework}";
  import { ${NAMES} } from "cdktf-backups";`;

const TSCONFIG = { module: "node16", target: "es2022", strict: true, skipLibCheck: true };

function filesOf(home: Home): { readonly [name: string]: string } {
  return {
    "main.cjs": required(home) + LOOK_UP,
    "main.mjs": imported(home) + LOOK_UP,
    "main.ts": imported(home) + TYPED,
    "main.test.cjs": `${required(home)}\ntest("looks up", () => {${LOOK_UP}\n});`,
    "main.spec.ts": `import { test } from "vitest";${imported(home)}\ntest("looks up", () => {${TYPED}\n});`,
    "jest.config.cjs": `module.exports = { testMatch: ["**/main.test.cjs"], transform: {}, testTimeout: 60_000 };`,
    "vitest.config.mjs": `export default { test: { include: ["main.spec.ts"], testTimeout: 60_000 } };`,
    "tsconfig.json": JSON.stringify({ compilerOptions: TSCONFIG }),
  };
}

/** How a program is run: by Node itself, or by a tool of the project. */
interface Way {
  readonly tool?: string;
  readonly args: readonly string[];
  /** The lines of Node that have it. */
  readonly nodes: readonly string[];
}
export const WAYS = {
  CommonJS: { args: ["main.cjs"], nodes: NODES },
  "ES module": { args: ["main.mjs"], nodes: NODES },
  "Node's own type stripping": {
    args: ["--experimental-strip-types", "main.ts"],
    nodes: NODES.slice(1),
  },
  tsx: { tool: "tsx", args: ["main.ts"], nodes: NODES },
  "ts-node": { tool: "ts-node", args: ["--transpile-only", "main.ts"], nodes: NODES },
  jest: { tool: "jest", args: [], nodes: NODES },
  vitest: { tool: "vitest", args: ["run"], nodes: NODES },
} satisfies { [name: string]: Way };

/** What installs a project, and how what it has installed is run. */
interface Manager {
  readonly files: { readonly [name: string]: string };
  install(folder: string): Promise<Finished>;
  command(way: Way, node: string): Promise<readonly string[]>;
}
const bin = ({ tool, args }: Way, node: string) =>
  tool === undefined ? [node, ...args] : [join("node_modules", ".bin", tool), ...args];

export const MANAGERS = {
  npm: { files: {}, install: npmInstall, command: async (way, node) => bin(way, node) },
  pnpm: {
    // Without it pnpm takes the settings of a workspace around the folder.
    files: { "pnpm-workspace.yaml": "packages: []\n" },
    install: async (folder) => {
      const pnpm = join(await toolbox(), "pnpm", "bin", "pnpm.cjs");
      const args = ["install", "--prefer-offline", "--no-frozen-lockfile", "--ignore-scripts"];
      return packageManager(process.execPath, [pnpm, ...args], folder);
    },
    command: async (way, node) => bin(way, node),
  },
  "Yarn Plug'n'Play": {
    files: {
      "yarn.lock": "",
      ".yarnrc.yml":
        "nodeLinker: pnp\npnpEnableEsmLoader: true\nenableTelemetry: false\nenableScripts: false\nenableImmutableInstalls: false\n",
    },
    install: async (folder) => packageManager(process.execPath, [await yarn(), "install"], folder),
    command: async ({ tool, args }, node) => [
      node,
      await yarn(),
      ...(tool === undefined ? ["node"] : ["run", tool]),
      ...args,
    ],
  },
} satisfies { [name: string]: Manager };

const yarn = async () => join(await toolbox(), "@yarnpkg", "cli-dist", "bin", "yarn.js");

let unpacking: Promise<string> | undefined;

/** A folder of packages that has each Node, pnpm and Yarn. */
function toolbox(): Promise<string> {
  return (unpacking ??= unpack());
}

async function unpack(): Promise<string> {
  const folder = temporaryFolder("tools");
  // What the package `node` installs by a script.
  const system = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const nodes = NODES.map((version) => [`node${version}`, `npm:node-${system}@${version}`]);
  const dependencies = { ...Object.fromEntries(nodes), ...TOOLS };
  write(folder, { "package.json": JSON.stringify({ private: true, dependencies }) });
  succeeded(await npmInstall(folder));
  return join(folder, "node_modules");
}

/** Its executable. */
async function executable(node: string): Promise<string> {
  return join(await toolbox(), `node${node}`, "bin", "node");
}

/** Its whole version. */
export async function versionOf(node: string): Promise<string> {
  const options = { cwd: temporaryFolder("version"), env: ENVIRONMENT };
  return succeeded(await run(await executable(node), ["--version"], options)).stdout.trim();
}

/** One of the places where the package has to work. */
export interface Cell {
  readonly manager: keyof typeof MANAGERS;
  readonly home: Home;
  readonly way: keyof typeof WAYS;
  readonly node: string;
}

/** Every cell there is; the oldest framework by one package manager, of which it knows nothing. */
export const CELLS: readonly Cell[] = Object.keys(MANAGERS).flatMap((manager) =>
  HOMES.filter((home) => home !== OLDEST || manager === "npm").flatMap((home) =>
    Object.entries(WAYS).flatMap(([way, { nodes }]) =>
      nodes.map((node) => ({ manager, home, way, node }) as Cell),
    ),
  ),
);

/** Why any program fails in the cell, with or without the library; undefined where none has to. */
export function excuse({ manager, way, node }: Cell): string | undefined {
  if (manager !== "Yarn Plug'n'Play") return undefined;
  if (way === "Node's own type stripping") {
    return "Yarn's loader does not take TypeScript that is an ES module";
  }
  return way === "ts-node" && node === "22" ? "ts-node does not start" : undefined;
}

const projects = new Map<string, Promise<string>>();

/** The project of the cell, with every loader, or only the library and its framework. */
function folderOf({ manager, home }: Cell, loaders: Project["dependencies"]): Promise<string> {
  const key = JSON.stringify([manager, home]);
  const known = projects.get(key) ?? install(manager, home, loaders);
  projects.set(key, known);
  return known;
}

async function install(
  manager: Cell["manager"],
  home: Home,
  loaders: Project["dependencies"],
): Promise<string> {
  const { files, install } = MANAGERS[manager] as Manager;
  const version = home === OLDEST && OLDEST_TARBALL ? `file:${OLDEST_TARBALL}` : home.version;
  const dependencies = { [home.framework]: version, constructs: CONSTRUCTS, ...loaders };
  const all = { ...filesOf(home), ...files };
  const { folder, finished } = await project("cell", {
    dependencies,
    overrides: OVERRIDES,
    files: all,
    install,
  });
  succeeded(finished);
  return folder;
}

/** Runs the program of the cell; what is wrong with what it did, or undefined. */
export async function fault(cell: Cell, loaders: object = LOADERS): Promise<string | undefined> {
  const folder = await folderOf(cell, loaders as Project["dependencies"]);
  const node = await executable(cell.node);
  const [program, ...args] = await (MANAGERS[cell.manager] as Manager).command(
    WAYS[cell.way],
    node,
  );
  const out = temporaryFolder("out");
  const env = {
    ...ENVIRONMENT,
    PATH: dirname(node) + delimiter + ENVIRONMENT["PATH"],
    CDKTF_OUTDIR: out,
    LOCK_FILE: join(out, "backups.lock.json"),
    YARN_ENABLE_TELEMETRY: "0",
  };
  const { code, stdout, stderr } = await run(program!, args, { cwd: folder, env });
  const printed = stdout + stderr;
  if (code !== 0) return `exit code ${code}: ${printed}`;
  const [, id, held] = /latest: (\w+), file lock: (\w+)/.exec(printed) ?? [];
  if (id === undefined || id === "undefined") return `no backup was printed: ${printed}`;
  if (held !== "true") return "the lock of the operating system was not held";
  const written = readFileSync(join(out, "stacks", "recovery", "cdk.tf.json"), "utf8");
  const synthesised = JSON.parse(written).output.orders.value.latest?.id;
  if (synthesised !== id) return `${id} was printed, and ${synthesised} was written`;
  return undefined;
}
