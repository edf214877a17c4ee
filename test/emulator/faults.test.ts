import { Faults } from "../../lib/emulator/faults";

let faults: Faults;
beforeEach(() => {
  faults = new Faults();
});

it("answers once unless told how often", () => {
  faults.add({ status: 500 });
  expect(faults.take("rds", "/v3")).toEqual({ status: 500 });
  expect(faults.take("rds", "/v3")).toBeUndefined();
});

it("answers so many times, or always", () => {
  faults.add({ times: 2, status: 500 });
  faults.add({ times: -1, status: 501 });
  const taken = Array.from({ length: 5 }, () => faults.take("rds", "/v3")?.status);
  expect(taken).toEqual([500, 500, 501, 501, 501]);
});

it("lets so many matching requests pass first", () => {
  faults.add({ skip: 2, service: "rds" });
  const owners = ["rds", "iam", "rds", "rds", "rds"] as const;
  expect(owners.map((owner) => faults.take(owner, "/") !== undefined)).toEqual([
    false,
    false,
    false,
    true,
    false,
  ]);
});

it("lets a skipped request meet the next fault", () => {
  faults.add({ skip: 1, status: 500 });
  faults.add({ status: 501 });
  expect([faults.take("iam", "/")?.status, faults.take("iam", "/")?.status]).toEqual([501, 500]);
});

it("matches by service and by a part of the raw url", () => {
  faults.add({ times: -1, service: "dcs", path: "start=11" });
  expect(faults.take("dcs", "/v3/x?start=11")).toBeDefined();
  expect(faults.take("dcs", "/v3/x?start=1")).toBeUndefined();
  expect(faults.take("rds", "/v3/x?start=11")).toBeUndefined();
  expect(faults.take("iam", "/?start=11")).toBeUndefined();
});

it("forgets them all", () => {
  faults.add({ times: -1 });
  faults.clear();
  expect(faults.take("rds", "/")).toBeUndefined();
});
