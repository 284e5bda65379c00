-- A reserved request did not start.
-- Further KEYS: its lease, if it has one. args.id, args.token of that lease
local clockKey, startsKey, countKey = unpack(KEYS)
local args, leaseKey = cjson.decode(ARGV[1]), KEYS[4]
--- @include "includes/counts"
--- @include "includes/leases"

local clock = readClock(clockKey, args)
if redis.call('ZREM', startsKey, args.id) == 1 then
  local counts = readCounts(countKey, clock)
  counts.dayUsed = math.max(0, counts.dayUsed - 1)
  counts.monthUsed = math.max(0, counts.monthUsed - 1)
  writeCounts(countKey, counts)
  -- That there are none left is no loss.
  if redis.call('EXISTS', startsKey) == 0 then redis.call('HDEL', countKey, 'newest') end
end
if leaseKey then deleteLease(leaseKey, args.token) end
return 'OK'
