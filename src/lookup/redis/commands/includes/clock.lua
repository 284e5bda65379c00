-- The time that all instances of a key have in common, in ms since 1970.
--
-- The clock of Redis may be set while it runs, and every time to live with it. So `now` is its clock plus an offset that is kept, so
-- that it goes on evenly: it never goes back, nor further than the caller's monotonic clock says that it may have gone since it last
-- heard of it. When that is not clear it goes slower, as a start that seems younger than it is does no harm. Nothing that matters is
-- left to a time to live.

-- What a key's state is kept for after its last use: longer than a clock is ever set wrong by, as a rule.
local KEEP_MS = 2764800000
-- A host and Redis whose clocks differ by more, in ms, do not agree on the date.
local MAX_CLOCK_DIFFERENCE_MS = 3600000

-- args.leastMs, args.mostMs: `now` by the caller's monotonic clock; nil: it has not heard of it yet. args.wallMs: its wall clock.
-- Returns: now; stamp, a text that no other microsecond has; dated, what a date is made of; unblockedAt, when a block of each kind
-- was last over.
local function readClock(key, args)
  local seconds = redis.call('TIME')
  local raw = seconds[1] * 1000 + seconds[2] / 1000
  local kept = redis.call('HMGET', key, 'offset', 'last',
    'unblocked:rate-limited', 'unblocked:quota-exhausted', 'unblocked:unauthorized')
  local offset, last = tonumber(kept[1]) or 0, tonumber(kept[2])
  local now, before, least, most = raw + offset, last and last + offset, args.leastMs, args.mostMs
  if last and raw < last then now = math.max(before, least or before) end
  if not last and least then now = math.max(now, least) end
  -- Set forward: the least that has passed for certain, or the starts of the last window would be too old.
  if most and now > most then now = math.max(before or -math.huge, least) end
  redis.call('HSET', key, 'offset', string.format('%.3f', now - raw), 'last', string.format('%.3f', raw))
  redis.call('PEXPIRE', key, KEEP_MS)
  local isFar = args.wallMs and math.abs(raw - args.wallMs) > MAX_CLOCK_DIFFERENCE_MS
  return {
    now = now,
    stamp = string.format('%.0f', seconds[1] * 1000000 + seconds[2]),
    dated = isFar and args.wallMs or raw,
    unblockedAt = {
      ['rate-limited'] = kept[3] or '0', ['quota-exhausted'] = kept[4] or '0', ['unauthorized'] = kept[5] or '0',
    },
  }
end

-- A time or a span as a text to the microsecond: cjson writes 14 digits of a number only.
local function ms(value)
  return string.format('%.3f', value)
end
