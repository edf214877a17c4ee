import { lookup as systemLookup, Resolver } from "node:dns";
import { readFileSync } from "node:fs";
import type { LookupFunction } from "node:net";

type Lookup = Parameters<LookupFunction>;

/**
 * How a host's address is found: as the system finds it, once a name server has answered at all.
 *
 * Nothing breaks off the system's own question, and the end of the process waits for it, as long as
 * resolv.conf lets it take: a name server that is silent is found out by a question that ends at once.
 * Only on Linux, where both ask the same servers.
 */
export function addressFinder(
  resolver = new Resolver({ timeout: 3_000, tries: 2 }),
  hostsFile = "/etc/hosts",
): LookupFunction {
  if (process.platform !== "linux") return systemLookup as LookupFunction;
  let isAnswering: Promise<boolean> | undefined;
  return (...[host, options, done]: Lookup) => {
    if (mentions(hostsFile, host)) return systemLookup(host, options, done);
    isAnswering ??= answers(resolver, host);
    void isAnswering.then((isThere) => {
      if (isThere) return systemLookup(host, options, done);
      isAnswering = undefined;
      const silence = new Error(`no name server answers a question for ${host}`);
      done(Object.assign(silence, { code: "EAI_AGAIN" }), "");
    });
  };
}

/** What stands there needs no name server. */
function mentions(hostsFile: string, host: string): boolean {
  try {
    const words = readFileSync(hostsFile, "utf8").toLowerCase().split(/\s+/);
    return words.includes(host.toLowerCase());
  } catch {
    return false;
  }
}

function answers(resolver: Resolver, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    // That there is no such name is an answer, too.
    resolver.resolve4(host, (error) => resolve(error?.code !== "ETIMEOUT"));
  });
}
