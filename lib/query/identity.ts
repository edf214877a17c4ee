import { createHash, createHmac, randomBytes } from "node:crypto";
import { endpointOf } from "../cloud/endpoints";
import type { ConnectionSettings } from "../cloud/environment";
import { canonical } from "../model/canonical";
import { withoutUndefined } from "../model/defined";
import { toRfc3339 } from "../model/time";
import { BackupService } from "../model/service";
import { Duration } from "../model/duration";
import { Query, WhichList } from "../services/query";
import { listOf } from "../services/registry";
import { checkedQuery } from "./query";

const PROCESS_KEY = randomBytes(32);

/**
 * What was declared, as plain JSON with its keys in order: where, whose, and what is asked. No port, no
 * credential and no date of today is in it, so the same program has the same identities tomorrow.
 */
export type Identity = { readonly [name: string]: string | number | readonly (string | number)[] };

/** What is asked of a service, as far as it tells one question from another. */
export interface Identified {
  readonly service: BackupService;
  readonly identity: Identity;
}

/**
 * The identity of a question that is put where these settings say. What the environment adds to them
 * is no part of it: it is another one on another machine.
 */
export function identityOf(question: Identified, settings: ConnectionSettings): Identity {
  const { cloud, region, projectId, projectName } = settings;
  const endpoint = cloud?.endpoints[endpointOf(question.service)];
  return identity({
    cloud: cloud?.name,
    endpoint: endpoint === undefined ? undefined : placeOf(endpoint),
    region,
    // The id names the project alone.
    ...(projectId === undefined ? { project_name: projectName } : { project_id: projectId }),
    service: question.service,
    ...question.identity,
  });
}

/** Without what was not declared. */
export function identity(declared: { readonly [name: string]: unknown }): Identity {
  return canonical(withoutUndefined(declared)) as Identity;
}

/**
 * What tells who asks from others of the same identity: an address with its port and, where no project
 * id says whose the answer is, the credentials. A digest under a key of this process: whoever prints a
 * construct must not see a secret.
 */
export function askerOf(question: Identified, settings: ConnectionSettings): string {
  const { cloud, credentials, projectId } = settings;
  const endpoint = cloud?.endpoints[endpointOf(question.service)];
  const as = projectId === undefined ? credentials?._reveal() : undefined;
  return createHmac("sha256", PROCESS_KEY)
    .update(JSON.stringify([endpoint, as]))
    .digest("hex");
}

/** Under which a lock holds it: `rds/5f0c3b…`. */
export function keyOf(identity: Identity): string {
  const digest = createHash("sha256").update(JSON.stringify(identity)).digest("hex");
  return `${String(identity["service"])}/${digest.slice(0, 16)}`;
}

/** Host and path: the port of a server on this machine is another one every day. */
function placeOf(address: string): string {
  const { hostname, pathname } = new URL(address);
  return hostname + pathname.replace(/\/$/, "");
}

/** What is asked, whoever asks: the canonical filters. Where a missing instance leads is no part of it. */
export function identify(query: Query): Identity {
  const own = Object.entries(listOf(query).filters ?? {}).map(([property, filter]) => {
    const value = query.filters[property];
    // The page's default, unasked.
    return [keyed(property), value === filter.default ? undefined : value];
  });
  return identity({
    list: query.list,
    instance_id: query.instanceId,
    backup_id: query.backupId,
    backup_type: query.backupType,
    begin_time: query.beginTime && toRfc3339(query.beginTime),
    end_time: query.endTime && toRfc3339(query.endTime),
    within_ms: query.within?.toMilliseconds(),
    ...Object.fromEntries(own),
  });
}

/** The query of such an identity, checked as if a program had declared it. */
export function queryOf(which: WhichList, asked: Identity): Query {
  // Whatever is of another type is refused by the check.
  const value = (name: string) => asked[name] as any;
  const time = (name: string) => (name in asked ? new Date(value(name)) : undefined);
  const own = Object.keys(listOf(which).filters ?? {});
  return checkedQuery(
    which,
    {
      instanceId: value("instance_id"),
      backupId: value("backup_id"),
      backupType: value("backup_type"),
      beginTime: time("begin_time"),
      endTime: time("end_time"),
      within: "within_ms" in asked ? Duration.seconds(value("within_ms") / 1_000) : undefined,
      ...Object.fromEntries(own.map((property) => [property, value(keyed(property))])),
    },
    "",
  );
}

/** A property's name as an identity has it: "datastore_type". */
function keyed(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
