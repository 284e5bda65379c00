--- @include "clock"

-- Why VirusTotal refuses the key, and for how long, in ms; nil: it doesn't.
local function readBlock(key, clock)
  local kept = redis.call('HMGET', key, 'until', 'kind', 'status', 'text', 'pauses', 'ms', 'at', 'trier', 'tried')
  if not kept[1] then return nil end
  return {
    -- No longer than it was meant to be, although the offset of the clock may have been lost.
    remaining = math.min(kept[1] - clock.now, kept[6] or 0),
    kind = kept[2], status = kept[3], text = kept[4], pauses = kept[5], at = kept[7],
    -- The instance that probes after a block, and until when.
    trier = kept[8], tried = tonumber(kept[9]),
  }
end
