--- @include "clock"

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

-- The counts of today and this month, the epoch in which they were reported, and when the newest start was.
local function readCounts(key, clock)
  local day = dateOf(clock.dated)
  local month = string.sub(day, 1, 7)
  local kept = redis.call('HMGET', key, 'of:' .. day, 'of:' .. month, 'epoch', 'newest')
  return {
    day = day, dayUsed = tonumber(kept[1]) or 0, month = month, monthUsed = tonumber(kept[2]) or 0,
    epoch = kept[3], newest = tonumber(kept[4]),
  }
end

local function writeCounts(key, counts)
  redis.call('HSET', key, 'day', counts.day, 'dayUsed', counts.dayUsed, 'month', counts.month, 'monthUsed', counts.monthUsed,
    'of:' .. counts.day, counts.dayUsed, 'of:' .. counts.month, counts.monthUsed)
  -- A clock that is set forward over midnight and back again finds the count of the day before.
  if redis.call('HLEN', key) > 30 then
    for _, field in ipairs(redis.call('HKEYS', key)) do
      local of = string.match(field, '^of:(.+)$')
      if of and of ~= counts.day and of ~= counts.month then redis.call('HDEL', key, field) end
    end
  end
  redis.call('PEXPIRE', key, KEEP_MS)
end
