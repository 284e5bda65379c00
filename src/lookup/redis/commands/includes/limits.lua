--- @include "state"

-- The limits of an instance that does not renew them for this long no longer apply.
local LIMIT_TTL_MS = 25000
-- One with more left, in ms, is not written again: most heartbeats write none.
local RENEW_BELOW_MS = 15000

-- An instance keeps to these limits, and with it all others. limits: { "count:window ms:transit ms", ms that it applies beyond } of each
local function keepLimits(limitsKey, limitHoldersKey, instance, limits, now)
  local isWritten = false
  for _, limit in ipairs(limits) do
    local holder = instance .. ' ' .. limit[1]
    local leftMs = (redis.call('ZSCORE', limitHoldersKey, holder) or now) - now
    if leftMs < RENEW_BELOW_MS or leftMs > LIMIT_TTL_MS or not redis.call('ZSCORE', limitsKey, limit[1]) then
      redis.call('ZADD', limitsKey, 'GT', ms(now + LIMIT_TTL_MS + limit[2]), limit[1])
      redis.call('ZADD', limitHoldersKey, ms(now + LIMIT_TTL_MS), holder)
      isWritten = true
    end
  end
  if not isWritten then return end
  for _, key in ipairs({ limitsKey, limitHoldersKey }) do
    redis.call('ZREMRANGEBYSCORE', key, '-inf', ms(now))
    redis.call('PEXPIRE', key, KEEP_MS)
  end
end

-- It no longer keeps to these. What no other instance keeps to ends when its window is over.
local function dropLimits(limitsKey, limitHoldersKey, instance, limits, now)
  for _, limit in ipairs(limits) do
    redis.call('ZREM', limitHoldersKey, instance .. ' ' .. limit[1])
    local isHeld = false
    for _, holder in ipairs(redis.call('ZRANGEBYSCORE', limitHoldersKey, ms(now), '+inf')) do
      isHeld = isHeld or string.match(holder, ' (.+)$') == limit[1]
    end
    if not isHeld then redis.call('ZADD', limitsKey, 'XX', ms(now + limit[2]), limit[1]) end
  end
end

-- The limits that apply to all instances: count, windowMs, transitMs, and remainingMs unless it is renewed.
local function limitsInForce(limitsKey, now)
  local limits, found = {}, redis.call('ZRANGEBYSCORE', limitsKey, ms(now), '+inf', 'WITHSCORES')
  for i = 1, #found, 2 do
    local count, windowMs, transitMs = string.match(found[i], '^(%d+):([^:]+):(.+)$')
    table.insert(limits, {
      count = tonumber(count), windowMs = tonumber(windowMs), transitMs = tonumber(transitMs), remainingMs = found[i + 1] - now,
    })
  end
  return limits
end
