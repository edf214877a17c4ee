import { setFlagsFromString } from "node:v8";

/**
 * Keeps V8 from recompiling undici's parser (WebAssembly) in the background: the process's exit would
 * wait for that, 50 ms and more. The flags are the whole process's and V8 rejects code caches while
 * they differ, so they are set just before the first request and set back once it is over.
 */
export function withoutWasmTiering(): () => void {
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--no-wasm-dynamic-tiering");
  return () => {
    setFlagsFromString("--wasm-tier-up");
    setFlagsFromString("--wasm-dynamic-tiering");
  };
}
