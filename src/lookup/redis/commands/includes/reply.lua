--- @include "clock"

-- What every command that decides something replies with, as JSON: the time, the counts and the block; and what is its own.
local function reply(clock, counts, block, own)
  own.now = ms(clock.now)
  own.unblockedAt = clock.unblockedAt
  own.counts = { day = counts.day, dayUsed = counts.dayUsed, month = counts.month, monthUsed = counts.monthUsed }
  own.block = block and block.kind and {
    kind = block.kind, status = block.status or '', text = block.text or '', pauses = block.pauses,
    remainingMs = ms(block.remaining), at = block.at or nil,
  } or nil
  return cjson.encode(own)
end
