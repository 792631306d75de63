/** What there is once for each connection: made on first use, and gone with the connection. */
export function perConnection<T>(create: () => T): (connection: object) => T {
  const known = new WeakMap<object, T>();
  return (connection) => {
    let value = known.get(connection);
    if (value === undefined) {
      value = create();
      known.set(connection, value);
    }
    return value;
  };
}
