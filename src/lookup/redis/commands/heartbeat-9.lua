-- Heartbeat of an instance, with what it did that Redis may not know of: its starts of the last window, as they are lost when Redis
-- restarts empty, and its counts.
--
-- When there was no heartbeat for a while, or Redis has lost its data, all registered instances may have started requests offline, and
-- more could start than may as long as Redis doesn't know how many. So it begins a resync: nothing starts until each has reported
-- everything, in a heartbeat that names the resync, or until that takes too long.
--
-- args.instance, instanceTtlMs (without a heartbeat an instance is gone after this), windowMs
-- args.isOffline: it starts requests by itself, until a heartbeat says otherwise
-- args.epoch that it knows; nil: none. args.peers that it knows. args.resync that it answers
-- args.counts: day, dayUsed, month, monthUsed; nil: Redis has them
-- args.offlineStarts that it ever made, args.offlineStartsReported of them that it knows to be counted
-- args.starts: { age in ms, id } of each; nil: Redis has them
-- Replies with epoch, present (instances, in one order for all), resync that it is to answer, limits in force: { "count:window ms:transit
-- ms", for so many ms } of each, and isPartitioned: others may start requests offline.
local clockKey, epochKey, startsKey, countKey, blockKey, resyncKey, instancesKey, limitsKey, offlineStartsKey = unpack(KEYS)
local args = cjson.decode(ARGV[1])
--- @include "includes/block"
--- @include "includes/resync"
--- @include "includes/reply"
--- @include "includes/partition"

-- Within this long each instance that lost Redis is back: it tries to connect every 1.2 s at least.
local RECONNECT_WITHIN_MS = 1500
local DAY_MS = 86400000

local clock = readClock(clockKey, args)
local now = clock.now
local counts = readCounts(countKey, clock)
local kept = redis.call('GET', epochKey)
-- Lost in part is lost: all report everything again.
local isPart = kept and isLost(kept, counts, clock, startsKey)
if isPart then kept = nil end
local epoch = kept or clock.stamp
redis.call('SET', epochKey, epoch, 'PX', KEEP_MS)
if counts.epoch ~= epoch then
  redis.call('HSET', countKey, 'epoch', epoch)
  redis.call('HDEL', countKey, 'newest')
end

-- Who has to report before anything starts.
local pending = {}
-- A heartbeat in the future was before the clock was set back.
redis.call('ZREMRANGEBYSCORE', instancesKey, '(' .. ms(now), '+inf')
local last = redis.call('ZREVRANGE', instancesKey, 0, 0, 'WITHSCORES')
if last[2] and now - last[2] > OUTAGE_AFTER_MS then
  pending = redis.call('ZRANGE', instancesKey, 0, -1)
  redis.call('DEL', resyncKey)
elseif not kept and (isPart or args.epoch) then
  pending = redis.call('ZRANGE', instancesKey, 0, -1)
end
if #pending == 0 and args.epoch and args.epoch ~= epoch then
  for _, peer in ipairs(args.peers) do
    if not redis.call('ZSCORE', instancesKey, peer) then table.insert(pending, peer) end
  end
end
-- A newcomer doesn't know whether anybody is left: who is will be back soon, and not all have to wait for the dead.
local longest = args.epoch and math.max(args.windowMs, RECONNECT_WITHIN_MS) or RECONNECT_WITHIN_MS
if not kept and not isPart and not args.epoch then
  -- Nor can it tell a Redis that has just restarted from a new one.
  local info = redis.pcall('INFO', 'server')
  local uptime = type(info) == 'string' and string.match(info, 'uptime_in_seconds:(%d+)') or 0
  longest = RECONNECT_WITHIN_MS - uptime * 1000
  if longest > 0 then pending = { 'anybody' } end
end
if #pending > 0 then
  redis.call('HSETNX', resyncKey, 'id', clock.stamp)
  for _, id in ipairs(pending) do redis.call('HSET', resyncKey, id, '') end
  redis.call('HSET', resyncKey, 'ends', ms(now + longest))
  redis.call('PEXPIRE', resyncKey, DAY_MS)
end
if redis.call('EXISTS', resyncKey) == 1 and resyncRemaining(resyncKey, clock) <= 0 then redis.call('DEL', resyncKey) end
local resync = redis.call('HGET', resyncKey, 'id')
if resync and resync == args.resync then leaveResync(resyncKey, args.instance) end

-- By when it was sent at the latest: Redis may have hung since. One that is offline counts as silent.
local seenAt = args.isOffline and now - OUTAGE_AFTER_MS - 1 or math.min(now, args.mostMs or now)
redis.call('ZADD', instancesKey, ms(seenAt), args.instance)
redis.call('ZREMRANGEBYSCORE', instancesKey, '-inf', now - args.instanceTtlMs)
redis.call('PEXPIRE', instancesKey, DAY_MS)

local newest
for _, start in ipairs(args.starts or {}) do
  newest = now - start[1]
  redis.call('ZADD', startsKey, 'NX', newest, start[2])
end
-- Something else under this key fails here, and not only when a request is to start.
redis.call('ZRANGEBYSCORE', startsKey, '+inf', '+inf')
redis.call('PEXPIRE', startsKey, KEEP_MS)
if newest then redis.call('HSET', countKey, 'newest', newest) end

local before = counts.dayUsed + counts.monthUsed
if args.counts and args.counts.day == counts.day then counts.dayUsed = math.max(counts.dayUsed, args.counts.dayUsed) end
if args.counts and args.counts.month == counts.month then counts.monthUsed = math.max(counts.monthUsed, args.counts.monthUsed) end
-- Reported again when the reply was lost, and counted once.
local offline = args.offlineStarts - (redis.call('GET', offlineStartsKey) or args.offlineStartsReported)
counts.dayUsed = counts.dayUsed + offline
counts.monthUsed = counts.monthUsed + offline
if counts.dayUsed + counts.monthUsed ~= before then writeCounts(countKey, counts) end
redis.call('PEXPIRE', countKey, KEEP_MS)
if offline > 0 then redis.call('SET', offlineStartsKey, args.offlineStarts, 'PX', DAY_MS) end

local limits, inForce = {}, redis.call('ZRANGEBYSCORE', limitsKey, ms(now), '+inf', 'WITHSCORES')
for i = 1, #inForce, 2 do table.insert(limits, { inForce[i], ms(inForce[i + 1] - now) }) end
local present = redis.call('ZRANGE', instancesKey, 0, -1)
table.sort(present)
return reply(clock, counts, readBlock(blockKey, clock), {
  epoch = epoch,
  limits = #limits > 0 and limits or nil,
  isPartitioned = isPartitioned(instancesKey, args.instance, clock),
  present = present,
  resync = redis.call('HEXISTS', resyncKey, args.instance) == 1 and redis.call('HGET', resyncKey, 'id') or nil,
})
