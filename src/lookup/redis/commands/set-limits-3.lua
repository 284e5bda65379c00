-- An instance keeps to these limits, and with it all others; until it publishes them again, or doesn't renew them in time.
-- args.instance, args.limits: { "count:window ms:transit ms", ms that it applies beyond } of each
local stateKey, limitsKey, limitHoldersKey = unpack(KEYS)
local args = cjson.decode(ARGV[1])
--- @include "includes/state"

-- The limits of an instance that does not renew them for this long no longer apply.
local LIMIT_TTL_MS = 25000

local now = readTime(stateKey, args)
for _, limit in ipairs(args.limits) do
  redis.call('ZADD', limitsKey, 'GT', now + LIMIT_TTL_MS + limit[2], limit[1])
  redis.call('ZADD', limitHoldersKey, now + LIMIT_TTL_MS, args.instance .. ' ' .. limit[1])
end
for _, key in ipairs({ limitsKey, limitHoldersKey }) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
  redis.call('PEXPIRE', key, KEEP_MS)
end
return 'OK'
