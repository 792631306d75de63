import { MemoryUserStore } from "../../src/users/memory-user-store.ts";
import { describeUserStore } from "./user-store.contract.ts";

describeUserStore("MemoryUserStore", async () => new MemoryUserStore());
