import type { EnvReader } from "grpc-service/config";

const languages = ["en", "ko"] as const;

/** A language of responses and errors. */
export type Language = (typeof languages)[number];

/** Reads MESSAGE_LANGUAGE. */
export function readLanguage(env: EnvReader): Language {
  env.section("Users");
  return env.oneOf("MESSAGE_LANGUAGE", "Language of responses and errors.", languages, "en");
}

/** Texts for users. */
export interface UserMessages {
  created: string;
  batchCreated(count: number): string;
  batchTooLarge(max: number): string;
  emailTaken: string;
  required: string;
  tooLong(max: number): string;
  malformedEmail: string;
  tooMany(max: number): string;
  outOfRange(value: number, min: number, max: number): string;
  tooSmall(value: number, min: number): string;
  userNotFound(id: number): string;
  userSuspended(id: number): string;
}

const english: UserMessages = {
  created: "The user was created",
  batchCreated: (count) => (count === 1 ? "1 user created" : `${count} users created`),
  batchTooLarge: (max) => `a batch holds at most ${max} users`,
  emailTaken: "another user has this email",
  required: "must not be empty",
  tooLong: (max) => `must have at most ${max} characters`,
  malformedEmail: "must be an email address",
  tooMany: (max) => `must have at most ${max} entries`,
  outOfRange: (value, min, max) => `must be from ${min} to ${max}, not ${value}`,
  tooSmall: (value, min) => `must be at least ${min}, not ${value}`,
  userNotFound: (id) => `user ${id} not found`,
  userSuspended: (id) => `user ${id} is suspended`,
};

const korean: UserMessages = {
  created: "사용자가 성공적으로 생성되었습니다",
  batchCreated: (count) => `사용자 ${count}명이 생성되었습니다`,
  batchTooLarge: (max) => `한 번에 최대 ${max}명까지 생성할 수 있습니다`,
  emailTaken: "이미 사용 중인 이메일입니다",
  required: "필수 항목입니다",
  tooLong: (max) => `최대 ${max}자까지 입력할 수 있습니다`,
  malformedEmail: "올바른 이메일 주소가 아닙니다",
  tooMany: (max) => `최대 ${max}개까지 입력할 수 있습니다`,
  outOfRange: (value, min, max) => `${min}부터 ${max}까지의 값이어야 합니다 (현재 ${value})`,
  tooSmall: (value, min) => `${min} 이상이어야 합니다 (현재 ${value})`,
  userNotFound: (id) => `사용자 ${id}을(를) 찾을 수 없습니다`,
  userSuspended: (id) => `사용자 ${id}은(는) 정지된 상태입니다`,
};

export const userMessages: Readonly<Record<Language, UserMessages>> = {
  en: english,
  ko: korean,
};
