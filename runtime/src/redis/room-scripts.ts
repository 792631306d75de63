/**
 * Adds a message to the stream of a room and tells all servers, in one step: both have one order.
 *
 * Keys: the stream. Arguments: its length, its lifetime in milliseconds, the channel, the message.
 */
export const sendScript = `
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'm', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PUBLISH', ARGV[3], id .. ' ' .. ARGV[4])
return id`;

/**
 * What the scripts below share. Who is present is a sorted set of `<server> <member>`, by the time in
 * seconds at which the entry counts as gone, unless its server keeps it. Removes those that are gone.
 *
 * Keys: the set. Arguments: the channel, the room, the server, seconds that an entry lasts, the size of a
 * room up to which servers are told, members.
 */
const presence = `
local now = tonumber(redis.call('TIME')[1])
local function member(entry)
  return string.sub(entry, string.find(entry, ' ', 1, true) + 1)
end
local function tell(what, who)
  if redis.call('ZCARD', KEYS[1]) > tonumber(ARGV[5]) then return end
  for _, entry in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    if member(entry) == who then return end
  end
  redis.call('PUBLISH', ARGV[1], what .. ' ' .. cjson.encode({ARGV[2], who}))
end
for _, entry in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
  redis.call('ZREM', KEYS[1], entry)
  tell('left', member(entry))
end
local function keep(who)
  redis.call('ZADD', KEYS[1], now + tonumber(ARGV[4]), ARGV[3] .. ' ' .. who)
end
`;

/** A member joins. Returns how many entries there are, and some of them. */
export const enterScript: string = `${presence}
tell('joined', ARGV[6])
keep(ARGV[6])
redis.call('EXPIRE', KEYS[1], ARGV[4])
local entries = redis.call('ZRANGE', KEYS[1], 0, 999)
for index, entry in ipairs(entries) do entries[index] = member(entry) end
return {redis.call('ZCARD', KEYS[1]), entries}`;

/** A member has no call on this server any more. */
export const leaveScript: string = `${presence}
redis.call('ZREM', KEYS[1], ARGV[3] .. ' ' .. ARGV[6])
tell('left', ARGV[6])`;

/** Members are still there. */
export const keepScript: string = `${presence}
for index = 6, #ARGV do keep(ARGV[index]) end
redis.call('EXPIRE', KEYS[1], ARGV[4])`;
