import { createApp } from "../src/app.ts";
import { describeApp } from "./app.contract.ts";

const unavailable = "14";

describeApp("AppServer", createApp, unavailable);
