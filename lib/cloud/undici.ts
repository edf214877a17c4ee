/* eslint-disable @typescript-eslint/no-require-imports */
import type * as Undici from "undici";

// The index of undici takes 85 ms to load, these parts 22 (measured; it also holds fetch,
// WebSockets, caches and mocks). The worker is bundled, so the paths are those of the pinned version.
export const Agent = require("undici/lib/dispatcher/agent") as typeof Undici.Agent;

type RequestOptions = Undici.Dispatcher.RequestOptions;
const request = require("undici/lib/api/api-request") as (
  this: Undici.Dispatcher,
  options: RequestOptions,
) => Promise<Undici.Dispatcher.ResponseData>;

export type Dispatcher = Undici.Dispatcher;

export function requestThrough(dispatcher: Dispatcher, options: RequestOptions) {
  return request.call(dispatcher, options);
}

/** Loaded only where a proxy is set. */
export function envProxyAgent(options: Undici.EnvHttpProxyAgent.Options): Dispatcher {
  const EnvHttpProxyAgent =
    require("undici/lib/dispatcher/env-http-proxy-agent") as typeof Undici.EnvHttpProxyAgent;
  // The index does this for all methods; the proxy's tunnel needs the one.
  const { prototype } = require("undici/lib/dispatcher/dispatcher") as { prototype: object };
  Object.assign(prototype, { connect: require("undici/lib/api/api-connect") });
  return new EnvHttpProxyAgent(options);
}
