-- May these requests start? Decides on one after the other, as long as they may, and reserves a place for each: one round trip for
-- limits, counts, block and leases of all of them. The limits of all instances apply, also of removed ones until their window is over.
--
-- Further KEYS: the lease and the report of each request that has a lease.
-- args.instance, args.stateId that it knows
-- args.transitMs: a request that is dispatched now has arrived by then; args.maxTransitMs of any limit
-- args.retainMs: starts are kept for that long at least
-- args.daily, args.monthly: allowances, 0: not counted; args.reserved: lookups of the day that only urgent requests may use, nil: none
-- args.windows: { requests, ms } of each limit that it knows
-- args.isPartitioned: it knows that others may start requests offline, and keeps to its part of each limit
-- args.requests: id, token of its lease (nil: none), fresh (although there is a report), isUrgent
-- Replies with decisions, one for each request up to the first that may not start, and waitMs for that one:
--   start            it may, and has a reservation
--   leased-by-peer   another instance has the report, or holds the lease
--   reserved         it isn't urgent, and only the reserve of the day is left: those behind it are decided on all the same
--   wait             it may not before that many ms
--   blocked          VirusTotal refuses the key's requests
--   quota-exhausted  day or month is used up
-- or with isStale when Redis has lost its data: heartbeat first; or with isPartitioned when it doesn't know that.
local stateKey, startsKey, limitsKey, instancesKey = unpack(KEYS)
local args = cjson.decode(ARGV[1])
--- @include "includes/leases"
--- @include "includes/limits"
--- @include "includes/partition"

-- A probe request after a block is given up after this.
local PROBE_MS = 10000
-- How often it is looked whether a probe, or the quiet after an outage, is over.
local PROBE_POLL_MS = 500
local QUIET_POLL_MS = 250

local state = readState(stateKey, args)
local now, block = state.now, state.block
if state.id ~= args.stateId or isLost(state, startsKey) then return reply(state, { isStale = true }) end

local windows, transitMs, retainMs, started = args.windows, args.transitMs, args.retainMs, 0
for _, limit in ipairs(limitsInForce(limitsKey, now)) do
  table.insert(windows, { limit.count, limit.windowMs })
  transitMs = math.max(transitMs, limit.transitMs)
end
local longestMs = 0
for _, window in ipairs(windows) do longestMs = math.max(longestMs, window[2]) end
retainMs = math.max(retainMs, longestMs)

if #windows > 0 and not args.isPartitioned and isPartitioned(instancesKey, args.instance, now) then
  return reply(state, { isPartitioned = true })
end

-- None is in transit for so long: it was reserved before the clock was set back.
local newest = redis.call('ZREVRANGE', startsKey, 0, 0, 'WITHSCORES')
if newest[2] and newest[2] - now > args.maxTransitMs then
  local ahead = redis.call('ZRANGEBYSCORE', startsKey, '(' .. ms(now), '+inf')
  for _, id in ipairs(ahead) do redis.call('ZADD', startsKey, 'XX', ms(now), id) end
end

local function isLeasedByPeer(leaseKey, reportKey, request)
  local owner = ownerOf(leaseKey)
  if owner and owner ~= request.token then return true end
  return not request.fresh and redis.call('TYPE', reportKey).ok == 'string'
end

-- Why none may start now, and for how long; nothing when one may.
local function obstacle()
  if block and block.remaining > 0 then return 'blocked', block.remaining end
  -- After a block a probe request of one instance goes first, until VirusTotal has accepted it.
  if block and block.tried and block.tried > now and (block.trier ~= args.instance or started > 0) then
    return 'wait', math.min(PROBE_POLL_MS, block.tried - now)
  end
  if #windows > 0 or args.daily > 0 or args.monthly > 0 then
    local quiet = quietRemaining(state, longestMs, transitMs)
    -- That after an outage may be over sooner.
    if quiet > 0 then return 'wait', state.quiet == 'outage' and math.min(quiet, QUIET_POLL_MS) or quiet end
  end
  if args.daily > 0 and state.dayUsed >= args.daily then return 'quota-exhausted', 0 end
  if args.monthly > 0 and state.monthUsed >= args.monthly then return 'quota-exhausted', 0 end
  local wait = 0
  for _, window in ipairs(windows) do
    -- The start that has to leave the window before another fits in.
    local before = redis.call('ZREVRANGE', startsKey, window[1] - 1, window[1] - 1, 'WITHSCORES')
    if before[2] then wait = math.max(wait, before[2] + window[2] - now) end
  end
  if wait > 0 then return 'wait', wait end
end

local unreserved = args.daily - (args.reserved or 0)

local function isReserved(request)
  return not request.isUrgent and unreserved < args.daily and state.dayUsed >= unreserved
end

local function start(request, leaseKey)
  started = started + 1
  redis.call('ZADD', startsKey, ms(now + transitMs + args.replyMs), request.id)
  state.dayUsed = state.dayUsed + 1
  state.monthUsed = state.monthUsed + 1
  if block then
    block.trier, block.tried = args.instance, now + PROBE_MS
    redis.call('HSET', stateKey, 'trier', block.trier, 'tried', ms(block.tried))
  end
  if leaseKey then setLease(leaseKey, request.token) end
end

local decisions, waitMs, nextKey = {}, nil, 5
for _, request in ipairs(args.requests) do
  local decision, leaseKey
  if request.token then
    leaseKey = KEYS[nextKey]
    if isLeasedByPeer(leaseKey, KEYS[nextKey + 1], request) then decision = 'leased-by-peer' end
    nextKey = nextKey + 2
  end
  if not decision then
    decision, waitMs = obstacle()
    if not decision and isReserved(request) then
      decision = 'reserved'
    elseif not decision then
      decision = 'start'
      start(request, leaseKey)
    end
  end
  table.insert(decisions, decision)
  if decision ~= 'start' and decision ~= 'leased-by-peer' and decision ~= 'reserved' then break end
end
if started > 0 then
  redis.call('ZREMRANGEBYSCORE', startsKey, '-inf', ms(now - retainMs))
  redis.call('PEXPIRE', startsKey, KEEP_MS)
  redis.call('HSET', stateKey, 'hasStarts', 1)
  writeCounts(stateKey, state)
end
return reply(state, { decisions = decisions, waitMs = ms(waitMs or 0) })
