--- @include "state"

-- Without a heartbeat for this long an instance may be starting requests offline: longer than a heartbeat interval, shorter than what an
-- instance waits for before it starts any (`OFFLINE_AFTER_MS` in outage/membership.ts).
local OUTAGE_AFTER_MS = 1200

-- Whether another instance may be starting requests offline: it has said so, or is silent.
local function isPartitioned(instancesKey, instance, now)
  local silent = redis.call('ZRANGEBYSCORE', instancesKey, '-inf', ms(now - OUTAGE_AFTER_MS))
  for _, id in ipairs(silent) do
    if id ~= instance then return true end
  end
  return false
end
