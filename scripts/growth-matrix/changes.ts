/** The proto of the project, by path. */
export type Protos = Readonly<Record<string, string>>;

/** A change of the protos, and what it needs. */
export interface ProtoChange {
  readonly name: string;
  readonly apply: (protos: Protos) => Protos;
  /** Paths that a run may create: handlers of RPCs that are new. */
  readonly creates?: RegExp;
}

const file = "user/v1/user.proto";

export const protos: Protos = {
  [file]: `syntax = "proto3";
package user.v1;

// Keeps users.
service UserService {
  // Returns one user.
  rpc GetUser(GetUserRequest) returns (User);
  // Returns all users.
  rpc ListUsers(ListUsersRequest) returns (stream User);
  rpc CreateUser(CreateUserRequest) returns (User);
  rpc Chat(stream Note) returns (stream Note);
}

service AuditService {
  rpc Record(Note) returns (RecordResponse);
  rpc Replay(ListUsersRequest) returns (stream Note);
}

message User {
  string id = 1;
  string email = 2;
}
message GetUserRequest {
  string id = 1;
}
message ListUsersRequest {
  int32 limit = 1;
}
message CreateUserRequest {
  string email = 1;
}
message NewUser {
  User user = 1;
}
message Note {
  string text = 1;
}
message RecordResponse {}
`,
};

export const changes: readonly ProtoChange[] = [
  {
    name: "add RPC",
    apply: edit("rpc Chat(", "rpc DeleteUser(GetUserRequest) returns (Note);\n  rpc Chat("),
    creates: /\/delete-user(?:\.test)?\.ts$/,
  },
  { name: "remove RPC", apply: edit(/ {2}\/\/ Returns one user\.\n.*\n/, "") },
  { name: "rename RPC", apply: edit("rpc GetUser(", "rpc FetchUser(") },
  {
    name: "unary to server stream",
    apply: edit("(GetUserRequest) returns (User)", "(GetUserRequest) returns (stream User)"),
  },
  {
    name: "server stream to bidi",
    apply: edit("ListUsers(ListUsersRequest)", "ListUsers(stream ListUsersRequest)"),
  },
  {
    name: "request type",
    apply: edit("CreateUser(CreateUserRequest)", "CreateUser(NewUser)"),
  },
  { name: "remove used field", apply: edit("  string email = 2;\n", "") },
  {
    name: "add service",
    apply: edit(
      "message User {",
      "service TeamService {\n  rpc Join(Note) returns (Note);\n}\n\nmessage User {",
    ),
    creates: /\/services\/team\//,
  },
  { name: "remove service", apply: edit(/service AuditService \{[^}]*\}\n/, "") },
  { name: "rename service", apply: edit("service UserService", "service AccountService") },
  {
    name: "rename package",
    apply: (all) => ({
      "account/v1/user.proto": (all[file] ?? "").replace("package user.v1", "package account.v1"),
    }),
  },
  {
    name: "v2 beside v1",
    apply: (all) => ({
      ...all,
      "user/v2/user.proto": (all[file] ?? "")
        .replace("package user.v1", "package user.v2")
        .replace(/service AuditService \{[^}]*\}\n/, ""),
    }),
    creates: /\/services\/[\w-]*(?:v2|user)[\w-]*\//,
  },
  {
    name: "move message",
    apply: (all) => ({
      [file]: (all[file] ?? "")
        .replace("package user.v1;\n", 'package user.v1;\n\nimport "user/v1/types.proto";\n')
        .replace(/message User \{[^}]*\}\n/, ""),
      "user/v1/types.proto": `syntax = "proto3";
package user.v1;

message User {
  string id = 1;
  string email = 2;
}
`,
    }),
  },
  {
    name: "move proto to a subfolder",
    apply: (all) => ({ "user/v1/api/user.proto": all[file] ?? "" }),
  },
  {
    name: "move package folder",
    apply: (all) => ({ "people/v1/user.proto": all[file] ?? "" }),
  },
  {
    name: "split services into files",
    apply: (all) => ({
      [file]: (all[file] ?? "").replace(/service AuditService \{[^}]*\}\n/, ""),
      "audit/v1/audit.proto": `syntax = "proto3";
package user.v1;

import "user/v1/user.proto";

service AuditService {
  rpc Record(Note) returns (RecordResponse);
  rpc Replay(ListUsersRequest) returns (stream Note);
}
`,
    }),
  },
  {
    name: "rename RPC, and stream it",
    apply: edit(
      "GetUser(GetUserRequest) returns (User)",
      "FetchUser(GetUserRequest) returns (stream User)",
    ),
  },
  {
    name: "rename RPC and request, with a field",
    apply: (all) => ({
      [file]: (all[file] ?? "")
        .replace("GetUser(GetUserRequest)", "FetchUser(FetchUserRequest)")
        .replace(/GetUserRequest \{\n/, "FetchUserRequest {\n  string view = 2;\n"),
    }),
  },
  {
    name: "rename service and RPC",
    apply: edit(
      /service AuditService \{\n {2}rpc Record\(/,
      "service TrailService {\n  rpc Write(",
    ),
  },
  {
    name: "rename message",
    apply: edit(/\bUser\b(?! id)/g, "Person"),
  },
  {
    name: "rename and move message",
    apply: (all) => ({
      [file]: (all[file] ?? "")
        .replace("package user.v1;\n", 'package user.v1;\n\nimport "people/v1/person.proto";\n')
        .replace(/message User \{[^}]*\}\n/, "")
        .replace(/\bUser\b(?! id)/g, "people.v1.Person"),
      "people/v1/person.proto": `syntax = "proto3";
package people.v1;

message Person {
  string id = 1;
  string email = 2;
}
`,
    }),
  },
  {
    name: "comment only",
    apply: edit("// Returns one user.", "// Returns one user, or NOT_FOUND."),
  },
];

function edit(from: string | RegExp, to: string): ProtoChange["apply"] {
  return (all) => {
    const text = all[file] ?? "";
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`nothing to replace: ${from}`);
    return { ...all, [file]: changed };
  };
}
