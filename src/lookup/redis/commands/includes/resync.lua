--- @include "clock"
--- @include "counts"

-- Whether the counts, or the starts, are not those that were reported in this epoch: something deleted that key alone.
local function isLost(epoch, counts, clock, startsKey)
  if counts.epoch ~= epoch then return true end
  return counts.newest and clock.now - counts.newest < 60000 and redis.call('EXISTS', startsKey) == 0
end

-- For how long nothing starts, in ms, as a resync runs.
local function resyncRemaining(key, clock)
  local ends = redis.call('HGET', key, 'ends')
  return ends and ends - clock.now or 0
end

-- An instance has reported all, or is gone: without others (`id` and `ends` are left) the resync is over.
local function leaveResync(key, instance)
  redis.call('HDEL', key, instance)
  if redis.call('HLEN', key) == 2 then redis.call('DEL', key) end
end
