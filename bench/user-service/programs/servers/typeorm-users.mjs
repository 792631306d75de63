// Users in PostgreSQL by a repository of TypeORM.
import {
  And,
  DataSource,
  EntitySchema,
  LessThanOrEqual,
  MoreThan,
  QueryFailedError,
} from "typeorm";
import { emailTaken, uniqueViolation } from "./refusal.mjs";

const pageSize = 500;

class UserEntity {}

const text = { type: "text" };
const userSchema = new EntitySchema({
  name: "User",
  target: UserEntity,
  tableName: "users",
  columns: {
    id: { type: "integer", primary: true, generated: "identity", generatedIdentity: "ALWAYS" },
    name: text,
    email: text,
    emailKey: { ...text, name: "email_key", unique: true },
    age: { type: "integer" },
    hobbies: { ...text, array: true },
    status: { type: "smallint" },
    createdBy: { ...text, name: "created_by", select: false },
  },
});

export async function typeormUsers(url) {
  const dataSource = new DataSource({
    type: "postgres",
    url,
    poolSize: 10,
    entities: [userSchema],
  });
  await dataSource.initialize();
  const repository = dataSource.getRepository(UserEntity);

  const entityOf = ({ name, email, age, hobbies }) => {
    const emailKey = email.toLowerCase();
    return repository.create({
      name,
      email,
      emailKey,
      age,
      hobbies,
      status: 1,
      createdBy: "bench",
    });
  };
  /** In one transaction, as `save` does it. */
  const save = (entities) =>
    repository.save(entities).catch((error) => {
      const isTaken =
        error instanceof QueryFailedError && error.driverError.code === uniqueViolation;
      throw isTaken ? emailTaken() : error;
    });

  return {
    create: (user) => save(entityOf(user)),
    createAll: (users) => save(users.map(entityOf)),
    find: (id) => repository.findOneBy({ id }),
    async list({ offset, limit }) {
      const range = { order: { id: "ASC" }, skip: offset, take: limit };
      const [users, total] = await repository.findAndCount(range);
      return { users, total };
    },
    async *stream() {
      const last = (await repository.maximum("id")) ?? 0;
      for (let from = 0; from < last; ) {
        const page = await repository.find({
          where: { id: And(MoreThan(from), LessThanOrEqual(last)) },
          order: { id: "ASC" },
          take: pageSize,
        });
        yield* page;
        from = page.at(-1)?.id ?? last;
      }
    },
  };
}
