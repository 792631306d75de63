// The least a command can do.
process.stdout.write("\n");
