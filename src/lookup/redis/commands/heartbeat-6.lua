-- Heartbeat of an instance. It renews what the instance has in Redis: its registration, its limits and its leases; and tells what it did
-- that Redis may not know of: its starts of the last window, as they are lost when Redis restarts empty, and its counts.
--
-- Nothing starts for a quiet window when starts of others in it may be unknown (`quiet` is why, `quietFrom` since when):
--   lost    Redis has lost the state that this instance knew. Whoever else knew it may have used all of a window.
--   new     There is no state, and this instance never knew one: it can't tell a Redis that lost it from a new key. No start is from
--           before Redis started; and an instance that knew a state says so in its next heartbeat, which makes it `lost`.
--   outage  No instance sent a heartbeat for a while: all of them may have started requests offline. It is over as soon as each that was
--           registered has sent a heartbeat since, which tells what it started.
--
-- Further KEYS: the leases of its requests that run; args.leases: the token of each
-- args.instance, instanceTtlMs (without a heartbeat an instance is gone after this)
-- args.windowMs, args.transitMs: the longest of the limits that it knows
-- args.limits that it keeps to, and args.droppedLimits that it no longer does: { "count:window ms:transit ms", ms that it applies beyond }
-- of each
-- args.isOffline: it starts requests by itself, until a heartbeat says otherwise
-- args.stateId that it knows; nil: none. args.peers that it knows
-- args.counts: day, dayUsed, month, monthUsed; nil: Redis has them
-- args.offlineStarts that it ever made, args.offlineStartsReported of them that it knows to be counted
-- args.starts: { age in ms, id } of each; nil: Redis has them
-- Replies with stateId, present (instances, in one order for all), limits in force: count, windowMs and remainingMs of each, and
-- isPartitioned: others may start requests offline.
local stateKey, startsKey, instancesKey, limitsKey, limitHoldersKey, offlineStartsKey = unpack(KEYS)
local args = cjson.decode(ARGV[1])
--- @include "includes/leases"
--- @include "includes/limits"
--- @include "includes/partition"

local DAY_MS = 86400000
-- Within this long an instance that knew a lost state sends a heartbeat.
local NEXT_HEARTBEAT_MS = 1000

local state = readState(stateKey, args)
local now = state.now
local silentAt = ms(now - OUTAGE_AFTER_MS - 1)

keepLimits(limitsKey, limitHoldersKey, args.instance, args.limits, now)
dropLimits(limitsKey, limitHoldersKey, args.instance, args.droppedLimits, now)
local limits, longestMs, transitMs = {}, args.windowMs, args.transitMs
for _, limit in ipairs(limitsInForce(limitsKey, now)) do
  -- cjson writes fewer digits of a number.
  table.insert(limits, { count = limit.count, windowMs = string.format('%.17g', limit.windowMs), remainingMs = ms(limit.remainingMs) })
  longestMs, transitMs = math.max(longestMs, limit.windowMs), math.max(transitMs, limit.transitMs)
end

local function beQuiet(why, from)
  state.quiet, state.quietFrom = why, tonumber(ms(from))
  redis.call('HSET', stateKey, 'quiet', why, 'quietFrom', ms(from))
end

-- A heartbeat in the future was before the clock was set back.
redis.call('ZREMRANGEBYSCORE', instancesKey, '(' .. ms(now), '+inf')
local last = redis.call('ZREVRANGE', instancesKey, 0, 0, 'WITHSCORES')
if isLost(state, startsKey) then
  if args.stateId or state.id then
    beQuiet('lost', now)
  else
    -- Refused in some places; then it may have started just now.
    local info = redis.pcall('INFO', 'server')
    local uptimeMs = (type(info) == 'string' and string.match(info, 'uptime_in_seconds:(%d+)') or 0) * 1000
    beQuiet('new', now)
    beQuiet('new', now - math.min(uptimeMs, math.max(0, quietRemaining(state, longestMs, transitMs) - NEXT_HEARTBEAT_MS)))
  end
  state.id = state.stamp
  redis.call('HSET', stateKey, 'id', state.id)
  redis.call('HDEL', stateKey, 'hasStarts')
elseif args.stateId and args.stateId ~= state.id and state.quiet == 'new' then
  beQuiet('lost', now)
elseif last[2] and now - last[2] > OUTAGE_AFTER_MS then
  beQuiet(quietRemaining(state, longestMs, transitMs) > 0 and state.quiet or 'outage', now)
end

-- The peers of one that isn't registered may be lost too; or offline, as long as they are silent.
if not redis.call('ZSCORE', instancesKey, args.instance) then
  for _, peer in ipairs(args.peers) do redis.call('ZADD', instancesKey, 'NX', silentAt, peer) end
end
-- By when it was sent at the latest: Redis may have hung since. One that is offline counts as silent.
redis.call('ZADD', instancesKey, args.isOffline and silentAt or ms(math.min(now, args.mostMs or now)), args.instance)
redis.call('PEXPIRE', instancesKey, DAY_MS)
if quietRemaining(state, longestMs, transitMs) <= 0 then
  redis.call('ZREMRANGEBYSCORE', instancesKey, '-inf', ms(now - args.instanceTtlMs))
elseif state.quiet == 'outage' then
  local longestSilent = redis.call('ZRANGE', instancesKey, 0, 0, 'WITHSCORES')
  if tonumber(longestSilent[2]) >= state.quietFrom then redis.call('HDEL', stateKey, 'quiet', 'quietFrom') end
end

for _, start in ipairs(args.starts or {}) do
  redis.call('ZADD', startsKey, 'NX', ms(now - start[1]), start[2])
  redis.call('HSET', stateKey, 'hasStarts', 1)
end
-- Something else under this key fails here, and not only when a request is to start.
redis.call('ZRANGEBYSCORE', startsKey, '+inf', '+inf')
redis.call('PEXPIRE', startsKey, KEEP_MS)

for i, token in ipairs(args.leases) do renewLease(KEYS[6 + i], token) end

local before = state.dayUsed + state.monthUsed
if args.counts and args.counts.day == state.day then state.dayUsed = math.max(state.dayUsed, args.counts.dayUsed) end
if args.counts and args.counts.month == state.month then state.monthUsed = math.max(state.monthUsed, args.counts.monthUsed) end
-- Reported again when the reply was lost, and counted once. Less than before: some were taken back since.
local offline = args.offlineStarts - (redis.call('GET', offlineStartsKey) or args.offlineStartsReported)
state.dayUsed = math.max(0, state.dayUsed + offline)
state.monthUsed = math.max(0, state.monthUsed + offline)
if state.dayUsed + state.monthUsed ~= before then writeCounts(stateKey, state) end
if offline ~= 0 then redis.call('SET', offlineStartsKey, args.offlineStarts, 'PX', DAY_MS) end

local present = redis.call('ZRANGE', instancesKey, 0, -1)
table.sort(present)
return reply(state, {
  stateId = state.id,
  limits = #limits > 0 and limits or nil,
  isPartitioned = isPartitioned(instancesKey, args.instance, now),
  present = present,
})
