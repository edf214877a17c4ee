// Types are checked by `npm run typecheck`; here the sources are only translated.
const tsconfig = {
  target: "ES2022",
  module: "CommonJS",
  esModuleInterop: true,
  isolatedModules: true,
  resolveJsonModule: true,
};

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  transform: { "^.+\\.ts$": ["ts-jest", { tsconfig, diagnostics: false }] },
  reporters: ["default", "<rootDir>/test/support/closing-line.js"],
  setupFiles: ["<rootDir>/test/support/own-folder.ts"],
  testTimeout: 60_000,
  // Many tests wait for processes and sockets: the default would leave one core to the runner alone.
  maxWorkers: "100%",
};
