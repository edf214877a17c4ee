import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ENVIRONMENT, run, temporaryFolder } from "./programs";
import { pythonWith } from "./python";

const VERSION = "3.1.219";
const PACKAGES = [
  ...["core", "rds", "gaussdbforopengauss", "gaussdbfornosql", "dcs", "gaussdb", "dds"],
].map((name) => `huaweicloudsdk${name}==${VERSION}`);
const PROGRAM = join(__dirname, "vendor-sdk.py");

/** A call of the SDK. */
export interface SdkCall {
  /** What follows "huaweicloudsdk" in the name of the module, such as "rds.v3". */
  readonly module: string;
  readonly client: string;
  /** The name of its request, without "Request". */
  readonly action: string;
  readonly endpoint: string;
  readonly parameters: { readonly [name: string]: string | number };
  readonly accessKey: string;
  readonly secretKey: string;
  /** Left out, the SDK looks for it, which takes `iam` and `region`. */
  readonly projectId?: string;
  readonly iam?: string;
  readonly region?: string;
}

/** What a call came to: what the SDK made of the answer, or of the refusal. */
export interface SdkAnswer {
  readonly status: number;
  readonly body?: any;
  readonly code?: string;
  readonly message?: string;
}

/** The vendor's SDK for Python: its interpreter, or why there is none here. */
export function vendorSdk() {
  return pythonWith("vendor-sdk", "the vendor's SDK for Python", PACKAGES);
}

/** Makes calls, one after the other. */
export async function called(python: string, calls: readonly SdkCall[]): Promise<SdkAnswer[]> {
  const cwd = temporaryFolder("vendor-sdk");
  writeFileSync(join(cwd, "calls.json"), JSON.stringify(calls));
  const { code, stdout, stderr } = await run(python, [PROGRAM], { cwd, env: ENVIRONMENT });
  if (code !== 0) throw new Error(`the vendor's SDK failed:\n${stderr}`);
  return JSON.parse(stdout);
}
