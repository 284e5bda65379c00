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
-- Each correction may lose some ms. A caller that received the time before the last one knows it without that loss; what it says has
-- passed would make up for it, and the starts that were recorded since would be too old by as much.
--
-- raw: the clock of Redis. kept: `offset`, `last` and `corrections` of the state
-- args.leastMs, args.mostMs: the time by the caller's monotonic clock; nil: it has not received it yet
-- args.corrections: how many there were when it received it
-- Returns the time, and the number of corrections.
local function keepTime(key, args, raw, kept)
  local offset, last, corrections = tonumber(kept[1]) or 0, tonumber(kept[2]), tonumber(kept[3]) or 0
  local now, before, most = raw + offset, last and last + offset, args.mostMs
  local least = (not last or args.corrections == corrections) and args.leastMs or nil
  local corrected
  if last and raw < last then corrected = math.max(before, least or before) end
  if not last and least then corrected = math.max(now, least) end
  -- Set forward: the least that has passed for certain, or the starts of the last window would be too old.
  if most and (corrected or now) > most then corrected = math.max(before or least, least or before) end
  if corrected then
    now, corrections = corrected, corrections + 1
    redis.call('HSET', key, 'offset', ms(now - raw), 'corrections', corrections)
  end
  redis.call('HSET', key, 'last', ms(raw))
  redis.call('PEXPIRE', key, KEEP_MS)
  return now, corrections
end

-- The time alone, for what needs nothing else of the state.
local function readTime(key, args)
  local seconds = redis.call('TIME')
  return keepTime(key, args, seconds[1] * 1000 + seconds[2] / 1000, redis.call('HMGET', key, 'offset', 'last', 'corrections'))
end

-- The whole state, and the time. args as above, and args.wallMs: the caller's wall clock.
local function readState(key, args)
  local seconds = redis.call('TIME')
  local raw = seconds[1] * 1000 + seconds[2] / 1000
  local isFar = args.wallMs and math.abs(raw - args.wallMs) > MAX_CLOCK_DIFFERENCE_MS
  local day = dateOf(isFar and args.wallMs or raw)
  local month = string.sub(day, 1, 7)
  local kept = redis.call('HMGET', key, 'offset', 'last', 'corrections', 'id', 'hasStarts', 'quiet', 'quietFrom', 'of:' .. day,
    'of:' .. month, 'until', 'kind', 'status', 'text', 'pauses', 'ms', 'trier', 'tried')
  local now, corrections = keepTime(key, args, raw, kept)
  return {
    now = now, corrections = corrections,
    -- A text that no other microsecond has.
    stamp = string.format('%.0f', seconds[1] * 1000000 + seconds[2]),
    id = kept[4], hasStarts = kept[5],
    -- Why nothing starts, and since when; see heartbeat.
    quiet = kept[6], quietFrom = tonumber(kept[7]),
    day = day, dayUsed = tonumber(kept[8]) or 0, month = month, monthUsed = tonumber(kept[9]) or 0,
    -- Why VirusTotal refuses the key, and for how long, in ms; nil: it doesn't.
    block = kept[10] and {
      -- No longer than it was meant to be, although the offset of the clock may have been lost.
      remaining = math.min(kept[10] - now, kept[15] or 0),
      kind = kept[11], status = kept[12] or '', text = kept[13] or '', pauses = kept[14],
      -- The instance that probes after a block, and until when.
      trier = kept[16], tried = tonumber(kept[17]),
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
  own.now, own.corrections = ms(state.now), state.corrections
  own.counts = { day = state.day, dayUsed = state.dayUsed, month = state.month, monthUsed = state.monthUsed }
  own.block = block and block.kind and {
    kind = block.kind, status = block.status, text = block.text, pauses = block.pauses, remainingMs = ms(block.remaining),
  } or nil
  return cjson.encode(own)
end
