import { lockFolder } from "../../../runtime/src/files/folder-lock.ts";

/** Takes a lock and ends as a server does for which there is no memory. */
await lockFolder(process.argv[2] ?? "", "the store");
process.kill(process.pid, "SIGKILL");
