import { MAX_TRANSIT_MS } from '../sliding-window';
import { LEASE_MS } from './leases';

/**
 * What Redis does for us, each in one go: nobody comes between. Every time is Redis's own, in ms, so that instances whose clocks
 * differ agree. Replies are flat lists of texts.
 */

/** What a key's state is kept for after its last use, in ms: longer than a clock is ever set wrong by, as a rule. */
const KEEP_MS = 2_764_800_000;

/**
 * `now`, and the counts of today and this month (UTC).
 *
 * The clock of Redis may be set while it runs, and every time to live with it. So \`now\` is its clock plus an offset that is kept in the
 * last of KEYS, so that it goes on evenly: it never goes back, nor further than the caller's monotonic clock says that it may have gone
 * since it last heard of it. When that is not clear it goes slower, as a start that seems younger than it is does no harm. Nothing that
 * matters is left to a time to live.
 *
 * The last of ARGV: how far \`now\` has got by the caller's monotonic clock, at least and at most, or "", and the caller's wall clock.
 */
const CLOCK = `
local t = redis.call('TIME')
local raw = t[1] * 1000 + t[2] / 1000
local wall, most, least = tonumber(table.remove(ARGV)), tonumber(table.remove(ARGV)), tonumber(table.remove(ARGV))
local clock = table.remove(KEYS)
local ran = redis.call('HMGET', clock, 'offset', 'last', 'unblocked:rate-limited', 'unblocked:quota-exhausted', 'unblocked:unauthorized')
local offset, last = tonumber(ran[1]) or 0, tonumber(ran[2])
-- When a block of each kind was last over.
local lifted = table.concat({ ran[3] or '0', ran[4] or '0', ran[5] or '0' }, ' ')
local now = raw + offset
local before = last and last + offset
if last and raw < last then now = math.max(before, least or before) end
if not last and least then now = math.max(now, least) end
-- Set forward: the least that has passed for certain, or the starts of the last window would be too old.
if most and now > most then now = math.max(before or -math.huge, least) end
redis.call('HSET', clock, 'offset', string.format('%.3f', now - raw), 'last', string.format('%.3f', raw))
redis.call('PEXPIRE', clock, ${KEEP_MS})
-- A date is that of the clock as it is set now, unless it is far from the caller's.
local dated = wall and math.abs(raw - wall) > 3600000 and wall or raw

local function today()
  -- Days since 1970 to a date, after Howard Hinnant's civil_from_days.
  local z = math.floor(dated / 86400000) + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local month = mp < 10 and mp + 3 or mp - 9
  return string.format('%04d-%02d-%02d', yoe + era * 400 + (month <= 2 and 1 or 0), month, doy - math.floor((153 * mp + 2) / 5) + 1)
end

local function counts(key)
  local day = today()
  local month = string.sub(day, 1, 7)
  local kept = redis.call('HMGET', key, 'of:' .. day, 'of:' .. month, 'epoch', 'newest')
  return {
    day = day, dayUsed = tonumber(kept[1]) or 0, month = month, monthUsed = tonumber(kept[2]) or 0,
    epoch = kept[3], newest = tonumber(kept[4]),
  }
end

local function keep(key, c)
  redis.call('HSET', key, 'day', c.day, 'dayUsed', c.dayUsed, 'month', c.month, 'monthUsed', c.monthUsed,
    'of:' .. c.day, c.dayUsed, 'of:' .. c.month, c.monthUsed)
  -- A clock that is set forward over midnight and back again finds the count of the day before.
  if redis.call('HLEN', key) > 30 then
    for _, field in ipairs(redis.call('HKEYS', key)) do
      local of = string.match(field, '^of:(.+)$')
      if of and of ~= c.day and of ~= c.month then redis.call('HDEL', key, field) end
    end
  end
  redis.call('PEXPIRE', key, ${KEEP_MS})
end

-- Whether the count, or the starts, are not those that were reported in this epoch: something deleted that key alone.
local function isLost(epoch, c, starts)
  if c.epoch ~= epoch then return true end
  return c.newest and now - c.newest < 60000 and redis.call('EXISTS', starts) == 0
end

-- For how long nothing starts, as a resync runs.
local function resyncRemaining(resync)
  local ends = redis.call('HGET', resync, 'ends')
  return ends and ends - now or 0
end

local function blockOf(key)
  local kept = redis.call('HMGET', key, 'until', 'kind', 'status', 'text', 'pauses', 'ms', 'at', 'trier', 'tried')
  if not kept[1] then return nil end
  -- No longer than it was meant to be, although the offset of the clock may have been lost.
  local remaining = math.min(kept[1] - now, kept[6] or 0)
  return {
    remaining = remaining, kind = kept[2], status = kept[3], text = kept[4], pauses = kept[5], at = kept[7],
    trier = kept[8], tried = tonumber(kept[9]),
  }
end

local function reply(status, wait, c, h, ...)
  return {
    status, string.format('%.3f', wait), string.format('%.3f', now),
    c.day, tostring(c.dayUsed), c.month, tostring(c.monthUsed),
    h and h.kind or '', h and h.status or '', h and h.text or '', h and h.pauses or '',
    h and string.format('%.3f', h.remaining) or '', h and h.at or '', lifted,
    ...
  }
end
`;

/** Who holds a lease. */
const LEASES = `
local function ownerOf(lease)
  local owner = redis.pcall('GET', lease)
  if type(owner) ~= 'string' then return nil end
  -- A lease is never so long: the clock was set back since. Who is alive renews it.
  if redis.call('PTTL', lease) > ${LEASE_MS} then redis.call('PEXPIRE', lease, ${LEASE_MS}) end
  return owner
end
`;

/**
 * Heartbeat of an instance, with what it did that Redis may not know of: its starts of the last window, as they are lost when Redis
 * restarts empty, and its counts.
 *
 * When there was no heartbeat for a while, or Redis has lost its data, all registered instances may have started requests offline, and
 * more could start than may as long as Redis doesn't know how many. So it begins a resync (`resync`): nothing starts until each has
 * reported everything, in a heartbeat that names the resync, or until that takes too long.
 *
 * KEYS epoch starts count block resync instances offline-starts
 * ARGV instance, ms until an instance counts as gone, ms without a heartbeat that are too many, ms until all are back, window ms,
 *   epoch it knows, its peers (with blanks between), resync it answers, its counts (day, dayUsed, month, monthUsed), starts it ever
 *   made offline, those of them that it knows to be counted, then pairs of age and id
 * Reply: head, then epoch, starts in the window, instances (in one order for all, with blanks between), resync it is to answer.
 */
const HEARTBEAT = `${CLOCK}
local me, gone, back, window, knew = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
local stamp = string.format('%.0f', t[1] * 1000000 + t[2])
local c = counts(KEYS[3])
local kept = redis.call('GET', KEYS[1])
-- Lost in part is lost: all report everything again.
local isPart = kept and isLost(kept, c, KEYS[2])
if isPart then kept = nil end
local epoch = kept or stamp
redis.call('SET', KEYS[1], epoch, 'PX', ${KEEP_MS})
if c.epoch ~= epoch then
  redis.call('HSET', KEYS[3], 'epoch', epoch)
  redis.call('HDEL', KEYS[3], 'newest')
end

-- A heartbeat in the future was before the clock was set back.
redis.call('ZREMRANGEBYSCORE', KEYS[6], string.format('(%.3f', now), '+inf')
local pending = {}
local last = redis.call('ZREVRANGE', KEYS[6], 0, 0, 'WITHSCORES')
if last[2] and now - last[2] > tonumber(ARGV[3]) then
  pending = redis.call('ZRANGE', KEYS[6], 0, -1)
  redis.call('DEL', KEYS[5])
elseif not kept and (isPart or knew ~= '') then
  pending = redis.call('ZRANGE', KEYS[6], 0, -1)
end
if #pending == 0 and knew ~= '' and knew ~= epoch then
  for other in string.gmatch(ARGV[7], '%S+') do
    if not redis.call('ZSCORE', KEYS[6], other) then table.insert(pending, other) end
  end
end
-- A newcomer doesn't know whether anybody is left: who is will be back soon, and not all have to wait for the dead.
local most = knew == '' and back or math.max(window, back)
if not kept and not isPart and knew == '' then
  -- Nor can it tell a Redis that has just restarted from a new one.
  local info = redis.pcall('INFO', 'server')
  most = back - (type(info) == 'string' and string.match(info, 'uptime_in_seconds:(%d+)') or 0) * 1000
  if most > 0 then pending = { 'anybody' } end
end
if #pending > 0 then
  redis.call('HSETNX', KEYS[5], 'id', stamp)
  for _, id in ipairs(pending) do redis.call('HSET', KEYS[5], id, '') end
  redis.call('HSET', KEYS[5], 'ends', string.format('%.3f', now + most))
  redis.call('PEXPIRE', KEYS[5], 86400000)
end
if redis.call('EXISTS', KEYS[5]) == 1 and resyncRemaining(KEYS[5]) <= 0 then redis.call('DEL', KEYS[5]) end
local resync = redis.call('HGET', KEYS[5], 'id')
if resync and resync == ARGV[8] then
  redis.call('HDEL', KEYS[5], me)
  if redis.call('HLEN', KEYS[5]) == 2 then redis.call('DEL', KEYS[5]) end
end
redis.call('ZADD', KEYS[6], now, me)
redis.call('ZREMRANGEBYSCORE', KEYS[6], '-inf', now - gone)
redis.call('PEXPIRE', KEYS[6], 86400000)

for i = 15, #ARGV, 2 do redis.call('ZADD', KEYS[2], 'NX', now - ARGV[i], ARGV[i + 1]) end
redis.call('PEXPIRE', KEYS[2], ${KEEP_MS})
if #ARGV > 14 then redis.call('HSET', KEYS[3], 'newest', now - ARGV[#ARGV - 1]) end

local used = c.dayUsed + c.monthUsed
if ARGV[9] == c.day then c.dayUsed = math.max(c.dayUsed, tonumber(ARGV[10])) end
if ARGV[11] == c.month then c.monthUsed = math.max(c.monthUsed, tonumber(ARGV[12])) end
-- Reported again when the reply was lost, and counted once.
local offline = ARGV[13] - (redis.call('GET', KEYS[7]) or ARGV[14])
c.dayUsed = c.dayUsed + offline
c.monthUsed = c.monthUsed + offline
if c.dayUsed + c.monthUsed ~= used then keep(KEYS[3], c) end
redis.call('PEXPIRE', KEYS[3], ${KEEP_MS})
if offline > 0 then redis.call('SET', KEYS[7], ARGV[13], 'PX', 86400000) end

local ids = redis.call('ZRANGE', KEYS[6], 0, -1)
table.sort(ids)
return reply('ok', 0, c, blockOf(KEYS[4]), epoch,
  tostring(redis.call('ZCOUNT', KEYS[2], now - window, '+inf')), table.concat(ids, ' '),
  redis.call('HEXISTS', KEYS[5], me) == 1 and redis.call('HGET', KEYS[5], 'id') or '')
`;

/**
 * May these requests start? Decides on one after the other, as long as they may, and reserves a place for each: one round trip for
 * limits, counts, block and leases of all of them. The limits of all instances apply, also of removed ones until their window is over.
 *
 * KEYS epoch starts count block resync probe limits, then lease and report of each that has a lease
 * ARGV instance, epoch it knows, ms until a request that is dispatched now has arrived at the latest, ms to keep requests, daily and monthly allowance
 *   (0: not counted), lease ms, number of its limits, of each: requests, window ms; then of each request: id, token of
 *   its lease or "", "1": although there is a report
 * Reply: head; status "stale" when Redis has lost its data: heartbeat first. Else "decided", and then for each, up to the first that
 * may not start:
 *   start            it may, and has a reservation
 *   leased-by-peer   another instance has the report, or holds the lease
 *   wait             it may not before that many ms
 *   blocked          VirusTotal refuses the key's requests
 *   quota-exhausted  day or month is used up
 */
const RESERVE = `${CLOCK}${LEASES}
local c = counts(KEYS[3])
if redis.call('GET', KEYS[1]) ~= ARGV[2] or isLost(ARGV[2], c, KEYS[2]) then return reply('stale', 0, c) end
local h = blockOf(KEYS[4])
local way, kept, daily, monthly = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local went = 0

local windows, first = {}, 9 + 2 * ARGV[8]
for i = 9, first - 1, 2 do table.insert(windows, { count = tonumber(ARGV[i]), ms = tonumber(ARGV[i + 1]) }) end
for _, limit in ipairs(redis.call('ZRANGEBYSCORE', KEYS[7], string.format('%.3f', now), '+inf')) do
  local count, ms, its = string.match(limit, '^(%d+):([^:]+):(.+)$')
  table.insert(windows, { count = tonumber(count), ms = tonumber(ms) })
  kept, way = math.max(kept, tonumber(ms)), math.max(way, tonumber(its))
end

-- None is in transit for so long: it was reserved before the clock was set back.
local newest = redis.call('ZREVRANGE', KEYS[2], 0, 0, 'WITHSCORES')
if newest[2] and newest[2] - now > ${MAX_TRANSIT_MS} then
  local ahead = redis.call('ZRANGEBYSCORE', KEYS[2], string.format('(%.3f', now), '+inf')
  for _, id in ipairs(ahead) do redis.call('ZADD', KEYS[2], 'XX', now, id) end
end

local function isLeasedByPeer(lease, report, token, fresh)
  local owner = ownerOf(lease)
  if owner and owner ~= token then return true end
  return fresh ~= '1' and redis.call('TYPE', report).ok == 'string'
end

-- Why none may start now, and for how long; nothing when one may.
local function obstacle()
  if h and h.remaining > 0 then return 'blocked', h.remaining end
  if h then
    -- After a block a probe request of one instance goes first, until VirusTotal has accepted it.
    if h.tried and h.tried > now and (h.trier ~= ARGV[1] or went > 0) then
      return 'wait', math.min(500, h.tried - now)
    end
  end
  if #windows > 0 or daily > 0 or monthly > 0 then
    local resyncing = resyncRemaining(KEYS[5])
    if resyncing > 0 then return 'wait', math.min(resyncing, 250) end
  end
  if (daily > 0 and c.dayUsed >= daily) or (monthly > 0 and c.monthUsed >= monthly) then return 'quota-exhausted', 0 end
  local wait = 0
  for _, window in ipairs(windows) do
    local before = redis.call('ZREVRANGE', KEYS[2], window.count - 1, window.count - 1, 'WITHSCORES')
    if before[2] then wait = math.max(wait, before[2] + window.ms - now) end
  end
  if wait > 0 then return 'wait', wait end
end

local decisions, wait, key = {}, 0, 8
for i = first, #ARGV, 3 do
  local id, token, decision = ARGV[i], ARGV[i + 1], nil
  local lease, report = KEYS[key], KEYS[key + 1]
  if token ~= '' then
    key = key + 2
    if isLeasedByPeer(lease, report, token, ARGV[i + 2]) then decision = 'leased-by-peer' end
  end
  if not decision then decision, wait = obstacle() end
  if not decision then
    decision, wait = 'start', 0
    went = went + 1
    redis.call('ZADD', KEYS[2], now + way, id)
    c.dayUsed = c.dayUsed + 1
    c.monthUsed = c.monthUsed + 1
    if h then
      h.trier, h.tried = ARGV[1], now + 10000
      redis.call('HSET', KEYS[4], 'trier', h.trier, 'tried', string.format('%.3f', h.tried))
    end
    if token ~= '' then redis.call('SET', lease, token, 'PX', ARGV[7]) end
  end
  table.insert(decisions, decision)
  if decision ~= 'start' and decision ~= 'leased-by-peer' then break end
end
if went > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - kept)
  redis.call('PEXPIRE', KEYS[2], ${KEEP_MS})
  redis.call('HSET', KEYS[3], 'newest', now)
  keep(KEYS[3], c)
end
return reply('decided', wait or 0, c, h, unpack(decisions))
`;

/**
 * A reserved request did not start.
 * KEYS starts count [lease]; ARGV id, [token]
 */
const CANCEL = `${CLOCK}${LEASES}
if redis.call('ZREM', KEYS[1], ARGV[1]) == 1 then
  local c = counts(KEYS[2])
  c.dayUsed = math.max(0, c.dayUsed - 1)
  c.monthUsed = math.max(0, c.monthUsed - 1)
  keep(KEYS[2], c)
  -- That there are none left is no loss.
  if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('HDEL', KEYS[2], 'newest') end
end
if KEYS[3] and ownerOf(KEYS[3]) == ARGV[2] then redis.call('DEL', KEYS[3]) end
return 'OK'
`;

/**
 * More is known of when a reserved request arrives at VirusTotal at the latest.
 * KEYS starts; ARGV id, ms from now on, less than 0: since then
 */
const RESTAMP = `${CLOCK}
redis.call('ZADD', KEYS[1], 'XX', now + ARGV[2], ARGV[1])
return 'OK'
`;

/**
 * An instance keeps to these limits, and with it all others; until it publishes them again, or has no heartbeat for the lease.
 * KEYS limits holders; ARGV instance, lease ms, then of each limit: "count:window ms:transit ms", ms that it applies
 *   beyond
 */
const SET_LIMITS = `${CLOCK}
for i = 3, #ARGV, 2 do
  redis.call('ZADD', KEYS[1], 'GT', now + ARGV[2] + ARGV[i + 1], ARGV[i])
  redis.call('ZADD', KEYS[2], now + ARGV[2], ARGV[1] .. ' ' .. ARGV[i])
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
for _, key in ipairs(KEYS) do
  redis.call('PEXPIRE', key, ${KEEP_MS})
end
return 'OK'
`;

/**
 * An instance no longer keeps to these limits. If no other does, they end when their window is over.
 * KEYS and ARGV as of SET_LIMITS
 */
const REMOVE_LIMITS = `${CLOCK}
for i = 3, #ARGV, 2 do
  local limit = ARGV[i]
  redis.call('ZREM', KEYS[2], ARGV[1] .. ' ' .. limit)
  local kept = false
  for _, holder in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], string.format('%.3f', now), '+inf')) do
    kept = kept or string.match(holder, ' (.+)$') == limit
  end
  if not kept then redis.call('ZADD', KEYS[1], 'XX', now + ARGV[i + 1], limit) end
end
return 'OK'
`;

/**
 * VirusTotal blocks the key. Requests that were under way together are one refusal. A block may be set again when Redis has lost it:
 * the longer one stands, unless it was cleared since.
 * KEYS block probe; ARGV kind status text ms pauses, its age in ms
 */
const BLOCK = `${CLOCK}
local h = blockOf(KEYS[1])
local at = now - ARGV[6]
local isLonger = not h or tonumber(ARGV[4]) > h.remaining
local isOld = tonumber(ARGV[6]) > 1000
if h and h.remaining > 0 and ARGV[1] == 'rate-limited' and not (isOld and isLonger) then return 'OK' end
if isOld and not isLonger then return 'OK' end
if at <= tonumber(redis.call('HGET', clock, 'unblocked:' .. ARGV[1]) or 0) then return 'OK' end
redis.call('HDEL', KEYS[1], 'trier', 'tried')
redis.call('HSET', KEYS[1], 'until', string.format('%.3f', now + ARGV[4]), 'ms', ARGV[4], 'kind', ARGV[1],
  'status', ARGV[2], 'text', ARGV[3], 'pauses', ARGV[5], 'at', string.format('%.3f', at))
redis.call('PEXPIRE', KEYS[1], ${KEEP_MS})
return 'OK'
`;

/**
 * VirusTotal's own count. Raises ours to it, and lowers ours to it and what was started since it was asked for.
 * KEYS count; ARGV daily used or "", monthly used or "", starts that VirusTotal may have missed, day and month count when it was requested
 */
const RECONCILE = `${CLOCK}
local c = counts(KEYS[1])
local function corrected(ours, theirs, asked)
  if theirs == '' then return ours end
  local since = math.max(0, ours - asked)
  return math.min(math.max(ours, tonumber(theirs)), theirs + ARGV[3] + since)
end
c.dayUsed = corrected(c.dayUsed, ARGV[1], ARGV[4])
c.monthUsed = corrected(c.monthUsed, ARGV[2], ARGV[5])
keep(KEYS[1], c)
return reply('ok', 0, c)
`;

/** What is stored under a name. What is too large for a report is there, and can't be read. */
const READ = `
local function read(name)
  local size = redis.pcall('STRLEN', name)
  if type(size) == 'number' and size > 8388608 then return { 'found', '', '0' } end
  local report = redis.pcall('GET', name)
  if type(report) ~= 'string' then return { 'none' } end
  return { 'found', report, tostring(redis.call('PTTL', name)) }
end
`;

/**
 * A report that another instance may have or be requesting.
 * KEYS lease report; reply: "leased", "none", or "found", the report and ms it will be kept
 */
const READ_OR_LEASED = `${LEASES}${READ}
if ownerOf(KEYS[1]) then return { 'leased' } end
return read(KEYS[2])
`;

/**
 * Stores a report for all instances, and announces it to those that wait for it.
 * KEYS lease report [aliases]; ARGV token, report, ms to keep, alias, channel, message
 */
const WRITE_REPORT = `${LEASES}
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
for i = 3, #KEYS do redis.call('SET', KEYS[i], ARGV[4], 'PX', ARGV[3]) end
if ownerOf(KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
redis.call('PUBLISH', ARGV[5], ARGV[6])
return 'OK'
`;

/** KEYS instances resync; ARGV instance */
const DEREGISTER = `
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
if redis.call('HLEN', KEYS[2]) == 2 then redis.call('DEL', KEYS[2]) end
return 'OK'
`;

/**
 * Blocks of these kinds are over. The time is kept, so that an instance that still knows of one can tell that from a Redis that has
 * lost it.
 * KEYS block probe; ARGV ms since then, kinds
 */
const UNBLOCK = `${CLOCK}
local h = blockOf(KEYS[1])
local at = now - ARGV[1]
for i = 2, #ARGV do
  redis.call('HSET', clock, 'unblocked:' .. ARGV[i], string.format('%.3f', at))
  if h and h.kind == ARGV[i] and (tonumber(h.at) or 0) <= at then
    redis.call('DEL', KEYS[1], KEYS[2])
  end
end
return 'OK'
`;

/** KEYS report; reply as of READ_OR_LEASED, but never leased */
const READ_REPORT = `
${READ}
return read(KEYS[1])
`;

/** Releases a lease without a report: others may try. KEYS lease; ARGV token, channel, message */
const RELEASE_LEASE = `${LEASES}
if ownerOf(KEYS[1]) == ARGV[1] then
  redis.call('DEL', KEYS[1])
  redis.call('PUBLISH', ARGV[2], ARGV[3])
end
return 'OK'
`;

/** The request still runs, although Redis may have lost the lease. KEYS lease; ARGV token, lease ms */
const RENEW_LEASE = `${LEASES}
local owner = ownerOf(KEYS[1])
if not owner or owner == ARGV[1] then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return 'OK'
`;

/** Under the names that ioredis gets; it adds its own commands' names to the same object. */
export const SCRIPTS = {
  vtHeartbeat: HEARTBEAT,
  vtDeregister: DEREGISTER,
  vtReserve: RESERVE,
  vtCancel: CANCEL,
  vtRestamp: RESTAMP,
  vtSetLimits: SET_LIMITS,
  vtRemoveLimits: REMOVE_LIMITS,
  vtBlock: BLOCK,
  vtUnblock: UNBLOCK,
  vtReconcile: RECONCILE,
  vtReadOrLeased: READ_OR_LEASED,
  vtReadReport: READ_REPORT,
  vtWriteReport: WRITE_REPORT,
  vtReleaseLease: RELEASE_LEASE,
  vtRenewLease: RENEW_LEASE,
} as const;

export type ScriptName = keyof typeof SCRIPTS;
