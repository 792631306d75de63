import { diagnose } from "./diagnose.ts";
import { isHealthy, reportJson, reportText } from "./report.ts";

/** Says what is wrong on this machine; exits with 1 when something fails: `npm run doctor [-- --json]`. */
const report = await diagnose(process.cwd(), process.env);
process.stdout.write(process.argv.includes("--json") ? reportJson(report) : reportText(report));
process.exitCode = isHealthy(report) ? 0 : 1;
