-- What Redis knows of a key, but for its sorted sets, is one hash: it is there as a whole, or lost as a whole and then created again
-- with another id.

-- What a key's state is kept for after its last use: longer than a clock is ever set wrong by, as a rule.
local KEEP_MS = 2764800000
-- A host and Redis whose clocks differ by more, in ms, do not agree on the date.
local MAX_CLOCK_DIFFERENCE_MS = 3600000
-- Within this long each instance that lost Redis is back: it tries to connect every 1.2 s at least.
local RECONNECT_MS = 1500

-- A time or a span as a text to the microsecond: cjson writes 14 digits of a number only.
local function ms(value)
  return string.format('%.3f', value)
end

-- The date in UTC as 2026-01-31: days since 1970 to a date, after Howard Hinnant's civil_from_days.
local function dateOf(time)
  local z = math.floor(time / 86400000) + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local month = mp < 10 and mp + 3 or mp - 9
  return string.format('%04d-%02d-%02d', yoe + era * 400 + (month <= 2 and 1 or 0), month, doy - math.floor((153 * mp + 2) / 5) + 1)
end

-- The time that all instances of a key have in common, in ms since 1970.
--
-- The clock of Redis may be set while it runs, and every time to live with it. So it is that clock plus an offset that is kept, so
-- that it goes on evenly: it never goes back, nor further than the caller's monotonic clock allows since the caller last received it.
-- When that is not clear it goes slower, as a start that seems younger than it is does no harm. Nothing that matters is left to a
-- time to live.
--
-- raw: the clock of Redis. kept: `offset` and `last` of the state
-- args.leastMs, args.mostMs: the time by the caller's monotonic clock; nil: it has not received it yet
local function keepTime(key, args, raw, kept)
  local offset, last = tonumber(kept[1]) or 0, tonumber(kept[2])
  local now, before, least, most = raw + offset, last and last + offset, args.leastMs, args.mostMs
  if last and raw < last then now = math.max(before, least or before) end
  if not last and least then now = math.max(now, least) end
  -- Set forward: the least that has passed for certain, or the starts of the last window would be too old.
  if most and now > most then now = math.max(before or -math.huge, least) end
  redis.call('HSET', key, 'offset', ms(now - raw), 'last', ms(raw))
  redis.call('PEXPIRE', key, KEEP_MS)
  return now
end

-- The time alone, for what needs nothing else of the state.
local function readTime(key, args)
  local seconds = redis.call('TIME')
  return keepTime(key, args, seconds[1] * 1000 + seconds[2] / 1000, redis.call('HMGET', key, 'offset', 'last'))
end

-- The whole state, and the time. args as above, and args.wallMs: the caller's wall clock.
local function readState(key, args)
  local seconds = redis.call('TIME')
  local raw = seconds[1] * 1000 + seconds[2] / 1000
  local isFar = args.wallMs and math.abs(raw - args.wallMs) > MAX_CLOCK_DIFFERENCE_MS
  local day = dateOf(isFar and args.wallMs or raw)
  local month = string.sub(day, 1, 7)
  local kept = redis.call('HMGET', key, 'offset', 'last', 'id', 'hasStarts', 'quiet', 'quietFrom', 'of:' .. day, 'of:' .. month,
    'until', 'kind', 'status', 'text', 'pauses', 'ms', 'trier', 'tried')
  local now = keepTime(key, args, raw, kept)
  return {
    now = now,
    -- A text that no other microsecond has.
    stamp = string.format('%.0f', seconds[1] * 1000000 + seconds[2]),
    id = kept[3], hasStarts = kept[4],
    -- Why nothing starts, and since when; see heartbeat.
    quiet = kept[5], quietFrom = tonumber(kept[6]),
    day = day, dayUsed = tonumber(kept[7]) or 0, month = month, monthUsed = tonumber(kept[8]) or 0,
    -- Why VirusTotal refuses the key, and for how long, in ms; nil: it doesn't.
    block = kept[9] and {
      -- No longer than it was meant to be, although the offset of the clock may have been lost.
      remaining = math.min(kept[9] - now, kept[14] or 0),
      kind = kept[10], status = kept[11] or '', text = kept[12] or '', pauses = kept[13],
      -- The instance that probes after a block, and until when.
      trier = kept[15], tried = tonumber(kept[16]),
    } or nil,
  }
end

-- Also when something deleted the starts alone: all of it is taken for lost then.
local function isLost(state, startsKey)
  return not state.id or (state.hasStarts and redis.call('EXISTS', startsKey) == 0)
end

-- For how long nothing starts, in ms: a window, since what others started in it may be unknown.
local function quietRemaining(state, longestMs, transitMs)
  return state.quietFrom and state.quietFrom + math.max(RECONNECT_MS, longestMs + transitMs) - state.now or 0
end

local function writeCounts(key, state)
  redis.call('HSET', key, 'of:' .. state.day, state.dayUsed, 'of:' .. state.month, state.monthUsed)
  -- A clock that is set forward over midnight and back again finds the count of the day before.
  if redis.call('HLEN', key) > 50 then
    for _, field in ipairs(redis.call('HKEYS', key)) do
      local of = string.match(field, '^of:(.+)$')
      if of and of ~= state.day and of ~= state.month then redis.call('HDEL', key, field) end
    end
  end
end

local function clearBlock(key)
  redis.call('HDEL', key, 'until', 'kind', 'status', 'text', 'pauses', 'ms', 'trier', 'tried', 'at')
end

-- What every command that decides something replies with, as JSON: the time, the counts and the block; and what is its own.
local function reply(state, own)
  local block = state.block
  own.now = ms(state.now)
  own.counts = { day = state.day, dayUsed = state.dayUsed, month = state.month, monthUsed = state.monthUsed }
  own.block = block and block.kind and {
    kind = block.kind, status = block.status, text = block.text, pauses = block.pauses, remainingMs = ms(block.remaining),
  } or nil
  return cjson.encode(own)
end
