// Users in PostgreSQL by pg alone, as one writes them by hand.
import pg from "pg";
import { emailTaken, uniqueViolation } from "./refusal.mjs";

const columns = "id, name, email, age, hobbies, status";
const pageSize = 500;

export function pgUsers(connectionString) {
  const pool = new pg.Pool({ connectionString, max: 10 });
  pool.on("error", () => {});

  async function insert(client, users) {
    const values = users.flatMap(({ name, email, age, hobbies }) => {
      return [name, email, email.toLowerCase(), age, hobbies, 1, "bench"];
    });
    const rows = users.map((_, row) => {
      const places = [1, 2, 3, 4, 5, 6, 7].map((column) => `$${row * 7 + column}`);
      return `(${places.join(", ")})`;
    });
    const text = `INSERT INTO users (name, email, email_key, age, hobbies, status, created_by)
      VALUES ${rows.join(", ")} RETURNING ${columns}`;
    try {
      return (await client.query(text, values)).rows;
    } catch (error) {
      throw error.code === uniqueViolation ? emailTaken() : error;
    }
  }

  return {
    create: async (user) => (await insert(pool, [user]))[0],
    async createAll(users) {
      const client = await pool.connect();
      try {
        await client.query("BEGIN");
        for (let at = 0; at < users.length; at += pageSize) {
          await insert(client, users.slice(at, at + pageSize));
        }
        await client.query("COMMIT");
      } catch (error) {
        await client.query("ROLLBACK");
        throw error;
      } finally {
        client.release();
      }
    },
    async find(id) {
      return (await pool.query(`SELECT ${columns} FROM users WHERE id = $1`, [id])).rows[0];
    },
    async list({ offset, limit }) {
      const [page, count] = await Promise.all([
        pool.query(`SELECT ${columns} FROM users ORDER BY id LIMIT $1 OFFSET $2`, [limit, offset]),
        pool.query("SELECT count(*) AS total FROM users"),
      ]);
      return { users: page.rows, total: Number(count.rows[0].total) };
    },
    async *stream() {
      const { rows } = await pool.query("SELECT max(id) AS last FROM users");
      const last = rows[0].last ?? 0;
      const text = `SELECT ${columns} FROM users WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3`;
      for (let from = 0; from < last; ) {
        const page = (await pool.query(text, [from, last, pageSize])).rows;
        yield* page;
        from = page.at(-1)?.id ?? last;
      }
    },
  };
}
