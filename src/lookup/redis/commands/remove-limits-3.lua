-- An instance no longer keeps to these limits. If no other does, they end when their window is over.
-- args.instance, args.limits: { "count:window ms:transit ms", ms that it applies beyond } of each
local stateKey, limitsKey, limitHoldersKey = unpack(KEYS)
local args = cjson.decode(ARGV[1])
--- @include "includes/state"

local now = readTime(stateKey, args)

local function isHeld(limit)
  for _, holder in ipairs(redis.call('ZRANGEBYSCORE', limitHoldersKey, ms(now), '+inf')) do
    if string.match(holder, ' (.+)$') == limit then return true end
  end
  return false
end

for _, limit in ipairs(args.limits) do
  redis.call('ZREM', limitHoldersKey, args.instance .. ' ' .. limit[1])
  if not isHeld(limit[1]) then redis.call('ZADD', limitsKey, 'XX', now + limit[2], limit[1]) end
end
return 'OK'
