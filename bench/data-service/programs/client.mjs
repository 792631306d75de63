// Sends records in one call.
import { DataServiceClient } from "../dist/gen/data_client.js";
import { control } from "./control.mjs";
import { recordAt } from "./records.mjs";

function* records(count) {
  for (let number = 0; number < count; number += 1) yield recordAt(number);
}

async function insert({ port, count }) {
  const data = new DataServiceClient(`127.0.0.1:${port}`);
  const start = performance.now();
  const { inserted, duplicates } = await data.batchInsert(records(count), { timeoutMs: 600_000 });
  const ms = performance.now() - start;
  data.close();
  return { ms, inserted: Number(inserted), duplicates: Number(duplicates) };
}

control(null, { insert });
