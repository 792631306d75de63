/** A service with all kinds of methods. */
export const userProto = `syntax = "proto3";
package user;
message User { int32 id = 1; string name = 2; string email = 3; int64 score = 4; repeated string hobbies = 5; Address address = 6; }
message Address { string city = 1; string street = 2; }
message GetUserRequest { int32 id = 1; Address near = 2; }
message CreateUserRequest { string name = 1; string email = 2; }
message CreateUserResponse { User user = 1; string message = 2; }
service UserService {
  rpc GetUser(GetUserRequest) returns (User);
  rpc StreamUsers(GetUserRequest) returns (stream User);
  rpc CreateBatchUsers(stream CreateUserRequest) returns (CreateUserResponse);
  rpc ChatWithUsers(stream CreateUserRequest) returns (stream User);
}
`;
