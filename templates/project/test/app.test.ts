import { createApp } from "../src/app.ts";
import { describeApp } from "./app.contract.ts";

describeApp("AppServer", createApp, "UNAVAILABLE");
