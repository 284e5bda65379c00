-- A reserved request did not start.
-- Further KEYS: its lease, if it has one. args.id, args.token of that lease
local stateKey, startsKey = unpack(KEYS)
local args, leaseKey = cjson.decode(ARGV[1]), KEYS[3]
--- @include "includes/state"
--- @include "includes/leases"

local state = readState(stateKey, args)
if redis.call('ZREM', startsKey, args.id) == 1 then
  state.dayUsed = math.max(0, state.dayUsed - 1)
  state.monthUsed = math.max(0, state.monthUsed - 1)
  writeCounts(stateKey, state)
  -- That there are none left is no loss.
  if redis.call('EXISTS', startsKey) == 0 then redis.call('HDEL', stateKey, 'hasStarts') end
end
if leaseKey then deleteLease(leaseKey, args.token) end
return 'OK'
