import { builtinModules } from "node:module";
import js from "@eslint/js";
import tseslint from "typescript-eslint";

// Which rooms of lib/ each room may import; see the README of each. Imports run downward only.
const ROOMS = {
  model: [],
  services: ["model"],
  cloud: ["model", "services"],
  restore: ["model"],
  thread: ["model"],
  terraform: ["model", "services"],
  query: ["model", "services", "cloud", "restore"],
  lock: ["model", "services", "restore", "query"],
  wire: ["model", "services", "cloud", "thread"],
  preflight: ["model", "services", "cloud", "restore", "query", "thread", "wire"],
  lookup: ["model", "services", "cloud", "restore", "query", "lock", "wire"],
  emulator: ["model", "cloud", "thread"],
  report: ["model", "services", "restore", "query", "lock", "thread"],
  // The command: nothing of it loads a framework.
  cli: [
    ...["model", "services", "cloud", "restore", "query"],
    ...["lock", "lookup", "thread", "wire", "emulator", "report"],
  ],
  constructs: [
    ...["model", "services", "cloud", "restore", "query"],
    ...["lock", "preflight", "lookup", "terraform", "emulator", "report"],
  ],
};
// Outside these, no room knows cdktf or does I/O.
const MAY_IMPORT_CDKTF = ["terraform"];
const MAY_IMPORT_CONSTRUCTS = ["terraform", "constructs"];
const PURE = ["model", "services", "restore"];

function boundary(room) {
  const allowed = [room, ...ROOMS[room]].join("|");
  const others = ROOMS[room].map((name) => `lib/${name}`).join(", ") || "no other room";
  const rules = [];
  const forbid = (regex, message) => rules.push({ regex, message });
  if (!MAY_IMPORT_CDKTF.includes(room))
    forbid("^(cdktf|cdktn|@cdkt[fn]/)", "Only lib/terraform knows the framework.");
  if (!MAY_IMPORT_CONSTRUCTS.includes(room))
    forbid("^constructs$", `lib/${room} knows no construct.`);
  if (PURE.includes(room)) {
    forbid(`^(node:|undici$|(${builtinModules.join("|")})(/|$))`, `lib/${room} does no I/O.`);
  }
  // Out of a room leads one `..` for its own files, two for those in a folder of it.
  return ["*", "*/*"].map((files, depth) => {
    const up = "\\.\\./".repeat(depth + 1);
    const out = {
      regex: `^(\\./)*${up}(?!(${allowed})/)`,
      message: `lib/${room} may import ${others}.`,
    };
    return {
      files: [`lib/${room}/${files}.ts`],
      rules: { "no-restricted-imports": ["error", { patterns: [out, ...rules] }] },
    };
  });
}

export default tseslint.config(
  { ignores: [".stryker-tmp/", "build/", "cdktf.out/", "coverage/", "dist/", "node_modules/"] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts"],
    rules: {
      "@typescript-eslint/no-explicit-any": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  {
    files: ["lib/**/*.ts"],
    ignores: ["lib/model/errors.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "SpreadElement > ObjectExpression",
          message: "Properties that are packed to save lines: write them out.",
        },
        {
          selector: "NewExpression[callee.name=/^Backups(Usage|Environment)Error$/]",
          message: "One function makes an error: refusal, by its code.",
        },
      ],
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: "^(cdktf|cdktn|@cdkt[fn]/)",
              allowTypeImports: true,
              message: "The app says which framework is its own: frameworkOf.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["main.ts", "examples/**", "test/**", "bench/**", "templates/**"],
    rules: { "no-console": "off" },
  },
  {
    files: ["**/*.mjs"],
    languageOptions: { globals: { process: "readonly", console: "readonly" } },
  },
  {
    files: ["**/*.js"],
    languageOptions: {
      globals: {
        ...{ module: "writable", console: "readonly", require: "readonly" },
        ...{ process: "readonly", Buffer: "readonly", __dirname: "readonly" },
        ...{ performance: "readonly", setTimeout: "readonly", URL: "readonly" },
      },
    },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  ...Object.keys(ROOMS).flatMap(boundary),
);
