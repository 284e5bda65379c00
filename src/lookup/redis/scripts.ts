/**
 * What Redis does for us, each in one go: nobody comes between. Every time is Redis's own, in ms, so that instances whose clocks
 * differ agree. Replies are flat lists of texts.
 */

/** `now`, and the counts of today and this month (UTC). */
const CLOCK = `
local t = redis.call('TIME')
local now = t[1] * 1000 + t[2] / 1000

local function today()
  -- Days since 1970 to a date, after Howard Hinnant's civil_from_days.
  local z = math.floor(now / 86400000) + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local month = mp < 10 and mp + 3 or mp - 9
  return string.format('%04d-%02d-%02d', yoe + era * 400 + (month <= 2 and 1 or 0), month, doy - math.floor((153 * mp + 2) / 5) + 1)
end

local function counts(key)
  local kept = redis.call('HMGET', key, 'day', 'dayUsed', 'month', 'monthUsed')
  local day = today()
  local month = string.sub(day, 1, 7)
  return {
    day = day,
    dayUsed = kept[1] == day and tonumber(kept[2]) or 0,
    month = month,
    monthUsed = kept[3] == month and tonumber(kept[4]) or 0,
  }
end

local function keep(key, c)
  redis.call('HSET', key, 'day', c.day, 'dayUsed', c.dayUsed, 'month', c.month, 'monthUsed', c.monthUsed)
  redis.call('PEXPIRE', key, 2764800000)
end

local function hold(key)
  local kept = redis.call('HMGET', key, 'until', 'kind', 'status', 'text', 'pauses')
  if not kept[1] then return nil end
  return { remaining = kept[1] - now, kind = kept[2], status = kept[3], text = kept[4], pauses = kept[5] }
end

local function reply(what, wait, c, h, ...)
  return {
    what, string.format('%.3f', wait), string.format('%.3f', now),
    c.day, tostring(c.dayUsed), c.month, tostring(c.monthUsed),
    h and h.kind or '', h and h.status or '', h and h.text or '', h and h.pauses or '',
    h and string.format('%.3f', h.remaining) or '',
    ...
  }
end
`;

/**
 * An instance says that it is there, and what it did that Redis may not know of: its starts of the last window, as they are lost
 * when Redis restarts empty, and its counts.
 *
 * KEYS epoch starts count hold gap instances
 * ARGV me, ms until an instance counts as gone, epoch it knows, instances it saw, window ms, its counts (day, dayUsed,
 *   month, monthUsed), starts that are in no count yet, then pairs of age and ticket
 * Reply: head, then epoch, instances, own place among them, starts in the window.
 */
const MEET = `${CLOCK}
local epoch = redis.call('GET', KEYS[1])
if not epoch then
  epoch = string.format('%.0f', t[1] * 1000000 + t[2])
  -- Redis has lost its memory, and others may have starts in the window that they have not told of yet.
  if ARGV[3] ~= '' and tonumber(ARGV[4]) > 1 then redis.call('SET', KEYS[5], ARGV[4], 'PX', math.ceil(ARGV[5])) end
end
redis.call('SET', KEYS[1], epoch, 'PX', 2764800000)
redis.call('ZADD', KEYS[6], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[6], '-inf', now - ARGV[2])
redis.call('PEXPIRE', KEYS[6], ARGV[2] * 10)
local instances = redis.call('ZCARD', KEYS[6])
local gap = redis.call('GET', KEYS[5])
if gap and instances >= tonumber(gap) then redis.call('DEL', KEYS[5]) end

for i = 11, #ARGV, 2 do redis.call('ZADD', KEYS[2], 'NX', now - ARGV[i], ARGV[i + 1]) end
redis.call('PEXPIRE', KEYS[2], math.ceil(math.max(ARGV[5], 60000) * 2))

local c = counts(KEYS[3])
local before = c.dayUsed + c.monthUsed
if ARGV[6] == c.day then c.dayUsed = math.max(c.dayUsed, tonumber(ARGV[7])) end
if ARGV[8] == c.month then c.monthUsed = math.max(c.monthUsed, tonumber(ARGV[9])) end
c.dayUsed = c.dayUsed + ARGV[10]
c.monthUsed = c.monthUsed + ARGV[10]
if c.dayUsed + c.monthUsed ~= before then keep(KEYS[3], c) end

local ids = redis.call('ZRANGE', KEYS[6], 0, -1)
table.sort(ids)
local place = 0
for i, id in ipairs(ids) do if id == ARGV[1] then place = i - 1 end end
return reply('met', 0, c, hold(KEYS[4]), epoch, tostring(instances), tostring(place),
  tostring(redis.call('ZCOUNT', KEYS[2], now - ARGV[5], '+inf')))
`;

/**
 * May this request start? Asks and, if so, books it: one round trip for pace, counts, hold and claim.
 *
 * KEYS epoch starts count hold gap trial [claim report]
 * ARGV me, epoch it knows, ticket, starts per window (0: no pace), window ms, ms to keep starts, daily and monthly allowance
 *   (0: not counted), [token, lease ms, "1": although there is a report]
 * Reply: head; what is
 *   go        it may, and is booked
 *   wait      it may not before that many ms
 *   held      VirusTotal has held the key up
 *   spent     day or month is used up
 *   elsewhere another instance has the report, or asks for it
 *   stale     Redis has lost its memory: meet first
 */
const START = `${CLOCK}
local c = counts(KEYS[3])
if redis.call('GET', KEYS[1]) ~= ARGV[2] then return reply('stale', 0, c) end
if KEYS[7] then
  local owner = redis.pcall('GET', KEYS[7])
  if type(owner) == 'string' and owner ~= ARGV[9] then return reply('elsewhere', 0, c) end
  if ARGV[11] ~= '1' and redis.call('EXISTS', KEYS[8]) == 1 then return reply('elsewhere', 0, c) end
end

local h = hold(KEYS[4])
if h and h.remaining > 0 then return reply('held', h.remaining, c, h) end
if h then
  -- After a hold one request of one instance goes first, until VirusTotal has taken it.
  local trying = redis.call('GET', KEYS[6])
  if trying and trying ~= ARGV[1] then
    return reply('wait', math.min(500, math.max(1, redis.call('PTTL', KEYS[6]))), c)
  end
end

local daily, monthly = tonumber(ARGV[7]), tonumber(ARGV[8])
if (daily > 0 and c.dayUsed >= daily) or (monthly > 0 and c.monthUsed >= monthly) then return reply('spent', 0, c, h) end

local count, window, kept = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
if count > 0 then
  local gap = redis.call('PTTL', KEYS[5])
  if gap > 0 then return reply('wait', math.min(gap, window / 20), c) end
  local before = redis.call('ZREVRANGE', KEYS[2], count - 1, count - 1, 'WITHSCORES')
  if before[2] and before[2] + window > now then return reply('wait', before[2] + window - now, c) end
end

redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - kept)
redis.call('ZADD', KEYS[2], now, ARGV[3])
redis.call('PEXPIRE', KEYS[2], math.ceil(kept * 2))
c.dayUsed = c.dayUsed + 1
c.monthUsed = c.monthUsed + 1
keep(KEYS[3], c)
if h then redis.call('SET', KEYS[6], ARGV[1], 'PX', 10000) end
if KEYS[7] then redis.call('SET', KEYS[7], ARGV[9], 'PX', ARGV[10]) end
return reply('go', 0, c, h)
`;

/**
 * A request that was booked did not go.
 * KEYS starts count [claim]; ARGV ticket, [token]
 */
const GIVE_BACK = `${CLOCK}
if redis.call('ZREM', KEYS[1], ARGV[1]) == 1 then
  local c = counts(KEYS[2])
  c.dayUsed = math.max(0, c.dayUsed - 1)
  c.monthUsed = math.max(0, c.monthUsed - 1)
  keep(KEYS[2], c)
end
if KEYS[3] and redis.pcall('GET', KEYS[3]) == ARGV[2] then redis.call('DEL', KEYS[3]) end
return 'OK'
`;

/**
 * A booked request counts from now on, but from no later than so many ms after it was booked.
 * KEYS starts; ARGV ticket, most ms or "inf"
 */
const COUNT_FROM_NOW = `${CLOCK}
local booked = redis.call('ZSCORE', KEYS[1], ARGV[1])
if booked then redis.call('ZADD', KEYS[1], 'XX', math.min(now, booked + tonumber(ARGV[2])), ARGV[1]) end
return 'OK'
`;

/**
 * VirusTotal has held the key up. Requests that were under way together are one refusal.
 * KEYS hold trial; ARGV kind status text ms pauses
 */
const HOLD = `${CLOCK}
local h = hold(KEYS[1])
if h and h.remaining > 0 and ARGV[1] == 'pause' then return 'OK' end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[1], 'until', string.format('%.3f', now + ARGV[4]), 'kind', ARGV[1], 'status', ARGV[2],
  'text', ARGV[3], 'pauses', ARGV[5])
redis.call('PEXPIRE', KEYS[1], math.ceil(ARGV[4] + 600000))
return 'OK'
`;

/**
 * VirusTotal's own count. Raises ours to it, and lowers ours to it and what was started since it was asked for.
 * KEYS count; ARGV daily used or "", monthly used or "", starts that VirusTotal may have missed, day and month count when it was asked
 */
const CORRECT = `${CLOCK}
local c = counts(KEYS[1])
local function corrected(ours, theirs, asked)
  if theirs == '' then return ours end
  local since = math.max(0, ours - asked)
  return math.min(math.max(ours, tonumber(theirs)), theirs + ARGV[3] + since)
end
c.dayUsed = corrected(c.dayUsed, ARGV[1], ARGV[4])
c.monthUsed = corrected(c.monthUsed, ARGV[2], ARGV[5])
keep(KEYS[1], c)
return reply('met', 0, c)
`;

/**
 * A report that another instance may have or be asking for.
 * KEYS claim report; reply: "busy", "none", or "have", the report and ms it will be kept
 */
const PEEK = `
if type(redis.pcall('GET', KEYS[1])) == 'string' then return { 'busy' } end
local report = redis.pcall('GET', KEYS[2])
if type(report) ~= 'string' then return { 'none' } end
return { 'have', report, tostring(redis.call('PTTL', KEYS[2])) }
`;

/**
 * A report is there for all, and whoever waits for it hears of it.
 * KEYS claim report [aliases]; ARGV token, report, ms to keep, alias, channel, word
 */
const SHARE = `
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
for i = 3, #KEYS do redis.call('SET', KEYS[i], ARGV[4], 'PX', ARGV[3]) end
if redis.pcall('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
redis.call('PUBLISH', ARGV[5], ARGV[6])
return 'OK'
`;

/** KEYS instances; ARGV me */
const LEAVE = `
redis.call('ZREM', KEYS[1], ARGV[1])
return 'OK'
`;

/** A hold of one of these kinds is over. KEYS hold trial; ARGV kinds */
const LIFT = `
local kind = redis.call('HGET', KEYS[1], 'kind')
for _, lifted in ipairs(ARGV) do
  if lifted == kind then redis.call('DEL', KEYS[1], KEYS[2]) end
end
return 'OK'
`;

/** KEYS report; reply as of PEEK, but never busy */
const GET = `
local report = redis.pcall('GET', KEYS[1])
if type(report) ~= 'string' then return { 'none' } end
return { 'have', report, tostring(redis.call('PTTL', KEYS[1])) }
`;

/** Nothing came of a claim: others may try. KEYS claim; ARGV token, channel, word */
const RELEASE = `
if redis.pcall('GET', KEYS[1]) == ARGV[1] then
  redis.call('DEL', KEYS[1])
  redis.call('PUBLISH', ARGV[2], ARGV[3])
end
return 'OK'
`;

/** The request still runs. KEYS claim; ARGV token, lease ms */
const RENEW = `
if redis.pcall('GET', KEYS[1]) == ARGV[1] then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 'OK'
`;

/** Under the names that ioredis gets; it adds its own commands' names to the same object. */
export const SCRIPTS = {
  vtMeet: MEET,
  vtLeave: LEAVE,
  vtStart: START,
  vtGiveBack: GIVE_BACK,
  vtCountFromNow: COUNT_FROM_NOW,
  vtHold: HOLD,
  vtLift: LIFT,
  vtCorrect: CORRECT,
  vtPeek: PEEK,
  vtGet: GET,
  vtShare: SHARE,
  vtRelease: RELEASE,
  vtRenew: RENEW,
} as const;

export type ScriptName = keyof typeof SCRIPTS;
