/** What is typed in a project of each starter, against its server. Without a terminal, so that it can be repeated. */
export const sessions: Readonly<Record<string, readonly string[]>> = {
  user: [
    "grpc-service list --methods",
    `grpc-service call CreateUser '{"name":"Kim","email":"kim@example.com","age":31}'`,
    `grpc-service call GetUser '{"id":1}'`,
    `grpc-service call GetUser '{"id":404}'; echo "exit code $?"`,
    `grpc-service call CreateUser '{"name":"","age":-1}'`,
    `grpc-service call ListUsers '{"limit":2}' --field total --raw`,
    `grpc-service call StreamUsers '{}' --max-messages 2`,
    `printf '%s\\n' '{"name":"Lee","email":"lee@example.com","age":20}' '{"name":"Park","email":"park@example.com","age":30}' | grpc-service call CreateBatchUsers`,
    `grpc-service call ChatWithUsers '{"name":"Choi","email":"choi@example.com","age":40}'`,
  ],
  llm: [
    `grpc-service call Generate '{"prompt":"Hi","max_tokens":6}'`,
    `grpc-service call Generate '{"prompt":"Tell me","max_tokens":12}' --field token --raw; echo`,
    `grpc-service call Generate '{"prompt":""}'; echo "exit code $?"`,
    `grpc-service call Generate '{"prompt":"Hi"}' --max-messages 3 --field token`,
  ],
  file: [
    "head -c 3000000 /dev/zero > zeros.bin",
    "grpc-service call Upload --file data=zeros.bin -H 'file-name: zeros.bin'",
    `grpc-service call GetFile '{"name":"zeros.bin"}'`,
    "grpc-service call ListFiles",
    `grpc-service call Download '{"name":"zeros.bin"}' --field data --raw | cmp - zeros.bin && echo same`,
    `grpc-service call Download '{"name":"zeros.bin","offset":2999990}'`,
    `grpc-service call GetFile '{"name":"gone"}'; echo "exit code $?"`,
    `grpc-service call DeleteFile '{"name":"zeros.bin"}'`,
  ],
  data: [
    `printf '%s\\n' '{"id":"a","time":"2026-01-01T00:00:00Z","data":"first"}' '{"id":"b","time":"2026-01-01T00:00:01Z","data":"second"}' '{"id":"","data":"none"}' | grpc-service call BatchInsert`,
    `seq 1 10000 | sed 's/.*/{"id":"r&","time":"2026-01-02T00:00:00Z"}/' | grpc-service call BatchInsert`,
    `grpc-service call QueryRecords '{"from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z"}'`,
    `grpc-service call QueryRecords '{"from":"2026-01-02T00:00:00Z","to":"2026-01-03T00:00:00Z"}' | wc -l`,
    `grpc-service call QueryRecords '{"from":"yesterday"}'; echo "exit code $?"`,
  ],
  chat: [
    `printf '%s\\n' '{"content":"hello"}' '{"content":"안녕하세요"}' | grpc-service call Chat --field content`,
    `grpc-service call Chat '{"content":"hello"}' -H 'room: tea'`,
    `grpc-service call Chat '{"content":"again"}' -H 'room: tea' --field content`,
  ],
  inference: [
    `grpc-service call Classify '{"text":"The service is good"}'`,
    `grpc-service call inference.InferenceService/Generate '{"prompt":"Hi","max_tokens":6}' --field token --raw; echo`,
    `printf '%s\\n' '{"text":"good"}' '{"text":"bad"}' | grpc-service call ClassifyBatch --field results.labels[0].name`,
    `head -c 8 /dev/zero | grpc-service call FilterAudio --file samples=- `,
    `grpc-service call Classify '{}'; echo "exit code $?"`,
  ],
};
