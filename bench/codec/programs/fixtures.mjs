// What is encoded and decoded: plain objects for protobuf-es' `create`, several of each message, so that no
// program gets used to one.

let state = 1;

/** A whole number below `limit`, the same ones in each run. */
function below(limit) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}

const one = (choices) => choices[below(choices.length)];
const many = (count, make) => Array.from({ length: count }, (_, index) => make(index));

const first = ["Ada", "Grace", "Alan", "Barbara", "Edsger", "Katherine", "Tim", "Margaret"];
const last = ["Lovelace", "Hopper", "Turing", "Liskov", "Dijkstra", "Johnson", "Lee", "Hamilton"];
const hobbies = ["mathematics", "music", "horses", "chess", "sailing", "go", "running", "poetry"];
const words = ["blue", "large", "wooden", "folding", "garden", "table", "with", "drawers", "chair"];
const cities = ["London", "Seoul", "San Francisco", "Ciudad de Mexico", "Berlin", "Osaka"];

function user(id) {
  const [name, family] = [one(first), one(last)];
  return {
    id,
    name: `${name} ${family}`,
    email: `${name}.${family}@example.com`.toLowerCase(),
    age: 18 + below(60),
    hobbies: many(below(4), () => one(hobbies)),
    status: below(3),
  };
}

function address() {
  return {
    street: `${1 + below(400)} ${one(last)} Street`,
    city: one(cities),
    postalCode: `${10_000 + below(80_000)}`,
    country: one(["GB", "KR", "US", "MX", "DE", "JP"]),
  };
}

const title = (count) => many(count, () => one(words)).join(" ");
const hex = (digits) => many(digits, () => below(16).toString(16)).join("");

function item() {
  return {
    sku: `SKU-${hex(8)}`,
    title: title(4),
    quantity: 1 + below(200),
    price: below(100_000) / 100,
    tags: many(2, () => one(words)),
  };
}

/** About 1 KB. */
function order() {
  return {
    id: `${hex(8)}-${hex(4)}-${hex(4)}-${hex(12)}`,
    customer: `${one(first)} ${one(last)}`,
    shipping: address(),
    billing: address(),
    items: many(10, item),
    total: below(1_000_000) / 100,
    paid: true,
    note: title(20),
  };
}

function numbers() {
  return {
    counts: many(200, () => below(2 ** (7 * (1 + below(4)))) - (below(10) === 0 ? 1000 : 0)),
    deltas: many(200, () => below(2000) - 1000),
    measures: many(200, () => below(1_000_000) / 1000),
    ratios: many(100, () => Math.fround(below(1000) / 1000)),
    hashes: many(100, () => below(2 ** 32)),
  };
}

const entries = (count, make) => Object.fromEntries(many(count, make));

function maps() {
  return {
    labels: entries(10, () => [`${one(words)}-${hex(4)}`, title(2)]),
    counts: entries(10, () => [hex(6), below(10_000)]),
    names: entries(10, () => [1 + below(100_000), one(last)]),
    addresses: entries(4, () => [one(cities), address()]),
  };
}

const wheel = ["circle", "polygon", "reference", "template"];

function shape(depth) {
  const kind = depth > 0 ? "group" : one(wheel);
  return { name: title(1), kind: { case: kind, value: shapes[kind](depth) } };
}

const shapes = {
  circle: () => ({
    radius: below(1000) / 10,
    fill: one([
      { case: "color", value: one(["red", "green", "blue"]) },
      { case: "pattern", value: 1 + below(100) },
    ]),
  }),
  polygon: () => ({ points: many(4, () => ({ x: below(1000) / 10, y: below(1000) / 10 })) }),
  reference: () => hex(16),
  template: () => 1 + below(1000),
  group: (depth) => ({ shapes: many(3, () => shape(depth - 1)) }),
};

const syllable = () => String.fromCharCode(0xac00 + below(11_172));
const korean = (count) => many(count, () => many(2 + below(3), syllable).join("")).join(" ");

function texts() {
  return { title: korean(4), body: korean(60), lines: many(10, () => korean(2 + below(6))) };
}

/** Identifiers of 64 bits in use, such as those of a time and a counter: most need more than 53 bits. */
const snowflake = () => (BigInt(below(2 ** 31)) << 32n) | BigInt(below(2 ** 32));

function longs() {
  return {
    id: snowflake(),
    hash: (snowflake() << 1n) | 1n,
    balance: BigInt(below(2_000_000)) - 1_000_000n,
    checksum: snowflake(),
    ids: many(20, snowflake),
  };
}

const time = () => ({
  seconds: BigInt(1_700_000_000 + below(10 ** 8)),
  nanos: 1 + below(10 ** 9 - 1),
});

function event() {
  return { name: title(2), created: time(), updated: time(), seen: many(5, time) };
}

function blob() {
  return { name: `${hex(8)}.bin`, data: Uint8Array.from(many(64 * 1024, () => below(256))) };
}

/** By name: the message and its contents. */
export const fixtures = {
  user: { type: "User", contents: many(16, user) },
  order: { type: "Order", contents: many(8, order) },
  list: {
    type: "ListUsersResponse",
    contents: many(2, () => ({ users: many(1000, user), total: 5000, page: 1 })),
  },
  numbers: { type: "Numbers", contents: many(4, numbers) },
  maps: { type: "Maps", contents: many(4, maps) },
  oneofs: { type: "Shape", contents: many(4, () => shape(2)) },
  bytes: { type: "Blob", contents: many(2, blob) },
  korean: { type: "Texts", contents: many(4, texts) },
  int64: { type: "Longs", contents: many(8, longs) },
  timestamp: { type: "Event", contents: many(8, event) },
};
